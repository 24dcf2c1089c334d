namespace SmallRtnl.Generators;

/// <summary>Puts an assembly's handlers in order, drops duplicates, and gives every class, thunk and file a name of its own.</summary>
internal static class ModuleBuilder
{
    public static string NameOf(string stem) => Identifier(stem) + "HandlerModule";

    public static string ExtensionsOf(string stem) => Identifier(stem) + "HandlersExtensions";

    public static ModuleModel Build(EquatableArray<HandlerModel> handlers, EquatableArray<SubsystemModel> subsystems, string assembly)
    {
        string stem = Identifiers.AssemblyStem(assembly);
        IEnumerable<IGrouping<string, HandlerModel>> byClass = InOrder(handlers)
            .GroupBy(handler => (handler.Family, handler.Type, handler.IsDump))
            .Select(same => same.First())
            .GroupBy(handler => handler.Class.Full, StringComparer.Ordinal);

        var fields = new HashSet<string>(StringComparer.Ordinal) { "table", "context", "message", "attempt", "again", "plan", "result", "note", "state" };
        var hints = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var thunks = new HashSet<string>(StringComparer.Ordinal);
        var classes = new List<HandlerClassModel>();
        foreach (IGrouping<string, HandlerModel> group in byClass)
        {
            HandlerModel first = group.First();
            classes.Add(new HandlerClassModel(
                NameOf(stem),
                first.Class,
                Identifiers.Unique(Identifiers.Camel(first.ClassName), fields),
                group.Any(handler => !handler.IsStatic || handler.Resolve is { IsStatic: false }),
                Identifiers.Unique(first.ClassPath, hints) + ".Thunks.g.cs",
                new EquatableArray<HandlerModel>(group.Select(handler =>
                    handler with { Thunk = Identifiers.Unique($"{handler.ClassName}_{handler.Method}", thunks) }))));
        }
        return new ModuleModel(
            assembly,
            stem,
            new EquatableArray<HandlerClassModel>(classes),
            new EquatableArray<SubsystemModel>(subsystems.OrderBy(subsystem => subsystem.Order).ThenBy(subsystem => subsystem.Type, StringComparer.Ordinal)));
    }

    private static IOrderedEnumerable<HandlerModel> InOrder(IEnumerable<HandlerModel> handlers) => handlers
        .OrderBy(handler => handler.ClassPath, StringComparer.Ordinal)
        .ThenBy(handler => handler.Type)
        .ThenBy(handler => handler.Family)
        .ThenBy(handler => handler.IsDump)
        .ThenBy(handler => handler.Method, StringComparer.Ordinal)
        .ThenBy(handler => handler.Message.Full, StringComparer.Ordinal)
        .ThenBy(handler => handler.Attribute, StringComparer.Ordinal);

    private static string Identifier(string stem) => stem.Length > 0 && char.IsDigit(stem[0]) ? "_" + stem : stem;
}
