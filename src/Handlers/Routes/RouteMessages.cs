using SmallRtnl.Links;

namespace SmallRtnl.Routes;

/// <summary>Routes as messages (<c>fib_dump_info</c>, <c>rt6_fill_node</c>).</summary>
internal static class RouteMessages
{
    /// <summary>The message that describes a route in its table.</summary>
    public static RouteMessage From(Route route, LinkTable links, long now) => From(route, LinkState(route, links), now);

    /// <summary>What a lookup that ends at such a route gives.</summary>
    public static Errno RejectError(Route route) => route.Type switch
    {
        RouteType.RTN_BLACKHOLE => Errno.EINVAL,
        RouteType.RTN_NAT or RouteType.RTN_XRESOLVE when route.Family == ProtocolFamily.AF_INET => Errno.EINVAL,
        RouteType.RTN_PROHIBIT => Errno.EACCES,
        RouteType.RTN_THROW => route.Family == ProtocolFamily.AF_INET6 ? Errno.EAGAIN : Errno.ENETUNREACH,
        RouteType.RTN_UNREACHABLE => Errno.EHOSTUNREACH,
        _ => route.IsDeadEnd ? Errno.ENETUNREACH : Errno.None,
    };

    private static RouteMessage From(Route route, RouteFlags linkState, long now)
    {
        bool isInet6 = route.Family == ProtocolFamily.AF_INET6;
        return new RouteMessage
        {
            Header = new RtMsg(
                route.Family,
                route.Destination.Length,
                0,
                route.Tos,
                route.Table < 256 ? (byte)route.Table : (byte)RouteTableId.Compat,
                route.Protocol,
                route.Scope,
                route.Type,
                (route.Flags & ~RouteFlags.RTNH_F_PERVASIVE) | linkState),
            Table = route.Table,
            Destination = route.Destination.Length == 0 ? null : route.Destination.Address,
            Priority = isInet6 || route.Priority != 0 ? route.Priority : null,
            Metrics = route.Metrics?.Attributes,
            PreferredSource = route.PreferredSource,
            Gateway = route.Gateway,
            OutputIndex = route.OutputIndex == 0 ? null : route.OutputIndex,
            Flow = route.Flow == 0 ? null : route.Flow,
            CacheInfo = isInet6 ? CacheInfo(route, now) : null,
            Preference = isInet6 ? route.Preference : null,
        };
    }

    /// <summary>IPv6's RTA_CACHEINFO: when it expires.</summary>
    private static RouteCacheInfo CacheInfo(Route route, long now) => new(
        0,
        0,
        route.ExpiresAt is { } end ? (int)Math.Clamp((end - now) / 10, 0, int.MaxValue) : 0,
        0,
        0,
        0,
        0,
        0);

    private static RouteFlags LinkState(Route route, LinkTable links)
    {
        if (route.OutputIndex == 0 || route.Type == RouteType.RTN_LOCAL || route.IsReject || !links.TryFind(route.OutputIndex, out Link? link) || link.HasCarrier)
            return RouteFlags.None;
        return link.IsUp ? RouteFlags.RTNH_F_LINKDOWN : RouteFlags.None;
    }
}
