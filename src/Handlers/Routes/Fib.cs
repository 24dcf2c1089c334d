using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace SmallRtnl.Routes;

/// <summary>
/// One routing table of one family: routes by prefix, in the kernel's order. Immutable: an update copies O(log n) nodes, a snapshot none. A
/// lookup in a small table looks at every route; in a large one it asks once for each prefix length in use, longest first.
/// </summary>
public sealed class Fib
{
    /// <summary>Up to here the routes are one array, and looking at all of them is faster than searching.</summary>
    private const int SmallTable = 32;

    private readonly PersistentList<Route> _routes;

    // A bit for each length from 1 on that is in use, or was when the table was large; 0 is always asked for.
    private readonly AddressBits _lengths;
    private readonly bool _isInet6;

    private Fib(uint id, bool isInet6, PersistentList<Route> routes, AddressBits lengths)
    {
        Id = id;
        _isInet6 = isInet6;
        _routes = routes;
        _lengths = lengths;
    }

    /// <summary>RT_TABLE_*, or any other number.</summary>
    public uint Id { get; }

    /// <summary>Every route in the order of a dump.</summary>
    public PersistentList<Route> All => _routes;

    /// <summary>A table without routes.</summary>
    public static Fib Empty(ProtocolFamily family, uint id) => new(id, family == ProtocolFamily.AF_INET6, default, default);

    /// <summary>The routes of exactly this prefix, in order.</summary>
    public PrefixRoutes Of(Prefix prefix) => Of(FibKey.Of(prefix));

    /// <summary>With a route added.</summary>
    /// <param name="at">Before which of its prefix's routes; their number: behind the last.</param>
    /// <param name="route">The route.</param>
    public Fib WithInserted(int at, Route route) => WithInserted(Of(route.Key), at, route);

    /// <summary>With another route in the place of one of the same prefix.</summary>
    /// <param name="at">Which of its prefix's routes.</param>
    /// <param name="route">The route.</param>
    public Fib WithReplaced(int at, Route route) => new(Id, _isInet6, _routes.WithReplaced(Of(route.Key).Start + at, route), _lengths);

    /// <summary>Without a route of a prefix.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="at">Which of its routes.</param>
    public Fib WithRemoved(Prefix prefix, int at) => WithRemoved(Of(prefix), at);

    /// <summary>The longest prefix that contains an address and has a route that suits.</summary>
    public bool TryLookup<TCondition>(InetAddress address, in TCondition condition, [NotNullWhen(true)] out Route? route)
        where TCondition : struct, IItemCondition<Route> => TryLookup(AddressBits.Of(address), in condition, out route);

    /// <summary>The longest prefix that contains an address and has a route that suits.</summary>
    internal bool TryLookup<TCondition>(AddressBits address, in TCondition condition, [NotNullWhen(true)] out Route? route)
        where TCondition : struct, IItemCondition<Route>
    {
        route = null;
        if (_routes.Count <= SmallTable)
        {
            int longest = -1;
            foreach (Route candidate in _routes)
            {
                if (candidate.Length <= longest || !candidate.Key.Contains(address, _isInet6) || !condition.Suits(candidate))
                    continue;
                route = candidate;
                longest = candidate.Length;
            }
            return route is not null;
        }
        AddressBits lengths = _lengths;
        while (true)
        {
            int length = lengths.High != 0 ? 128 - BitOperations.LeadingZeroCount(lengths.High) : 64 - BitOperations.LeadingZeroCount(lengths.Low);
            foreach (Route candidate in Of(FibKey.Cut(address, (byte)length, _isInet6)))
            {
                if (!condition.Suits(candidate))
                    continue;
                route = candidate;
                return true;
            }
            if (length == 0)
                return false;
            lengths = Without(lengths, length);
        }
    }

    /// <summary>The routes of exactly this prefix, in order.</summary>
    internal PrefixRoutes Of(FibKey key)
    {
        bool found = _isInet6
            ? _routes.TryFind<FibKey, Inet6RouteOrder>(in key, out int start)
            : _routes.TryFind<FibKey, InetRouteOrder>(in key, out start);
        int count = 0;
        if (found)
        {
            PersistentList<Route>.Enumerator routes = _routes.GetEnumerator(start);
            while (routes.MoveNext() && routes.Current.Key == key)
                count++;
        }
        return new PrefixRoutes(_routes, start, count);
    }

    /// <summary>Whether a prefix has longer ones on both sides of its next bit: there a binary tree parts.</summary>
    internal bool IsFork(FibKey key) =>
        key.Length < (_isInet6 ? 128 : 32) && HasWithin(key.Branch(isRight: false, _isInet6)) && HasWithin(key.Branch(isRight: true, _isInet6));

    /// <summary>With a route added among those of its prefix.</summary>
    internal Fib WithInserted(PrefixRoutes routes, int at, Route route) => new(
        Id,
        _isInet6,
        _routes.WithInserted(routes.Start + at, route),
        With(_lengths, route.Length));

    /// <summary>With another route in the place of one of the same prefix.</summary>
    internal Fib WithReplaced(PrefixRoutes routes, int at, Route route) =>
        new(Id, _isInet6, _routes.WithReplaced(routes.Start + at, route), _lengths);

    /// <summary>Without one of the routes of a prefix.</summary>
    internal Fib WithRemoved(PrefixRoutes routes, int at) => new(
        Id,
        _isInet6,
        _routes.WithRemoved(routes.Start + at),
        // What was the last of its length is forgotten with the table's last route: until then it costs lookups one search more.
        _routes.Count == 1 ? default : _lengths);

    /// <summary>Without the routes that satisfy a condition; the same table where none does.</summary>
    internal Fib Without<TCondition>(in TCondition condition)
        where TCondition : struct, IItemCondition<Route>
    {
        var wanted = new Except<TCondition>(condition);
        PersistentList<Route> rest = _routes.Where(in wanted);
        return rest.Count == _routes.Count ? this : new Fib(Id, _isInet6, rest, rest.IsEmpty ? default : _lengths);
    }

    /// <summary>Whether there is a route to a prefix, or to a part of it. IPv6 only: there what a prefix contains stands before it.</summary>
    private bool HasWithin(FibKey key) =>
        _routes.TryFind<FibKey, Inet6RouteOrder>(in key, out int at) || (at > 0 && _routes[at - 1].Length > key.Length && key.Contains(_routes[at - 1].Key.Bits, _isInet6));

    private static AddressBits With(AddressBits lengths, int length) => length switch
    {
        0 => lengths,
        <= 64 => new AddressBits(lengths.High, lengths.Low | (1UL << (length - 1))),
        _ => new AddressBits(lengths.High | (1UL << (length - 65)), lengths.Low),
    };

    private static AddressBits Without(AddressBits lengths, int length) => length <= 64
        ? new AddressBits(lengths.High, lengths.Low & ~(1UL << (length - 1)))
        : new AddressBits(lengths.High & ~(1UL << (length - 65)), lengths.Low);

    private readonly struct Except<TCondition>(TCondition condition) : IItemCondition<Route>
        where TCondition : struct, IItemCondition<Route>
    {
        public bool Suits(Route item) => !condition.Suits(item);
    }
}
