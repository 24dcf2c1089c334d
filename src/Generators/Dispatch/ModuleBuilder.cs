namespace SmallRtnl.Generators;

/// <summary>Puts an assembly's handlers in order, drops duplicates, and gives every class, thunk and file a name of its own.</summary>
internal static class ModuleBuilder
{
    /// <summary>What generated members call their parameters and locals, and the module's own members: a handler class or thunk of that name gets another.</summary>
    private static readonly string[] s_reserved =
    [
        "table", "context", "request", "message", "module", "attempt", "isLast", "again", "plan", "resolved", "refusal", "result", "note", "state", "_",
        "Register", "AddAudits", "Contended", "Handlers", "Request", "Plan",
    ];

    /// <summary>What is appended to a thunk's name.</summary>
    private static readonly string[] s_suffixes = ["", "_Run", "_Apply", "_ApplyAgain", "_Explain"];

    public static string NameOf(string assembly) => Identifiers.TypeStem(assembly) + "HandlerModule";

    public static string ExtensionsOf(string assembly) => Identifiers.TypeStem(assembly) + "HandlersExtensions";

    public static ModuleModel Build(EquatableArray<HandlerModel> handlers, EquatableArray<SubsystemModel> subsystems, string assembly, string? chosen)
    {
        IEnumerable<IGrouping<string, HandlerModel>> byClass = InOrder(handlers)
            .GroupBy(handler => (handler.Family, handler.Type, handler.IsDump))
            .Select(same => same.First())
            .GroupBy(handler => handler.Class.Full, StringComparer.Ordinal);

        string module = NameOf(assembly);
        var names = new HashSet<string>(s_reserved, StringComparer.Ordinal) { module };
        HashSet<string> hints = FileNames.None();
        var classes = new List<HandlerClassModel>();
        foreach (IGrouping<string, HandlerModel> group in byClass)
        {
            HandlerModel first = group.First();
            classes.Add(new HandlerClassModel(
                module,
                first.Class,
                Identifiers.Escape(Identifiers.Unique(Identifiers.Bare(Identifiers.Camel(first.ClassName)), names)),
                group.Any(handler => !handler.IsStatic || handler.Resolve is { IsStatic: false }),
                FileNames.Unique(first.ClassPath, hints) + ".Thunks.g.cs",
                new EquatableArray<HandlerModel>(group.Select(handler =>
                    handler with { Thunk = ThunkOf($"{handler.ClassName}_{handler.MethodName}", names) }))));
        }
        return new ModuleModel(
            assembly,
            chosen ?? Identifiers.AssemblyStem(assembly),
            new EquatableArray<HandlerClassModel>(classes),
            new EquatableArray<SubsystemModel>(subsystems.OrderBy(subsystem => subsystem.Order).ThenBy(subsystem => subsystem.Type, StringComparer.Ordinal)));
    }

    /// <summary>A name that is free with every suffix.</summary>
    private static string ThunkOf(string name, HashSet<string> taken)
    {
        string thunk = name;
        for (int i = 2; s_suffixes.Any(suffix => taken.Contains(thunk + suffix)); i++)
            thunk = name + i;
        taken.UnionWith(s_suffixes.Select(suffix => thunk + suffix));
        return thunk;
    }

    private static IOrderedEnumerable<HandlerModel> InOrder(IEnumerable<HandlerModel> handlers) => handlers
        .OrderBy(handler => handler.ClassPath, StringComparer.Ordinal)
        .ThenBy(handler => handler.Type)
        .ThenBy(handler => handler.Family)
        .ThenBy(handler => handler.IsDump)
        .ThenBy(handler => handler.Method, StringComparer.Ordinal)
        .ThenBy(handler => handler.Message.Full, StringComparer.Ordinal)
        .ThenBy(handler => handler.Attribute, StringComparer.Ordinal);
}
