namespace SmallRtnl;

/// <summary>A generated thunk of a doit: parse, resolve, lock, check again, assert, call, publish, release.</summary>
public delegate ValueTask<RtnlResult> DoItThunk(RequestContext context);

/// <summary>A generated thunk of a dumpit: parses and starts the dump.</summary>
public delegate RtnlResult DumpItThunk(RequestContext context);

/// <summary>One entry of the dispatch table, as <c>rtnl handlers</c> lists it.</summary>
/// <param name="Family">The family it serves.</param>
/// <param name="Type">The message type.</param>
/// <param name="IsDump">A dumpit rather than a doit.</param>
/// <param name="Lock">The lock word.</param>
/// <param name="Method">Class and method, for people.</param>
/// <param name="Module">The assembly it came from.</param>
public sealed record HandlerInfo(ProtocolFamily Family, RtmType Type, bool IsDump, RtnlLock Lock, string Method, string Module)
{
    /// <summary>The word of a second run after <see cref="RtnlResult.NeedsLock"/>; null where there is none.</summary>
    public RtnlLock? Fallback { get; init; }

    /// <summary>Accepts NLM_F_BULK.</summary>
    public bool Bulk { get; init; }

    /// <summary>NLMSG_DONE travels in a datagram of its own.</summary>
    public bool SplitDone { get; init; }

    /// <summary>What the sender must be allowed to do.</summary>
    public RtnlPrivilege Privilege { get; init; }

    /// <summary>Involves several namespaces.</summary>
    public bool Resolves { get; init; }

    /// <summary>What the compiler found out about its lock; null where its assembly was built without the audit.</summary>
    public HandlerAudit? Audit { get; init; }

    /// <summary>What its requests cost; set by the dispatcher that serves it.</summary>
    internal HandlerStatistics? Statistics { get; set; }
}

/// <summary>An assembly's handlers; the generator implements it.</summary>
public interface IHandlerModule
{
    /// <summary>Adds the assembly's entries.</summary>
    void Register(HandlerTableBuilder table);
}

/// <summary>Collects the entries of all assemblies.</summary>
public sealed class HandlerTableBuilder(RtmType maxMessageType = RtmType.RTM_MAX)
{
    // RTM_BASE.
    internal const int FirstType = NetlinkControlType.NLMSG_MIN_TYPE;

    private readonly Dictionary<(ProtocolFamily, RtmType, bool), (HandlerInfo Info, Delegate Thunk)> _entries = [];
    private readonly HashSet<LockOrderEdge> _order = [new(nameof(RtnlLock.Rtnl), nameof(RtnlLock.PerNet))];

    /// <summary>Adds a doit.</summary>
    /// <exception cref="InvalidOperationException">Another handler has the same family and type; both are named.</exception>
    public void Add(HandlerInfo info, DoItThunk thunk) => AddEntry(info, thunk);

    /// <summary>Adds a dumpit.</summary>
    /// <exception cref="InvalidOperationException">Another handler has the same family and type; both are named.</exception>
    public void Add(HandlerInfo info, DumpItThunk thunk) => AddEntry(info, thunk);

    /// <summary>Adds what the compiler found out about a handler that has been added.</summary>
    public void AddAudit(ProtocolFamily family, RtmType type, bool isDump, HandlerAudit audit)
    {
        if (_entries.TryGetValue((family, type, isDump), out (HandlerInfo Info, Delegate Thunk) entry))
            _entries[(family, type, isDump)] = (entry.Info with { Audit = audit }, entry.Thunk);
    }

    /// <summary>Adds an edge of the lock order that an assembly's lock classes declare.</summary>
    /// <param name="before">What is taken first: a word, or a lock class by its full name.</param>
    /// <param name="after">What is taken while the first is held.</param>
    public void AddLockOrder(string before, string after) => _order.Add(new LockOrderEdge(before, after));

    /// <summary>Makes the table.</summary>
    public HandlerTable Build() => new(_entries.Values, maxMessageType) { LockOrder = [.. _order.OrderBy(edge => edge.Before, StringComparer.Ordinal).ThenBy(edge => edge.After, StringComparer.Ordinal)] };

