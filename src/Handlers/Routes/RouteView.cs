using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SmallRtnl.Addresses;
using SmallRtnl.Links;

namespace SmallRtnl.Routes;

/// <summary>
/// One consistent view of a namespace's routes, addresses and links, for lookups and checks: a snapshot, or what a request has staged.
/// </summary>
internal readonly struct RouteView(RouteTable routes, AddressTable addresses, LinkTable links)
{
    /// <summary>The bits of the type of service that routes know (INET_DSCP_MASK); the others are ECN's.</summary>
    public const int DscpMask = 0xfc;

    /// <summary>The tables.</summary>
    public RouteTable Routes => routes;

    /// <summary>The addresses.</summary>
    public AddressTable Addresses => addresses;

    /// <summary>The links.</summary>
    public LinkTable Links => links;

    /// <summary>The loopback device's index; 0 where there is none.</summary>
    public int LoopbackIndex
    {
        get
        {
            foreach (Link link in links.All)
            {
                if (link.IsLoopback)
                    return link.Index;
            }
            return 0;
        }
    }

    /// <summary>The view that a request has of a namespace.</summary>
    public static RouteView Of(RtnlContext context, Net net) =>
        new(context.Read<RouteTable>(net), context.Read<AddressTable>(net), context.Read<LinkTable>(net));

    /// <summary>
    /// IPv4: the longest prefix in local and main together, then in default, as without rules of one's own (<c>fib_lookup</c>).
    /// </summary>
    /// <param name="address">Where to.</param>
    /// <param name="oif">Only through this interface; 0 for any.</param>
    /// <param name="scope">Routes at least this near: RT_SCOPE_*.</param>
    /// <param name="tos">The type of service: a route with one serves no other.</param>
    /// <param name="route">The route.</param>
    public Errno LookupInet(InetAddress address, int oif, byte scope, byte tos, out Route? route)
    {
        var condition = new InetCondition(oif, scope, (byte)(tos & DscpMask));
        AddressBits bits = AddressBits.Of(address);
        Fib local = routes.Get(ProtocolFamily.AF_INET, RouteTableId.Local), main = routes.Get(ProtocolFamily.AF_INET, RouteTableId.Main);
        bool hasLocal = local.TryLookup(bits, in condition, out Route? inLocal);
        bool hasMain = main.TryLookup(bits, in condition, out Route? inMain);
        route = hasLocal && (!hasMain || inLocal!.Length >= inMain!.Length) ? inLocal : inMain;
        if (route is null or { Type: RouteType.RTN_THROW } && !routes.Get(ProtocolFamily.AF_INET, RouteTableId.Default).TryLookup(bits, in condition, out route))
            return Errno.ENETUNREACH;
        return RouteMessages.RejectError(route!);
    }

    /// <summary>The same for the gateway of a route that is to go into a table: what that table knows comes first (<c>fib_check_nh_v4_gw</c>).</summary>
    public Errno LookupInetGateway(InetAddress gateway, uint table, int oif, byte scope, out Route? route)
    {
        if (table is not (RouteTableId.Main or RouteTableId.Local) && routes.TryGet(ProtocolFamily.AF_INET, table, out Fib? fib))
        {
            var condition = new InetCondition(oif, scope, 0);
            if (fib.TryLookup(AddressBits.Of(gateway), in condition, out route) && RouteMessages.RejectError(route) == Errno.None)
                return Errno.None;
        }
        return LookupInet(gateway, oif, scope, 0, out route);
    }

    /// <summary>IPv6: local first, then main, as without rules of one's own (<c>fib6_rule_lookup</c>).</summary>
    /// <param name="address">Where to.</param>
    /// <param name="index">The interface that it should leave by, or has come in by; 0 for any.</param>
    /// <param name="isStrict">Whether a route by another interface does not count at all; else it comes behind.</param>
    /// <param name="route">The route.</param>
    public Errno LookupInet6(InetAddress address, int index, bool isStrict, out Route? route)
    {
        var choice = new Inet6Choice(index, isStrict);
        AddressBits bits = AddressBits.Of(address);
        foreach (uint table in (ReadOnlySpan<uint>)[RouteTableId.Local, RouteTableId.Main])
        {
            if (!TryLookupInet6(routes.Get(ProtocolFamily.AF_INET6, table), bits, in choice, out route) || route.Type == RouteType.RTN_THROW)
                continue;
            return RouteMessages.RejectError(route);
        }
        route = null;
        return Errno.ENETUNREACH;
    }

    /// <summary>The same in one table (<c>fib6_table_lookup</c>).</summary>
    public bool TryLookupInet6(uint table, InetAddress address, int index, bool isStrict, [NotNullWhen(true)] out Route? route)
    {
        var choice = new Inet6Choice(index, isStrict);
        return TryLookupInet6(routes.Get(ProtocolFamily.AF_INET6, table), AddressBits.Of(address), in choice, out route);
    }

    /// <summary>RTN_* of an address, as local and main know it (<c>inet_addr_type</c>).</summary>
    public RouteType TypeOf(InetAddress address) => TypeOf(routes.Get(ProtocolFamily.AF_INET, RouteTableId.Local), address);

    /// <summary>RTN_* of an address, as the table local knows it.</summary>
    public static RouteType TypeOf(Fib local, InetAddress address)
    {
        if (address.IsAny || address.Value == uint.MaxValue)
            return RouteType.RTN_BROADCAST;
        if (address.IsMulticast)
            return RouteType.RTN_MULTICAST;
        var condition = default(PlainCondition);
        return local.TryLookup(AddressBits.Of(address), in condition, out Route? route) ? route.Type : RouteType.RTN_UNICAST;
    }

    /// <summary>
    /// An IPv4 source address: of the interface's primaries of a fitting scope the one whose network holds the destination, else the first, else
    /// one of another interface (<c>inet_select_addr</c>).
    /// </summary>
    public InetAddress? SelectInet(int index, InetAddress? destination, byte scope)
    {
        InetAddress? first = null;
        foreach (InterfaceAddress address in addresses.Of(ProtocolFamily.AF_INET, index))
        {
            if (address.IsSecondary || address.Scope > scope)
                continue;
            if (destination is null || address.Peer.InSameNetwork(destination.Value, address.PrefixLength))
                return address.Local;
            first ??= address.Local;
        }
        if (first is not null)
            return first;
        foreach (KeyValuePair<int, ImmutableArray<InterfaceAddress>> entry in addresses.All(ProtocolFamily.AF_INET))
        {
            foreach (InterfaceAddress address in entry.Value)
            {
                if (!address.IsSecondary && address.Scope != RouteScope.Link && address.Scope <= scope)
                    return address.Local;
            }
        }
        return null;
    }

    /// <summary>An IPv6 source address: of the outgoing interface first, of the destination's scope, then by the longest common prefix (RFC 6724).</summary>
    public InetAddress? SelectInet6(int index, InetAddress destination)
    {
        InterfaceAddress? best = null;
        // What is only on the link, or may be on each, has a source on that link or none.
        bool isOnLink = destination.IsMulticast || ScopeOf(destination) <= LinkScope;
        foreach (KeyValuePair<int, ImmutableArray<InterfaceAddress>> entry in addresses.All(ProtocolFamily.AF_INET6))
        {
            if (isOnLink && entry.Key != index)
                continue;
            foreach (InterfaceAddress address in entry.Value)
            {
                if (best is null || IsBetter(address, best, index, destination))
                    best = address;
            }
        }
        return best?.Local;
    }

    /// <summary>The interface that an IPv4 address of the namespace's own belongs to; 0 for an address of somebody else (<c>__ip_dev_find</c>).</summary>
    public int OwnerOf(InetAddress address)
    {
        if (addresses.Find(address, 0) is { } own)
            return own.Index;
        var condition = default(PlainCondition);
        return routes.Get(ProtocolFamily.AF_INET, RouteTableId.Local).TryLookup(address, in condition, out Route? route) && route.Type == RouteType.RTN_LOCAL
            ? route.OutputIndex
            : 0;
    }

    /// <summary>Whether an address is one of the namespace's own.</summary>
    public bool IsOwn(InetAddress address, int index = 0) => addresses.Find(address, index) is not null;

    /// <summary>The link, where there is one.</summary>
    public bool TryFindLink(int index, [NotNullWhen(true)] out Link? link) => links.TryFind(index, out link);

    /// <summary>RFC 4007's number of a link's scope.</summary>
    private const int LinkScope = 2;

    private static bool IsBetter(InterfaceAddress left, InterfaceAddress right, int index, InetAddress destination)
    {
        if (left.Local == destination || right.Local == destination)
            return left.Local == destination;
        int wanted = ScopeOf(destination);
        int leftScope = Distance(ScopeOf(left.Local), wanted), rightScope = Distance(ScopeOf(right.Local), wanted);
        if (leftScope != rightScope)
            return leftScope < rightScope;
        bool leftDeprecated = (left.Flags & AddressFlags.IFA_F_DEPRECATED) != 0, rightDeprecated = (right.Flags & AddressFlags.IFA_F_DEPRECATED) != 0;
        if (leftDeprecated != rightDeprecated)
            return rightDeprecated;
        if ((left.Index == index) != (right.Index == index))
            return left.Index == index;
        return CommonBits(left, destination) > CommonBits(right, destination);
    }

    /// <summary>Too small a scope is worse than too large a one.</summary>
    private static int Distance(int scope, int wanted) => scope >= wanted ? scope - wanted : 100 + wanted - scope;

    /// <summary>RFC 4007's numbers: 1 interface, 2 link, 5 site, 14 global.</summary>
    private static int ScopeOf(InetAddress address)
    {
        if (address.IsMulticast)
            return (int)(address.Value >> 112) & 0xf;
        return Inet6Addresses.ScopeOf(address) switch
        {
            RouteScope.Host => 1,
            RouteScope.Link => LinkScope,
            RouteScope.Site => 5,
            _ => 14,
        };
    }

    /// <summary>Never more than the address's own network (rule 8 of <c>ipv6_get_saddr_eval</c>).</summary>
    private static int CommonBits(InterfaceAddress address, InetAddress destination) =>
        Math.Min(address.PrefixLength, (int)UInt128.LeadingZeroCount(address.Local.Value ^ destination.Value));

    /// <summary>An IPv4 route that serves a type of service, is near enough and leaves by an interface.</summary>
    private readonly struct InetCondition(int oif, byte scope, byte tos) : IItemCondition<Route>
    {
        public bool Suits(Route item) =>
            (item.Tos == 0 || item.Tos == tos) && item.Scope >= scope && (oif == 0 || item.OutputIndex == oif || item.IsReject);
    }

    /// <summary>
    /// The longest prefix that has a route which counts. Of its routes the best among those of the smallest metric, where one of them counts; if
    /// none does, the best of all others (<c>find_rr_leaf</c>).
    /// </summary>
    private static bool TryLookupInet6(Fib fib, AddressBits address, in Inet6Choice choice, [NotNullWhen(true)] out Route? route)
    {
        if (!fib.TryLookup(address, in choice, out route))
            return false;
        PrefixRoutes routes = fib.Of(route.Key);
        if (routes.Count == 1)
            return true;
        bool isSmallest = route.Priority == routes[0].Priority;
        int best = choice.Score(route);
        foreach (Route other in routes)
        {
            if ((isSmallest && other.Priority != route.Priority) || choice.Score(other) <= best)
                continue;
            route = other;
            best = choice.Score(other);
        }
        return true;
    }

    /// <summary>How well an IPv6 route suits (<c>rt6_score_route</c>): by what it says of itself, then by its interface.</summary>
    private readonly struct Inet6Choice(int index, bool isStrict) : IItemCondition<Route>
    {
        public bool Suits(Route item) => Score(item) >= 0;

        /// <summary>The larger the better; below 0 for one that does not count.</summary>
        public int Score(Route route)
        {
            bool fits = index == 0 || route.OutputIndex == index;
            if (!fits && isStrict)
                return -1;
            // 1 is high, 0 medium, 3 low.
            return ((route.Preference ^ 2) << 2) | (fits ? 2 : 0);
        }
    }

    /// <summary>A route without a type of service.</summary>
    private readonly struct PlainCondition : IItemCondition<Route>
    {
        public bool Suits(Route item) => item.Tos == 0;
    }
}
