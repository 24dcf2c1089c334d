namespace SmallRtnl.Generators;

/// <summary>
/// The short names of one generated file. A user's type gets an alias, which stands inside the namespace and so wins over everything
/// that <c>using SmallRtnl;</c> brings; the second of two types with one short name, and one that is called like a type that generated
/// text uses, keep their long names.
/// </summary>
internal sealed class AliasScope
{
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "AsyncMethodBuilder", "PoolingAsyncValueTaskMethodBuilder", "GeneratedCode", "ValueTask", "RtnlResult", "RtnlContext", "RequestContext",
        "RtnlAssert", "RtnlLock", "RtmType", "ProtocolFamily", "RtnlPrivilege", "Errno", "DoItRequest", "DumpItRequest", "ResolveRequest",
        "EnumerableDump", "CursorDump", "HandlerInfo", "HandlerTableBuilder", "IHandlerModule",
    };

    private readonly SortedDictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly HashSet<string> _longNames = new(StringComparer.Ordinal);

    public AliasScope(string module, IEnumerable<TypeModel> types)
    {
        foreach (TypeModel type in types.OrderBy(type => type.Full, StringComparer.Ordinal))
        {
            if (type.Alias is not { } alias || s_reserved.Contains(alias) || alias == module)
                _longNames.Add(type.Full);
            else if (!_aliases.TryGetValue(alias, out string other))
                _aliases.Add(alias, type.Full);
            else if (other != type.Full)
                _longNames.Add(type.Full);
        }
    }

    /// <summary>The type's name in this file.</summary>
    public string this[TypeModel type] => _longNames.Contains(type.Full) ? type.Full : type.Alias!;

    public void WriteDirectives(SourceWriter writer)
    {
        foreach (KeyValuePair<string, string> alias in _aliases)
            writer.Line($"using {alias.Key} = {alias.Value};");
        if (_aliases.Count > 0)
            writer.Line();
    }
}