    private void AddEntry(HandlerInfo info, Delegate thunk)
    {
        if ((int)info.Type < FirstType || info.Type > maxMessageType)
        {
            throw new InvalidOperationException(
                $"{info.Method} handles message type {(ushort)info.Type}, outside the table's {FirstType} to {(ushort)maxMessageType}; raise {nameof(RtnetlinkOptions)}.{nameof(RtnetlinkOptions.MaxMessageType)}.");
        }
        if (!_entries.TryAdd((info.Family, info.Type, info.IsDump), (info, thunk)))
        {
            HandlerInfo other = _entries[(info.Family, info.Type, info.IsDump)].Info;
            throw new InvalidOperationException(
                $"Two handlers for the {(info.IsDump ? "dump" : "doit")} of {info.Type} in family {info.Family}: {other.Method} of {other.Module} and {info.Method} of {info.Module}.");
        }
    }
}

/// <summary>
/// The dispatch table, keyed by family, message type and operation. A family without a handler of its own falls back to PF_UNSPEC, for
/// each direction apart. Immutable.
/// </summary>
public sealed class HandlerTable
{
    private readonly Entry[]?[] _families = new Entry[]?[(int)ProtocolFamily.RTNL_FAMILY_MAX + 1];
    private readonly Entry[] _unspecified;

    internal HandlerTable(IEnumerable<(HandlerInfo Info, Delegate Thunk)> entries, RtmType maxMessageType)
    {
        MaxMessageType = maxMessageType;
        int width = (int)maxMessageType - HandlerTableBuilder.FirstType + 1;
        _families[0] = _unspecified = new Entry[width];
        var infos = new List<HandlerInfo>();
        foreach ((HandlerInfo info, Delegate thunk) in entries)
        {
            Entry[] family = _families[(int)info.Family] ??= new Entry[width];
            ref Entry entry = ref family[(int)info.Type - HandlerTableBuilder.FirstType];
            if (info.IsDump)
                entry = entry with { Dump = info, DumpThunk = (DumpItThunk)thunk };
            else
                entry = entry with { Do = info, DoThunk = (DoItThunk)thunk };
            infos.Add(info);
        }
        Handlers = [.. infos.OrderBy(info => info.Type).ThenBy(info => info.Family).ThenBy(info => info.IsDump)];
    }

    /// <summary>The largest message type in the table.</summary>
    public RtmType MaxMessageType { get; }

    /// <summary>Every entry, by type, family and operation.</summary>
    public IReadOnlyList<HandlerInfo> Handlers { get; }

    /// <summary>The order in which locks are taken, as lock classes declare it (<see cref="LockOrderAttribute"/>), and RTNL before a namespace's own.</summary>
    public IReadOnlyList<LockOrderEdge> LockOrder { get; internal init; } = [];

    internal bool TryGetDoIt(ProtocolFamily family, RtmType type, out HandlerInfo info, out DoItThunk thunk)
    {
        Entry[] entries = (int)family < _families.Length ? _families[(int)family] ?? _unspecified : _unspecified;
        ref readonly Entry entry = ref entries[(int)type - HandlerTableBuilder.FirstType];
        if (entry.DoThunk is null)
            entry = ref _unspecified[(int)type - HandlerTableBuilder.FirstType];
        info = entry.Do!;
        thunk = entry.DoThunk!;
        return thunk is not null;
    }

    internal bool TryGetDumpIt(ProtocolFamily family, RtmType type, out HandlerInfo info, out DumpItThunk thunk)
    {
        Entry[] entries = (int)family < _families.Length ? _families[(int)family] ?? _unspecified : _unspecified;
        ref readonly Entry entry = ref entries[(int)type - HandlerTableBuilder.FirstType];
        if (entry.DumpThunk is null)
            entry = ref _unspecified[(int)type - HandlerTableBuilder.FirstType];
        info = entry.Dump!;
        thunk = entry.DumpThunk!;
        return thunk is not null;
    }

    /// <summary>The families with a dumpit of their own for a type, ascending, PF_PACKET left out as in <c>rtnl_dump_all</c>.</summary>
    internal IEnumerable<(HandlerInfo Info, DumpItThunk Thunk)> FamilyDumps(RtmType type)
    {
        for (int family = 1; family < _families.Length; family++)
        {
            if (family == (int)ProtocolFamily.AF_PACKET || _families[family] is not { } entries)
                continue;
            Entry entry = entries[(int)type - HandlerTableBuilder.FirstType];
            if (entry.DumpThunk is not null)
                yield return (entry.Dump!, entry.DumpThunk);
        }
    }

    private readonly record struct Entry(HandlerInfo? Do, DoItThunk? DoThunk, HandlerInfo? Dump, DumpItThunk? DumpThunk);
}
