using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Routes;

/// <summary>
/// One routing table of one family: routes by prefix, in the kernel's order. Immutable: an update copies O(log n) nodes, a snapshot none. A
/// lookup asks once for each prefix length in use, longest first.
/// </summary>
public sealed class Fib
{
    private static readonly Comparer<Prefix> s_inetOrder = Comparer<Prefix>.Create(Prefix.CompareInet);
    private static readonly Comparer<Prefix> s_inet6Order = Comparer<Prefix>.Create(Prefix.CompareInet6);

    private readonly ImmutableSortedDictionary<Prefix, ImmutableArray<Route>> _routes;

    // How many prefixes of each length there are, longest first.
    private readonly ImmutableArray<(byte Length, int Count)> _lengths;

    private Fib(ImmutableSortedDictionary<Prefix, ImmutableArray<Route>> routes, ImmutableArray<(byte Length, int Count)> lengths)
    {
        _routes = routes;
        _lengths = lengths;
    }

    /// <summary>Every route in the order of a dump.</summary>
    public IEnumerable<Route> All
    {
        get
        {
            foreach (KeyValuePair<Prefix, ImmutableArray<Route>> entry in _routes)
            {
                foreach (Route route in entry.Value)
                    yield return route;
            }
        }
    }

    /// <summary>A table without routes.</summary>
    public static Fib Empty(ProtocolFamily family) =>
        new(ImmutableSortedDictionary.Create<Prefix, ImmutableArray<Route>>(family == ProtocolFamily.AF_INET6 ? s_inet6Order : s_inetOrder), []);

    /// <summary>The routes of exactly this prefix, in order.</summary>
    public ImmutableArray<Route> Of(Prefix prefix) => _routes.TryGetValue(prefix, out ImmutableArray<Route> routes) ? routes : [];

    /// <summary>With the routes of a prefix replaced.</summary>
    public Fib With(Prefix prefix, ImmutableArray<Route> routes)
    {
        bool existed = _routes.ContainsKey(prefix);
        if (routes.IsEmpty)
            return existed ? new(_routes.Remove(prefix), Count(prefix.Length, -1)) : this;
        return new(_routes.SetItem(prefix, routes), existed ? _lengths : Count(prefix.Length, 1));
    }

    /// <summary>The longest prefix that contains an address and has a route that suits.</summary>
    public bool TryLookup(InetAddress address, Func<Route, bool> suits, [NotNullWhen(true)] out Route? route)
    {
        foreach ((byte length, _) in _lengths)
        {
            if (!_routes.TryGetValue(Prefix.Of(address, length), out ImmutableArray<Route> routes))
                continue;
            foreach (Route candidate in routes)
            {
                if (!suits(candidate))
                    continue;
                route = candidate;
                return true;
            }
        }
        route = null;
        return false;
    }

    private ImmutableArray<(byte Length, int Count)> Count(byte length, int change)
    {
        int at = 0;
        while (at < _lengths.Length && _lengths[at].Length > length)
            at++;
        if (at == _lengths.Length || _lengths[at].Length != length)
            return _lengths.Insert(at, (length, change));
        int count = _lengths[at].Count + change;
        return count == 0 ? _lengths.RemoveAt(at) : _lengths.SetItem(at, (length, count));
    }
}
