using SmallRtnl.Links;
using static SmallRtnl.Routes.RouteFlags;

namespace SmallRtnl.Routes;

/// <summary>
/// What would become of an IPv4 packet that comes in by an interface (<c>ip_route_input_rcu</c>), with the defaults of a namespace: no
/// forwarding, no reverse path filter, no 127.0.0.0/8 from outside.
/// </summary>
internal static class InetRouteInput
{
    public static RtnlResult TryFind(RouteView view, in RouteMessage message, int iif, out InetRouteAnswer answer)
    {
        answer = default;
        if (!view.TryFindLink(iif, out _))
            return RtnlResult.Error(Errno.ENODEV);
        InetAddress destination = message.Destination ?? InetAddress.Any(ProtocolFamily.AF_INET);
        InetAddress source = message.Source ?? InetAddress.Any(ProtocolFamily.AF_INET);
        byte tos = message.Header.Tos;
        answer = new InetRouteAnswer
        {
            Destination = destination,
            AskedSource = source.IsAny ? null : source,
            InputIndex = iif,
            OutputIndex = view.LoopbackIndex,
        };
        // No address of a single host: martian.
        if (source.IsMulticast || InetRouteLookup.IsBroadcast(source))
            return RtnlResult.Error(Errno.EINVAL);
        if (destination.IsMulticast)
            return Group(view, source, iif, tos, ref answer);
        Route? route = null;
        if (!InetRouteLookup.IsBroadcast(destination) && !(source.IsAny && destination.IsAny))
        {
            if (source.IsAny || destination.IsAny || source.IsLoopback || destination.IsLoopback)
                return RtnlResult.Error(Errno.EINVAL);
            // Whatever the tables say of a packet that is not for this namespace: it does not forward.
            if (view.LookupInet(destination, 0, RouteScope.Universe, tos, out route) != Errno.None || route!.Type is not (RouteType.RTN_LOCAL or RouteType.RTN_BROADCAST))
                return RtnlResult.Error(Errno.EHOSTUNREACH);
        }
        bool isLocal = route is { Type: RouteType.RTN_LOCAL };
        uint flow = 0;
        if ((isLocal || !source.IsAny) && !IsSourceValid(view, source, tos, out flow))
            return RtnlResult.Error(Errno.EINVAL);
        answer = answer with
        {
            Route = route,
            Type = isLocal ? RouteType.RTN_LOCAL : RouteType.RTN_BROADCAST,
            Flags = isLocal ? RTCF_LOCAL : RTCF_BROADCAST | RTCF_LOCAL,
            Flow = flow,
        };
        return RtnlResult.Ok;
    }

    /// <summary>To a group that the interface is a member of (<c>ip_route_input_mc</c>).</summary>
    private static RtnlResult Group(RouteView view, InetAddress source, int iif, byte tos, ref InetRouteAnswer answer)
    {
        uint flow = 0;
        bool isValid = InetRouteLookup.IsMember(view, answer.Destination, iif)
            && !source.IsLoopback
            && (source.IsAny ? InetRouteLookup.IsLinkGroup(answer.Destination) : IsSourceValid(view, source, tos, out flow));
        if (!isValid)
            return RtnlResult.Error(Errno.EINVAL);
        answer = answer with { Type = RouteType.RTN_MULTICAST, Flags = RTCF_MULTICAST | RTCF_LOCAL, Flow = flow };
        return RtnlResult.Ok;
    }

    /// <summary>
    /// Whether a source may come from outside (<c>fib_validate_source</c>): it is not one of the namespace's own. Where somebody has made local
    /// routes, or classes, the tables are asked instead, and the source's class goes with the packet.
    /// </summary>
    private static bool IsSourceValid(RouteView view, InetAddress source, byte tos, out uint flow)
    {
        flow = 0;
        if (!view.Routes.Tables.HasCustomLocal && !view.Routes.Tables.HasFlows)
            return !view.IsOwn(source);
        if (view.LookupInet(source, 0, RouteScope.Universe, tos, out Route? route) != Errno.None)
            return true;
        flow = route!.Flow << 16;
        return route.Type == RouteType.RTN_UNICAST;
    }
}
