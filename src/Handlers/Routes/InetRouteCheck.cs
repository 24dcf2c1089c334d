using SmallRtnl.Links;
using static SmallRtnl.Routes.RouteFlags;

namespace SmallRtnl.Routes;

/// <summary>Makes an IPv4 route of a request, or says what is wrong with it, in the kernel's order (<c>fib_create_info</c>, <c>fib_check_nh</c>).</summary>
internal static class InetRouteCheck
{
    private const RouteFlags KeptFlags = RTNH_F_ONLINK | RTNH_F_PERVASIVE;

    public static RtnlResult TryBuild(RouteView view, in RouteMessage message, out Route? route)
    {
        route = null;
        RtMsg header = message.Header;
        if (MinScope(header.Type) > header.Scope)
            return RtnlResult.Error(Errno.EINVAL, "Invalid scope");
        if ((header.Flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) != 0)
            return RtnlResult.Error(Errno.EINVAL, "Invalid rtm_flags - can not contain DEAD or LINKDOWN");
        RtnlResult result = RouteMetrics.TryParse(message.Metrics, out RouteMetrics? metrics);
        if (!result.IsOk)
            return result;
        var candidate = new Route
        {
            Destination = new Prefix(message.Destination ?? InetAddress.Any(ProtocolFamily.AF_INET), header.DestinationLength),
            Table = RouteRequest.TableOf(in message),
            Type = header.Type,
            Scope = header.Scope,
            Protocol = header.Protocol,
            Tos = header.Tos,
            Priority = message.Priority ?? 0,
            Gateway = message.Gateway is { IsAny: false } gateway ? gateway : null,
            OutputIndex = message.OutputIndex ?? 0,
            PreferredSource = message.PreferredSource is { IsAny: false } source ? source : null,
            Flags = header.Flags & KeptFlags,
            Metrics = metrics,
            Flow = message.Flow ?? 0,
        };
        if (candidate.IsReject)
        {
            if (candidate.Gateway is not null || candidate.OutputIndex != 0)
                return RtnlResult.Error(Errno.EINVAL, "Gateway, device and multipath can not be specified for this route type");
        }
        else
        {
            if (header.Type is RouteType.RTN_UNSPEC or > RouteType.RTN_MULTICAST)
                return RtnlResult.Error(Errno.EINVAL, "Invalid route type");
            if (header.Scope > RouteScope.Host)
                return RtnlResult.Error(Errno.EINVAL, "Invalid scope");
            result = header.Scope == RouteScope.Host ? CheckHostScope(view, candidate) : CheckNexthop(view, ref candidate);
            if (!result.IsOk)
                return result;
        }
        if (!candidate.IsReject && candidate.PreferredSource is { } preferred && !IsValidSource(view, candidate, preferred))
            return RtnlResult.Error(Errno.EINVAL, "Invalid prefsrc address");
        route = candidate;
        return RtnlResult.Ok;
    }

    /// <summary>The widest scope a type may have (<c>fib_props</c>).</summary>
    private static byte MinScope(RouteType type) => type switch
    {
        RouteType.RTN_LOCAL => RouteScope.Host,
        RouteType.RTN_BROADCAST or RouteType.RTN_ANYCAST => RouteScope.Link,
        RouteType.RTN_UNSPEC or RouteType.RTN_NAT or RouteType.RTN_XRESOLVE => RouteScope.Nowhere,
        _ => RouteScope.Universe,
    };

    private static RtnlResult CheckHostScope(RouteView view, Route route)
    {
        if (route.Gateway is not null)
            return RtnlResult.Error(Errno.EINVAL, "Route with host scope can not have a gateway");
        return view.TryFindLink(route.OutputIndex, out _) ? RtnlResult.Ok : RtnlResult.Error(Errno.ENODEV);
    }

    private static RtnlResult CheckNexthop(RouteView view, ref Route route)
    {
        if (route.Gateway is { } gateway)
            return (route.Flags & RTNH_F_ONLINK) != 0 ? CheckOnlink(view, route, gateway) : CheckGateway(view, ref route, gateway);
        if ((route.Flags & KeptFlags) != 0)
            return RtnlResult.Error(Errno.EINVAL, "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set");
        if (!view.TryFindLink(route.OutputIndex, out Link? link))
            return RtnlResult.Error(Errno.ENODEV);
        return link.IsUp ? RtnlResult.Ok : RtnlResult.Error(Errno.ENETDOWN, "Device for nexthop is not up");
    }

    private static RtnlResult CheckOnlink(RouteView view, Route route, InetAddress gateway)
    {
        if (route.Scope >= RouteScope.Link)
            return RtnlResult.Error(Errno.EINVAL, "Nexthop has invalid scope");
        if (!view.TryFindLink(route.OutputIndex, out Link? link))
            return RtnlResult.Error(Errno.ENODEV, "Nexthop device required for onlink");
        if (!link.IsUp)
            return RtnlResult.Error(Errno.ENETDOWN, "Nexthop device is not up");
        return view.TypeOf(gateway) == RouteType.RTN_UNICAST ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL, "Nexthop has invalid gateway");
    }

    private static RtnlResult CheckGateway(RouteView view, ref Route route, InetAddress gateway)
    {
        // The gateway must be nearer than what lies behind it.
        byte scope = Math.Max((byte)(route.Scope + 1), RouteScope.Link);
        Errno errno = view.LookupInetGateway(gateway, route.Table, route.OutputIndex, scope, out Route? way);
        if (errno != Errno.None)
            return RtnlResult.Error(errno, "Nexthop has invalid gateway");
        if (way!.Type is not (RouteType.RTN_UNICAST or RouteType.RTN_LOCAL))
            return RtnlResult.Error(Errno.EINVAL, "Nexthop has invalid gateway");
        route = route with { OutputIndex = way.OutputIndex };
        if (!view.TryFindLink(way.OutputIndex, out Link? link))
            return RtnlResult.Error(Errno.EINVAL, "No egress device for nexthop gateway");
        return link.IsUp ? RtnlResult.Ok : RtnlResult.Error(Errno.ENETDOWN);
    }

    private static bool IsValidSource(RouteView view, Route route, InetAddress source) =>
        (route.Type == RouteType.RTN_LOCAL && route.Destination == Prefix.Host(source)) || view.TypeOf(source) == RouteType.RTN_LOCAL;
}
