using SmallRtnl.Links;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Bridges;

/// <summary>What bridges and VXLAN devices would list (net/core/rtnetlink.c, drivers/net/vxlan/vxlan_vnifilter.c). There are none of either.</summary>
internal static class BridgeHandlers
{
    /// <summary>Lists the groups that bridges forward (<c>rtnl_mdb_dump</c>).</summary>
    [DumpIt(RTM_GETMDB, Lock = Unlocked, Family = AF_BRIDGE)]
    public static IEnumerable<GroupDatabaseMessage> DumpGroups(DumpItRequest<GroupDatabaseMessage> request)
    {
        yield break;
    }

    /// <summary>Lists the ids that tunnels let in.</summary>
    [DumpIt(RTM_GETTUNNEL, Lock = Unlocked, Family = AF_BRIDGE)]
    public static IEnumerable<TunnelMessage> DumpTunnels(DumpItRequest<TunnelMessage> request)
    {
        int index = request.Message.Header.Index;
        if (index != 0 && !request.Read<LinkTable>().TryFind(index, out _))
            request.Fail(Errno.ENODEV);
        else if (index != 0)
            request.Fail(Errno.EINVAL, "The device is not a vxlan device");
        yield break;
    }
}
