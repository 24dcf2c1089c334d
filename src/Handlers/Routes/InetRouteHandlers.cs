using SmallRtnl.Addresses;
using SmallRtnl.Links;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.Routes.RouteAttributeType;
using static SmallRtnl.Routes.RouteFlags;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Routes;

/// <summary>RTM_NEWROUTE, DELROUTE and GETROUTE of IPv4 (net/ipv4/fib_frontend.c, fib_semantics.c, route.c).</summary>
public sealed class InetRouteHandlers(TimeProvider time)
{
    /// <summary>Adds, replaces or appends a route (<c>inet_rtm_newroute</c>).</summary>
    [DoIt(RTM_NEWROUTE, Lock = PerNet, Family = AF_INET)]
    public RtnlResult New(in DoItRequest<RouteMessage> request)
    {
        RouteMessage message = request.Message;
        RtnlResult result = CheckDestination(in message);
        if (!result.IsOk)
            return result;
        result = RouteRequest.CheckServed(in message);
        if (!result.IsOk)
            return result;
        result = InetRouteCheck.TryBuild(RouteView.Of(request.Context, request.Net), in message, out Route? route);
        return result.IsOk ? new RouteEditor(request.Context, request.Net, time).InsertInet(route!, request.Flags, isRequested: true) : result;
    }

    /// <summary>Deletes the first route that fits (<c>fib_table_delete</c>).</summary>
    [DoIt(RTM_DELROUTE, Lock = PerNet, Family = AF_INET)]
    public RtnlResult Delete(in DoItRequest<RouteMessage> request)
    {
        RouteMessage message = request.Message;
        RtnlResult result = CheckDestination(in message);
        if (!result.IsOk)
            return result;
        result = RouteRequest.CheckServed(in message);
        if (!result.IsOk)
            return result;
        var editor = new RouteEditor(request.Context, request.Net, time);
        if (!editor.Table.TryGet(AF_INET, RouteRequest.TableOf(in message), out Fib? fib))
            return RtnlResult.Error(Errno.ESRCH, "FIB table does not exist");
        foreach (Route route in fib.Of(DestinationOf(in message)))
        {
            if (!Fits(route, in message))
                continue;
            editor.Remove(route, isRequested: true);
            return RtnlResult.Ok;
        }
        return RtnlResult.Error(Errno.ESRCH);
    }

    /// <summary>Looks up the way to a destination (<c>inet_rtm_getroute</c>).</summary>
    [DoIt(RTM_GETROUTE, Lock = Unlocked, Family = AF_INET)]
    public RtnlResult Get(in DoItRequest<RouteMessage> request)
    {
        RouteMessage message = request.Message;
        RtMsg header = message.Header;
        RtnlResult result = RouteRequest.CheckIpProtocol(in message, AF_INET);
        if (!result.IsOk)
            return result;
        RouteView view = RouteView.Of(request.Context, request.Net);
        result = message.InputIndex is { } iif and not 0
            ? InetRouteInput.TryFind(view, in message, iif, out InetRouteAnswer answer)
            : InetRouteLookup.TryFind(view, in message, out answer);
        if (!result.IsOk)
            return result;
        if ((header.Flags & RTM_F_FIB_MATCH) == 0)
            return request.Reply(RTM_NEWROUTE, answer.ToMessage(in message));
        result = answer.ToEntry(in message, view.Links, HostClock.Milliseconds(time), out RouteMessage entry);
        return result.IsOk ? request.Reply(entry) : result;
    }

    /// <summary>Lists routes, of one table, interface, protocol or type if a strict request says so.</summary>
    [DumpIt(RTM_GETROUTE, Lock = Unlocked, Family = AF_INET, SplitDone = true)]
    public IEnumerable<RouteMessage> Dump(DumpItRequest<RouteMessage> request) =>
        RouteDump.Rows<RouteMessage, InetRouteShape>(request, AF_INET, time);

    private static RtnlResult CheckDestination(in RouteMessage message)
    {
        if ((message.Header.Tos & ~RouteView.DscpMask) != 0)
            return RtnlResult.Error(Errno.EINVAL, "Invalid dsfield (tos): ECN bits must be 0");
        if (message.Header.Type > RouteType.RTN_XRESOLVE)
            return RtnlResult.Error(Errno.EINVAL, "Invalid route type");
        byte length = message.Header.DestinationLength;
        if (length > 32)
            return RtnlResult.Error(Errno.EINVAL, "Invalid prefix length");
        InetAddress destination = message.Destination ?? InetAddress.Any(AF_INET);
        return destination.Mask(length) == destination ? RouteRequest.CheckNexthopId(in message) : RtnlResult.Error(Errno.EINVAL, "Invalid prefix for given prefix length");
    }

    private static Prefix DestinationOf(in RouteMessage message) => new(message.Destination ?? InetAddress.Any(AF_INET), message.Header.DestinationLength);

    private static bool Fits(Route route, in RouteMessage message)
    {
        RtMsg header = message.Header;
        return route.Tos == header.Tos
            && (header.Type == RouteType.RTN_UNSPEC || route.Type == header.Type)
            && (header.Scope == RouteScope.Nowhere || route.Scope == header.Scope)
            && (header.Protocol == RouteProtocol.Unspecified || route.Protocol == header.Protocol)
            && (message.PreferredSource is not { IsAny: false } source || route.PreferredSource == source)
            && (message.Priority is null or 0 || route.Priority == message.Priority)
            && (message.OutputIndex is null or 0 || route.OutputIndex == message.OutputIndex)
            && (message.Gateway is not { IsAny: false } gateway || route.Gateway == gateway)
            && (message.Flow is null or 0 || route.Flow == message.Flow)
            && RouteMetrics.Match(message.Metrics, route.Metrics);
    }
}
