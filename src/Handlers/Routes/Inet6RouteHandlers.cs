using SmallRtnl.Addresses;
using SmallRtnl.Links;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.Routes.RouteFlags;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Routes;

/// <summary>RTM_NEWROUTE, DELROUTE and GETROUTE of IPv6 (net/ipv6/route.c, ip6_fib.c).</summary>
public sealed class Inet6RouteHandlers(AddressSubsystem addresses)
{
    /// <summary>Adds or replaces a route (<c>inet6_rtm_newroute</c>).</summary>
    [DoIt(RTM_NEWROUTE, Lock = PerNet, Family = AF_INET6)]
    public RtnlResult New(in DoItRequest<RouteMessage> request)
    {
        RouteMessage message = request.Message;
        RtnlResult result = RouteRequest.CheckInet6Header(in message);
        if (!result.IsOk)
            return result;
        result = RouteRequest.CheckServed(in message);
        if (!result.IsOk)
            return result;
        var editor = new RouteEditor(request.Context, request.Net, addresses.Lifetimes.Time);
        result = Inet6RouteCheck.TryBuild(RouteView.Of(request.Context, request.Net), in message, editor.Now, out Route? route);
        if (result.IsOk)
            result = editor.InsertInet6(route!, request.Flags, isRequested: true);
        if (result.IsOk && route!.ExpiresAt is { } at)
            Watch(in request, at);
        return result;
    }

    /// <summary>Deletes the route with the smallest metric that fits (<c>ip6_route_del</c>).</summary>
    [DoIt(RTM_DELROUTE, Lock = PerNet, Family = AF_INET6)]
    public RtnlResult Delete(in DoItRequest<RouteMessage> request)
    {
        RouteMessage message = request.Message;
        RtnlResult result = RouteRequest.CheckInet6Header(in message);
        if (!result.IsOk)
            return result;
        result = RouteRequest.CheckServed(in message);
        if (!result.IsOk)
            return result;
        var editor = new RouteEditor(request.Context, request.Net, addresses.Lifetimes.Time);
        if (!editor.Table.TryGet(AF_INET6, RouteRequest.TableOf(in message), out Fib? fib))
            return RtnlResult.Error(Errno.ESRCH, "FIB table does not exist");
        Prefix destination = Prefix.Of(message.Destination ?? InetAddress.Any(AF_INET6), message.Header.DestinationLength);
        foreach (Route route in fib.Of(destination))
        {
            if (!Fits(route, in message))
                continue;
            editor.Remove(route, isRequested: true);
            return RtnlResult.Ok;
        }
        return RtnlResult.Error(Errno.ESRCH);
    }

    /// <summary>Looks up the way to a destination (<c>inet6_rtm_getroute</c>).</summary>
    [DoIt(RTM_GETROUTE, Lock = Unlocked, Family = AF_INET6)]
    public RtnlResult Get(in DoItRequest<RouteMessage> request)
    {
        RouteMessage message = request.Message;
        RtMsg header = message.Header;
        RouteView view = RouteView.Of(request.Context, request.Net);
        int oif = message.OutputIndex ?? 0;
        if (oif != 0 && !view.TryFindLink(oif, out _))
            return RtnlResult.Error(Errno.ENODEV);
        InetAddress destination = message.Destination ?? InetAddress.Any(AF_INET6);
        Errno errno = view.LookupInet6(destination, oif, out Route? route);
        // With a source of its own a request prefers the interface, but does not insist (ip6_route_output_flags).
        if (errno == Errno.ENETUNREACH && oif != 0 && message.Source is not null && !destination.IsLinkLocal && !destination.IsMulticast)
            errno = view.LookupInet6(destination, 0, out route);
        if (errno != Errno.None)
            return RtnlResult.Error(errno);
        long now = HostClock.Milliseconds(addresses.Lifetimes.Time);
        if ((header.Flags & RTM_F_FIB_MATCH) != 0)
            return request.Reply(RouteMessages.From(route!, view.Links, now));
        RouteMessage entry = RouteMessages.FromLookup(route!, now);
        return request.Reply(entry with
        {
            Header = entry.Header with { DestinationLength = 128, SourceLength = 128 },
            Destination = destination,
            Source = message.Source ?? InetAddress.Any(AF_INET6),
            PreferredSource = route!.PreferredSource ?? view.SelectInet6(route.OutputIndex, destination),
            OutputIndex = route.Type == RouteType.RTN_LOCAL ? view.LoopbackIndex : route.OutputIndex,
        });
    }

    /// <summary>Lists routes, of one table, interface, protocol or type if a strict request says so.</summary>
    [DumpIt(RTM_GETROUTE, Lock = Unlocked, Family = AF_INET6, SplitDone = true)]
    public IEnumerable<RouteMessage> Dump(DumpItRequest<RouteMessage> request) => RouteDump.Rows(request, AF_INET6, addresses.Lifetimes.Time);

    private static bool Fits(Route route, in RouteMessage message) =>
        (message.OutputIndex is null or 0 || route.OutputIndex == message.OutputIndex)
        && (message.Gateway is not { } gateway || route.Gateway == gateway)
        && (message.Priority is null or 0 || route.Priority == message.Priority)
        && (message.Header.Protocol == RouteProtocol.Unspecified || route.Protocol == message.Header.Protocol);

    private void Watch(in DoItRequest<RouteMessage> request, long at)
    {
        Net net = request.Net;
        request.Defer(() => addresses.Lifetimes.Schedule(net, at));
    }
}
