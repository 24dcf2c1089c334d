namespace SmallRtnl.Generators;

/// <summary>What the audit says of one handler, as text.</summary>
internal sealed record HandlerAuditModel(string Family, string Type, bool IsDump, string Verdict, string Weakest, string? BlockedBy, int Escapes, EquatableArray<string> Unknown);

/// <summary>What the audit says of an assembly's handlers, in the order of its dispatch table.</summary>
internal sealed record AuditModel(string Module, EquatableArray<HandlerAuditModel> Handlers);
