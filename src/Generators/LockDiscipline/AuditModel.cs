namespace SmallRtnl.Generators;

/// <summary>What the audit says of one handler, as text.</summary>
internal sealed record HandlerAuditModel(string Family, string Type, bool IsDump, string Verdict, string Weakest, string? BlockedBy, int Escapes, EquatableArray<string> Unknown)
{
    /// <summary>The thunk's name, unique in the module.</summary>
    public string Name { get; init; } = "";

    public string Attribute { get; init; } = "";

    public string Place { get; init; } = "";

    public string Message { get; init; } = "";

    public string Thunk { get; init; } = "";

    public string? Resolve { get; init; }

    public bool NamesNets { get; init; }

    public EquatableArray<TouchModel> Touches { get; init; }
}

/// <summary>Something that a lock covers, and that a handler reaches.</summary>
internal sealed record TouchModel(string Kind, string Member, string Lock, string Path);

/// <summary>What the audit says of an assembly's handlers, in the order of its dispatch table.</summary>
internal sealed record AuditModel(string Module, EquatableArray<HandlerAuditModel> Handlers)
{
    /// <summary>The lock order that the assembly's lock classes declare.</summary>
    public EquatableArray<OrderModel> Order { get; init; }
}

/// <summary>One lock is taken before another: words, and lock classes by their full names.</summary>
internal sealed record OrderModel(string Before, string After);
