using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// A generated thunk of a doit: parse, resolve, lock, check again, assert, call, publish, release. Where it must wait it returns what
/// <see cref="RequestContext.FinishLater"/> says.
/// </summary>
public delegate RtnlResult DoItThunk(RequestContext context);

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

    /// <summary>Has a resolve method, which runs before its locks are taken.</summary>
    public bool Resolves { get; init; }

    /// <summary>Its resolve method names namespaces (<see cref="NetSet"/>): it may involve several.</summary>
    public bool NamesNets { get; init; }

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
    public void AddDoIt(HandlerInfo info, DoItThunk thunk) => AddEntry(info, thunk);

    /// <summary>Adds a dumpit.</summary>
    /// <exception cref="InvalidOperationException">Another handler has the same family and type; both are named.</exception>
    public void AddDumpIt(HandlerInfo info, DumpItThunk thunk) => AddEntry(info, thunk);

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
    // Every family has a row, most of them PF_UNSPEC's; a row of a family's own has PF_UNSPEC's entries where it has none.
    private readonly DoItEntry[][] _doIts = new DoItEntry[byte.MaxValue + 1][];
    private readonly DumpItEntry[][] _dumpIts = new DumpItEntry[byte.MaxValue + 1][];

    internal HandlerTable(IEnumerable<(HandlerInfo Info, Delegate Thunk)> entries, RtmType maxMessageType)
    {
        MaxMessageType = maxMessageType;
        int width = (int)maxMessageType - HandlerTableBuilder.FirstType + 1;
        // PF_UNSPEC first: the others begin with a copy of its row.
        (HandlerInfo Info, Delegate Thunk)[] sorted = [.. entries.OrderBy(entry => entry.Info.Type).ThenBy(entry => entry.Info.Family).ThenBy(entry => entry.Info.IsDump)];
        Array.Fill(_doIts, new DoItEntry[width]);
        Array.Fill(_dumpIts, new DumpItEntry[width]);
        foreach ((HandlerInfo info, Delegate thunk) in sorted.OrderBy(entry => entry.Info.Family))
        {
            int family = (int)info.Family;
            int index = (int)info.Type - HandlerTableBuilder.FirstType;
            if (info.IsDump)
                RowOf(_dumpIts, family)[index] = new DumpItEntry(info, (DumpItThunk)thunk);
            else
                RowOf(_doIts, family)[index] = new DoItEntry(info, (DoItThunk)thunk);
        }
        Handlers = [.. sorted.Select(entry => entry.Info)];
    }

    /// <summary>The largest message type in the table.</summary>
    public RtmType MaxMessageType { get; }

    /// <summary>Every entry, by type, family and operation.</summary>
    public IReadOnlyList<HandlerInfo> Handlers { get; }

    /// <summary>The order in which locks are taken, as lock classes declare it (<see cref="LockOrderAttribute"/>), and RTNL before a namespace's own.</summary>
    public IReadOnlyList<LockOrderEdge> LockOrder { get; internal init; } = [];

    /// <summary>The doits by family, then by type from RTM_BASE on.</summary>
    internal DoItEntry[][] DoIts => _doIts;

    /// <summary>The doit of a type up to <see cref="MaxMessageType"/>; without a thunk where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly DoItEntry FindDoIt(ProtocolFamily family, RtmType type) => ref FindDoIt(_doIts, family, type);

    /// <summary>The same for who has <see cref="DoIts"/> at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref readonly DoItEntry FindDoIt(DoItEntry[][] doIts, ProtocolFamily family, RtmType type) =>
        ref doIts[(byte)family][(int)type - HandlerTableBuilder.FirstType];

    /// <summary>The dumpit of a type up to <see cref="MaxMessageType"/>; without a thunk where there is none.</summary>
    internal ref readonly DumpItEntry FindDumpIt(ProtocolFamily family, RtmType type) =>
        ref _dumpIts[(byte)family][(int)type - HandlerTableBuilder.FirstType];

    /// <summary>The families with a dumpit of their own for a type, ascending, PF_PACKET left out as in <c>rtnl_dump_all</c>.</summary>
    /// <returns>None for a message of rtnetlink's own that PF_UNSPEC does not ask every family for.</returns>
    internal IEnumerable<DumpItEntry> FamilyDumps(RtmType type)
    {
        if (type <= RtmType.RTM_MAX && type is not (RtmType.RTM_GETADDR or RtmType.RTM_GETROUTE or RtmType.RTM_GETNETCONF))
            yield break;
        for (int family = 1; family < _dumpIts.Length; family++)
        {
            DumpItEntry entry = FindDumpIt((ProtocolFamily)family, type);
            if (entry.Thunk is not null && entry.Info.Family == (ProtocolFamily)family && family != (int)ProtocolFamily.AF_PACKET)
                yield return entry;
        }
    }

    private static T[] RowOf<T>(T[][] rows, int family)
    {
        if (family > 0 && ReferenceEquals(rows[family], rows[0]))
            rows[family] = [.. rows[0]];
        return rows[family];
    }
}

/// <summary>A doit as the dispatcher finds it.</summary>
internal readonly record struct DoItEntry(HandlerInfo Info, DoItThunk? Thunk)
{
    /// <summary>The info's own, which every request asks for.</summary>
    public readonly RtnlPrivilege Privilege = Info.Privilege;
}

/// <summary>A dumpit as the dispatcher finds it.</summary>
internal readonly record struct DumpItEntry(HandlerInfo Info, DumpItThunk? Thunk);
