using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Routes;

/// <summary>The routing tables of a namespace, both families. Immutable; per-net state.</summary>
public sealed class RouteTable
{
    private readonly RouteTables _tables;

    internal RouteTable(in RouteTables tables) => _tables = tables;

    /// <summary>A fresh namespace: IPv6's main and local are there; every other table comes with its first route and stays.</summary>
    public static RouteTable Initial { get; } = MakeInitial();

    /// <summary>The tables, for a request to change.</summary>
    internal ref readonly RouteTables Tables => ref _tables;

    /// <summary>The tables of a family in the order of a dump: by the low byte of the id, which is the kernel's hash.</summary>
    public PersistentList<Fib> All(ProtocolFamily family) => _tables.All(family);

    /// <summary>A table.</summary>
    public bool TryGet(ProtocolFamily family, uint id, [NotNullWhen(true)] out Fib? fib)
    {
        fib = _tables.Find(family, id);
        return fib is not null;
    }

    /// <summary>A table, or an empty one where it does not exist.</summary>
    public Fib Get(ProtocolFamily family, uint id) => _tables.Get(family, id);

    /// <summary>With a table replaced or added.</summary>
    public RouteTable With(ProtocolFamily family, Fib fib)
    {
        RouteTables tables = _tables;
        tables.Put(family, fib);
        return new(in tables);
    }

    private static RouteTable MakeInitial()
    {
        var tables = default(RouteTables);
        tables.Put(ProtocolFamily.AF_INET6, Fib.Empty(ProtocolFamily.AF_INET6, RouteTableId.Main));
        tables.Put(ProtocolFamily.AF_INET6, Fib.Empty(ProtocolFamily.AF_INET6, RouteTableId.Local));
        return new(in tables);
    }
}
