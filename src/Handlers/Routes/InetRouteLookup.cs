using SmallRtnl.Links;
using static SmallRtnl.Routes.RouteFlags;

namespace SmallRtnl.Routes;

/// <summary>The way an IPv4 packet would take (<c>ip_route_output_key_hash_rcu</c>).</summary>
internal static class InetRouteLookup
{
    public static RtnlResult TryFind(RouteView view, in RouteMessage message, out InetRouteAnswer answer)
    {
        answer = default;
        InetAddress destination = message.Destination ?? InetAddress.Any(ProtocolFamily.AF_INET);
        InetAddress? asked = message.Source is { IsAny: false } source ? source : null;
        if (asked is { } from && view.TypeOf(from) != RouteType.RTN_LOCAL)
            return RtnlResult.Error(Errno.ENETUNREACH);
        int oif = message.OutputIndex ?? 0;
        if (oif != 0)
        {
            if (!view.TryFindLink(oif, out Link? link))
                return RtnlResult.Error(Errno.ENODEV);
            if (!link.IsUp)
                return RtnlResult.Error(Errno.ENETUNREACH);
            if (destination.IsMulticast || destination.Value == uint.MaxValue)
            {
                answer = Direct(view, destination, asked, oif, null, view.SelectInet(oif, null, RouteScope.Link));
                return RtnlResult.Ok;
            }
        }
        int loopback = view.LoopbackIndex;
        if (destination.IsAny)
        {
            InetAddress self = asked ?? InetAddress.FromIPv4(0x7f00_0001);
            answer = new InetRouteAnswer(destination, asked, self, loopback, null, RouteType.RTN_LOCAL, RTCF_LOCAL, null);
            return RtnlResult.Ok;
        }
        Errno errno = view.LookupInet(destination, oif, RouteScope.Universe, message.Header.Tos, out Route? route);
        if (errno != Errno.None)
        {
            if (oif == 0)
                return RtnlResult.Error(errno);
            if (asked is { IsLoopback: true } && oif != loopback)
                return RtnlResult.Error(Errno.EINVAL);
            // Apparently the tables are wrong: the destination is taken to be on the link.
            answer = Direct(view, destination, asked, oif, null, view.SelectInet(oif, null, RouteScope.Link));
            return RtnlResult.Ok;
        }
        if (route!.Type == RouteType.RTN_LOCAL)
        {
            answer = new InetRouteAnswer(destination, asked, asked ?? route.PreferredSource ?? destination, loopback, null, RouteType.RTN_LOCAL, RTCF_LOCAL, route);
            return RtnlResult.Ok;
        }
        InetAddress? chosen = asked ?? route.PreferredSource ?? view.SelectInet(route.OutputIndex, route.Gateway ?? (route.Scope >= RouteScope.Link ? destination : null), route.Scope);
        // A packet from 127.0.0.0/8 never leaves (__mkroute_output).
        if (chosen is { IsLoopback: true } && view.TryFindLink(route.OutputIndex, out Link? way) && !way.IsLoopback)
            return RtnlResult.Error(Errno.EINVAL);
        answer = Direct(view, destination, asked, route.OutputIndex, route, chosen);
        return RtnlResult.Ok;
    }

    private static InetRouteAnswer Direct(RouteView view, InetAddress destination, InetAddress? asked, int index, Route? route, InetAddress? source)
    {
        RouteType type = RouteType.RTN_UNICAST;
        RouteFlags flags = None;
        if (destination.IsMulticast)
        {
            type = RouteType.RTN_MULTICAST;
            flags = MulticastFlags(view, destination, index);
        }
        else if (destination.Value == uint.MaxValue || route?.Type == RouteType.RTN_BROADCAST)
        {
            type = RouteType.RTN_BROADCAST;
            flags = RTCF_BROADCAST | RTCF_LOCAL;
        }
        // What leaves by the loopback device comes back.
        if (view.TryFindLink(index, out Link? link) && link.IsLoopback)
            flags |= RTCF_LOCAL;
        // To a group there is no next hop.
        InetAddress? gateway = destination.IsMulticast ? null : route?.Gateway;
        return new InetRouteAnswer(destination, asked, asked ?? source, index, gateway, type, flags, route);
    }

    /// <summary>Every interface that is up is a member of 224.0.0.1, and of no other group.</summary>
    private static RouteFlags MulticastFlags(RouteView view, InetAddress destination, int index) =>
        destination.Value == 0xe000_0001 && view.TryFindLink(index, out Link? link) && link.IsUp ? RTCF_MULTICAST | RTCF_LOCAL : RTCF_MULTICAST;
}

/// <summary>What a lookup found.</summary>
/// <param name="Destination">Where to.</param>
/// <param name="AskedSource">RTA_SRC of the request.</param>
/// <param name="Source">The source address that a packet would have.</param>
/// <param name="OutputIndex">The interface it would leave by.</param>
/// <param name="Gateway">The next hop, where it is not the destination.</param>
/// <param name="Type">RTN_*.</param>
/// <param name="Flags">RTCF_*.</param>
/// <param name="Route">The entry that matched; null where none did.</param>
internal readonly record struct InetRouteAnswer(
    InetAddress Destination,
    InetAddress? AskedSource,
    InetAddress? Source,
    int OutputIndex,
    InetAddress? Gateway,
    RouteType Type,
    RouteFlags Flags,
    Route? Route)
{
    /// <summary>The answer as a message (<c>rt_fill_info</c>).</summary>
    public InetRouteAnswerMessage ToMessage(in RouteMessage request)
    {
        // Without rules of one's own local and main are one table to the kernel, and it says main.
        uint table = (request.Header.Flags & RTM_F_LOOKUP_TABLE) == 0 ? RouteTableId.Main : Route is null ? 0 : Route.Table == RouteTableId.Default ? RouteTableId.Default : RouteTableId.Main;
        return new InetRouteAnswerMessage
        {
            Header = new RtMsg(ProtocolFamily.AF_INET, 32, (byte)(AskedSource is null ? 0 : 32), Route?.Tos ?? 0, (byte)table, 0, 0, Type, Flags | RTM_F_CLONED),
            Table = table,
            Destination = Destination,
            Source = AskedSource,
            Metrics = Route?.Metrics?.Attributes,
            PreferredSource = AskedSource is null ? Source : null,
            Gateway = Gateway,
            OutputIndex = OutputIndex,
            Flow = Route is { Flow: > 0 and var flow } ? flow : null,
            Mark = request.Mark is null or 0 ? null : request.Mark,
            UserId = request.UserId ?? 0,
            CacheInfo = default(RouteCacheInfo),
        };
    }
}
