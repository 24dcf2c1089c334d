using SmallRtnl.Links;
using SmallRtnl.Routes;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.MulticastRoutes;

/// <summary>Multicast routing (net/ipv4/ipmr.c, net/ipv6/ip6mr.c): no daemon can open it here, so its one table of each family is empty.</summary>
internal static class MulticastRouteHandlers
{
    /// <summary>Lists the table of IPv4 (<c>ipmr_rtm_dumplink</c>).</summary>
    [DumpIt(RTM_GETLINK, Lock = Unlocked, Family = RTNL_FAMILY_IPMR, SplitDone = true)]
    public static IEnumerable<MulticastTableMessage> DumpTables(DumpItRequest<MulticastTableMessage> request)
    {
        yield return new MulticastTableMessage
        {
            Header = new IfInfoMsg { Family = RTNL_FAMILY_IPMR },
            Table = new MulticastTable
            {
                Id = RouteTableId.Default,
                CachedUnresolved = 0,
                RegisterInterface = -1,
                DoAssert = 0,
                DoPim = 0,
                DoWrongInterfaceWhole = 0,
                Interfaces = default(NetlinkBytes),
            },
        };
    }

    /// <summary>Answers with one route of IPv4 (<c>ipmr_rtm_getroute</c>).</summary>
    [DoIt(RTM_GETROUTE, Lock = Unlocked, Family = RTNL_FAMILY_IPMR)]
    public static RtnlResult Get(in DoItRequest<RouteMessage> request) => RtnlResult.Error(Errno.ENOENT);

    /// <summary>Answers with one route of IPv6 (<c>ip6mr_rtm_getroute</c>).</summary>
    [DoIt(RTM_GETROUTE, Lock = Unlocked, Family = RTNL_FAMILY_IP6MR)]
    public static RtnlResult GetInet6(in DoItRequest<Inet6MulticastRouteGetMessage> request) => request.Message.Table == RouteTableId.Main
        ? RtnlResult.Error(Errno.ENOENT, "ipv6: MR cache entry not found")
        : RtnlResult.Error(Errno.ENOENT, "ipv6: MR table does not exist");

    /// <summary>Lists the routes of IPv4 (<c>ipmr_rtm_dumproute</c>).</summary>
    [DumpIt(RTM_GETROUTE, Lock = Unlocked, Family = RTNL_FAMILY_IPMR)]
    public static IEnumerable<RouteMessage> Dump(DumpItRequest<RouteMessage> request) => Rows(request, RTNL_FAMILY_IPMR, RouteTableId.Default, "ipv4: MR table does not exist");

    /// <summary>Lists the routes of IPv6 (<c>ip6mr_rtm_dumproute</c>).</summary>
    [DumpIt(RTM_GETROUTE, Lock = Unlocked, Family = RTNL_FAMILY_IP6MR)]
    public static IEnumerable<RouteMessage> DumpInet6(DumpItRequest<RouteMessage> request) => Rows(request, RTNL_FAMILY_IP6MR, RouteTableId.Main, "ipv6: MR table does not exist");

    private static IEnumerable<RouteMessage> Rows(DumpItRequest<RouteMessage> request, ProtocolFamily family, uint own, string noTable)
    {
        // One family of several has nothing to add; asked for by itself it says so.
        if (RouteRequest.TryReadFilter<RouteMessage, InetRouteShape>(in request, out RouteFilter filter) && filter.Table != 0 && filter.Table != own && request.Message.Header.Family == family)
            request.Fail(Errno.ENOENT, noTable);
        yield break;
    }
}
