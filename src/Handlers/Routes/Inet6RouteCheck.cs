using SmallRtnl.Addresses;
using SmallRtnl.Links;
using static SmallRtnl.Routes.RouteFlags;

namespace SmallRtnl.Routes;

/// <summary>Makes an IPv6 route of a request, or says what is wrong with it, in the kernel's order (<c>ip6_route_info_create</c>, <c>fib6_nh_init</c>).</summary>
internal static class Inet6RouteCheck
{
    private const uint DefaultMetric = 1024;

    public static RtnlResult TryBuild(RouteView view, in RouteMessage message, long now, out Route? route)
    {
        route = null;
        RtMsg header = message.Header;
        if ((header.Flags & RTM_F_CLONED) != 0)
            return RtnlResult.Error(Errno.EINVAL, "Userspace can not set RTF_CACHE");
        if (header.Type > RouteType.RTN_XRESOLVE)
            return RtnlResult.Error(Errno.EINVAL, "Invalid route type");
        if (header.DestinationLength > 128)
            return RtnlResult.Error(Errno.EINVAL, "Invalid prefix length");
        if (header.SourceLength > 128)
            return RtnlResult.Error(Errno.EINVAL, "Invalid source address length");
        if (header.SourceLength != 0)
            return RtnlResult.Error(Errno.EINVAL, "Specifying source address requires IPV6_SUBTREES to be enabled");
        RtnlResult result = RouteMetrics.TryParse(message.Metrics, out RouteMetrics? metrics);
        if (!result.IsOk)
            return result;
        int oif = message.OutputIndex ?? 0;
        Link? link = null;
        if (oif != 0 && !view.TryFindLink(oif, out link))
            return RtnlResult.Error(Errno.ENODEV);
        var candidate = new Route
        {
            Destination = Prefix.Of(message.Destination ?? InetAddress.Any(ProtocolFamily.AF_INET6), header.DestinationLength),
            Table = RouteRequest.TableOf(in message),
            Type = header.Type == RouteType.RTN_UNSPEC ? RouteType.RTN_UNICAST : header.Type,
            Protocol = header.Protocol == RouteProtocol.Unspecified ? RouteProtocol.Boot : header.Protocol,
            Priority = message.Priority is null or 0 ? DefaultMetric : message.Priority.Value,
            OutputIndex = oif,
            Flags = header.Flags & RTNH_F_ONLINK,
            Metrics = metrics,
            // Anything but high and low is medium.
            Preference = message.Preference is 1 or 3 ? message.Preference.Value : (byte)0,
            ExpiresAt = message.Expires is > 0 and < AddressCacheInfo.Forever and { } seconds ? now + (seconds * 1000L) : null,
        };
        if (candidate.IsReject)
        {
            // Whatever device was named: nothing leaves by it.
            candidate = candidate with { OutputIndex = view.LoopbackIndex, Preference = 0, ExpiresAt = null };
            return TrySetSource(view, in message, candidate, out route);
        }
        if ((candidate.Flags & RTNH_F_ONLINK) != 0)
        {
            if (link is null)
                return RtnlResult.Error(Errno.ENODEV, "Nexthop device required for onlink");
            if (!link.IsUp)
                return RtnlResult.Error(Errno.ENETDOWN, "Nexthop device is not up");
        }
        if (message.Gateway is { } gateway)
        {
            result = CheckGateway(view, gateway, ref link, ref candidate);
            if (!result.IsOk)
                return result;
            candidate = candidate with { Gateway = gateway };
        }
        if (link is null)
            return RtnlResult.Error(Errno.ENODEV);
        if (!link.IsUp)
            return RtnlResult.Error(Errno.ENETDOWN, "Nexthop device is not up");
        if (link.IsLoopback && candidate.Type == RouteType.RTN_UNICAST && !candidate.Destination.Address.IsLoopback)
        {
            candidate = candidate with { IsDeadEnd = true };
        }
        return TrySetSource(view, in message, candidate, out route);
    }

    /// <summary>A source must be an address of ours; one that only its link knows, of the route's link.</summary>
    private static RtnlResult TrySetSource(RouteView view, in RouteMessage message, Route candidate, out Route? route)
    {
        route = candidate;
        if (message.PreferredSource is not { IsAny: false } source)
            return RtnlResult.Ok;
        route = candidate with { PreferredSource = source };
        int index = source.IsLinkLocal || source.IsLoopback ? candidate.OutputIndex : 0;
        return view.IsOwn(source, index) ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL, "Invalid source address");
    }

    private static RtnlResult CheckGateway(RouteView view, InetAddress gateway, ref Link? link, ref Route candidate)
    {
        // Whose link-local address it would be cannot be said.
        if (gateway.IsLinkLocal && link is null)
            return RtnlResult.Error(Errno.EINVAL, "Egress device not specified");
        if (view.IsOwn(gateway, gateway.IsLinkLocal ? link?.Index ?? 0 : 0))
            return RtnlResult.Error(Errno.EINVAL, "Gateway can not be a local address");
        if (gateway.IsMulticast || gateway.IsAny || gateway.IsLoopback)
            return RtnlResult.Error(Errno.EINVAL, "Invalid gateway address");
        if (!gateway.IsLinkLocal && (candidate.Flags & RTNH_F_ONLINK) == 0)
        {
            int index = link?.Index ?? 0;
            // The gateway must be on a link: no way to it by another gateway counts. The route's own table is asked first (ip6_route_check_nh).
            bool isReached = (view.TryLookupInet6(candidate.Table, gateway, index, isStrict: true, out Route? way) && LeadsTo(way))
                || (view.LookupInet6(gateway, index, isStrict: true, out way) == Errno.None && LeadsTo(way!));
            if (!isReached)
                return RtnlResult.Error(Errno.EHOSTUNREACH);
            if (link is null && view.TryFindLink(way!.OutputIndex, out link))
                candidate = candidate with { OutputIndex = way.OutputIndex };
        }
        if (link is null)
            return RtnlResult.Error(Errno.EINVAL, "Egress device not specified");
        return link.IsLoopback
            ? RtnlResult.Error(Errno.EINVAL, "Egress device can not be loopback device for this route")
            : RtnlResult.Ok;
    }

    /// <summary>A route that has no gateway itself and refuses nothing.</summary>
    private static bool LeadsTo(Route route) => route is { Gateway: null, IsReject: false, IsDeadEnd: false };
}
