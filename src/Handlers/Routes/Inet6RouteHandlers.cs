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
        RouteView view = RouteView.Of(request.Context, request.Net);
        if (!editor.Table.TryGet(AF_INET6, RouteRequest.TableOf(in message), out Fib? fib))
            return RtnlResult.Error(Errno.ESRCH, "FIB table does not exist");
        if (message.Header.DestinationLength > 128)
            return RtnlResult.Error(Errno.ESRCH);
        Prefix destination = Prefix.Of(message.Destination ?? InetAddress.Any(AF_INET6), message.Header.DestinationLength);
        // Of the route cache, where there is nothing to delete; only where the tree merely parts it finds no place to look.
        if ((message.Header.Flags & RTM_F_CLONED) != 0)
            return destination.Length != 0 && fib.Of(destination).Count == 0 && fib.IsFork(FibKey.Of(destination)) ? RtnlResult.Error(Errno.ESRCH) : RtnlResult.Ok;
        foreach (Route route in fib.Of(destination))
        {
            if (!Fits(route, in message))
                continue;
            editor.Remove(route, isRequested: true);
            return RtnlResult.Ok;
        }
        return RtnlResult.Error(destination.Length == 0 && fib.Of(destination).Count == 0 && FitsNull(view, in message) ? Errno.ENOENT : Errno.ESRCH);
    }

    /// <summary>Looks up the way to a destination (<c>inet6_rtm_getroute</c>).</summary>
    [DoIt(RTM_GETROUTE, Lock = Unlocked, Family = AF_INET6)]
    public RtnlResult Get(in DoItRequest<RouteMessage> request)
    {
        RouteMessage message = request.Message;
        RtMsg header = message.Header;
        RtnlResult result = RouteRequest.CheckIpProtocol(in message, AF_INET6);
        if (!result.IsOk)
            return result;
        RouteView view = RouteView.Of(request.Context, request.Net);
        int iif = message.InputIndex ?? 0, oif = message.OutputIndex ?? 0;
        if (iif != 0 && !view.TryFindLink(iif, out _))
            return RtnlResult.Error(Errno.ENODEV);
        InetAddress destination = message.Destination ?? InetAddress.Any(AF_INET6);
        // What may be on every link is looked for on one alone; a source of the request's own may leave by another link than asked for.
        bool isStrict = destination.IsMulticast || destination.IsLinkLocal || destination.IsLoopback || (iif == 0 && message.Source is null or { IsAny: true });
        Errno errno = view.LookupInet6(destination, iif != 0 ? iif : oif, isStrict, out Route? route);
        if (errno != Errno.None)
            return RtnlResult.Error(errno);
        // The kernel asks its multicast routing for the rest of the answer, which knows no such interface.
        if (iif != 0 && route!.Destination.Address.IsMulticast)
            return RtnlResult.Error(Errno.EMSGSIZE);
        RouteMessage entry = RouteMessages.From(route!, view.Links, HostClock.Milliseconds(addresses.Lifetimes.Time));
        if ((header.Flags & RTM_F_FIB_MATCH) != 0)
            return request.Reply(RTM_NEWROUTE, Inet6RouteMessage.Of(in entry, iif));
        InetAddress? source = iif != 0 ? null : route!.PreferredSource ?? view.SelectInet6(route.OutputIndex, destination);
        return request.Reply(RTM_NEWROUTE, Inet6RouteMessage.Of(in entry, iif) with
        {
            Header = entry.Header with { DestinationLength = 128, SourceLength = 128, Flags = None },
            Destination = destination,
            Source = message.Source ?? InetAddress.Any(AF_INET6),
            PreferredSources = new Inet6Sources(source, route!.PreferredSource),
            OutputIndex = route.Type == RouteType.RTN_LOCAL ? view.LoopbackIndex : route.OutputIndex,
        });
    }

    /// <summary>Lists routes, of one table, interface, protocol or type if a strict request says so.</summary>
    [DumpIt(RTM_GETROUTE, Lock = Unlocked, Family = AF_INET6, SplitDone = true)]
    internal IEnumerable<Inet6RouteMessage> Dump(DumpItRequest<Inet6RouteMessage> request) =>
        RouteDump.Rows<Inet6RouteMessage, Inet6RouteShape>(request, AF_INET6, addresses.Lifetimes.Time);

    private static bool Fits(Route route, in RouteMessage message) =>
        (message.OutputIndex is null or 0 || route.OutputIndex == message.OutputIndex)
        && (message.Gateway is not { } gateway || route.Gateway == gateway)
        && (message.Priority is null or 0 || route.Priority == message.Priority)
        && (message.Header.Protocol == RouteProtocol.Unspecified || route.Protocol == message.Header.Protocol);

    /// <summary>
    /// Whether a deletion of the default route fits the entry that stands in its place where there is none (<c>fib6_null_entry</c>): the last of
    /// all, and not to be deleted.
    /// </summary>
    private static bool FitsNull(RouteView view, in RouteMessage message) =>
        (message.OutputIndex is null or 0 || message.OutputIndex == view.LoopbackIndex)
        && message.Gateway is null or { IsAny: true }
        && message.Priority is null or 0 or uint.MaxValue
        && message.Header.Protocol is RouteProtocol.Unspecified or RouteProtocol.Kernel;

    private void Watch(in DoItRequest<RouteMessage> request, long at)
    {
        Net net = request.Net;
        request.Defer(() => addresses.Lifetimes.Schedule(net, at));
    }
}
