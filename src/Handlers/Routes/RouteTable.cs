using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Routes;

/// <summary>The routing tables of a namespace, both families. Immutable; per-net state.</summary>
public sealed class RouteTable
{
    private readonly ImmutableSortedDictionary<TableKey, Fib> _inet;
    private readonly ImmutableSortedDictionary<TableKey, Fib> _inet6;

    private RouteTable(ImmutableSortedDictionary<TableKey, Fib> inet, ImmutableSortedDictionary<TableKey, Fib> inet6)
    {
        _inet = inet;
        _inet6 = inet6;
    }

    /// <summary>A fresh namespace: main is there, IPv6's local too; every other table comes with its first route and stays.</summary>
    public static RouteTable Initial { get; } = new(
        ImmutableSortedDictionary<TableKey, Fib>.Empty
            .Add(new TableKey(RouteTableId.Main), Fib.Empty(ProtocolFamily.AF_INET)),
        ImmutableSortedDictionary<TableKey, Fib>.Empty
            .Add(new TableKey(RouteTableId.Main), Fib.Empty(ProtocolFamily.AF_INET6))
            .Add(new TableKey(RouteTableId.Local), Fib.Empty(ProtocolFamily.AF_INET6)));

    /// <summary>The tables of a family in the order of a dump: by the low byte of the id, which is the kernel's hash.</summary>
    public IEnumerable<KeyValuePair<TableKey, Fib>> All(ProtocolFamily family) => Family(family);

    /// <summary>A table.</summary>
    public bool TryGet(ProtocolFamily family, uint id, [NotNullWhen(true)] out Fib? fib) => Family(family).TryGetValue(new TableKey(id), out fib);

    /// <summary>A table, or an empty one where it does not exist.</summary>
    public Fib Get(ProtocolFamily family, uint id) => TryGet(family, id, out Fib? fib) ? fib : Fib.Empty(family);

    /// <summary>With a table replaced or added.</summary>
    public RouteTable With(ProtocolFamily family, uint id, Fib fib) => family == ProtocolFamily.AF_INET6
        ? new(_inet, _inet6.SetItem(new TableKey(id), fib))
        : new(_inet.SetItem(new TableKey(id), fib), _inet6);

    private ImmutableSortedDictionary<TableKey, Fib> Family(ProtocolFamily family) => family == ProtocolFamily.AF_INET6 ? _inet6 : _inet;
}

/// <summary>A table's id, in the order of a dump.</summary>
/// <param name="Id">RT_TABLE_*, or any other number.</param>
public readonly record struct TableKey(uint Id) : IComparable<TableKey>
{
    /// <inheritdoc/>
    public int CompareTo(TableKey other)
    {
        int byHash = ((byte)Id).CompareTo((byte)other.Id);
        return byHash != 0 ? byHash : Id.CompareTo(other.Id);
    }

    public static bool operator <(TableKey left, TableKey right) => left.CompareTo(right) < 0;

    public static bool operator >(TableKey left, TableKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(TableKey left, TableKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TableKey left, TableKey right) => left.CompareTo(right) >= 0;
}
