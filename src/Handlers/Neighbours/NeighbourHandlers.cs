using SmallRtnl.Links;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Neighbours;

/// <summary>Neighbour tables (net/core/neighbour.c). No packet passes here, so nobody is met; adding by hand is not served yet.</summary>
internal static class NeighbourHandlers
{
    /// <summary>Answers with one entry, of which there is none (<c>neigh_get</c>).</summary>
    [DoIt(RTM_GETNEIGH, Lock = Unlocked)]
    public static RtnlResult Get(in DoItRequest<NeighbourGetMessage> request)
    {
        NeighbourHeader header = request.Message.Header;
        int length = header.Family switch
        {
            AF_INET => 4,
            AF_INET6 => 16,
            _ => 0,
        };
        if (length == 0)
            return RtnlResult.Error(Errno.EAFNOSUPPORT, "Unsupported family in header for neighbor get request");
        if (request.Message.Destination?.Span.Length != length)
            return RtnlResult.Error(Errno.EINVAL, "Invalid network address in neighbor get request");
        if (header.Index != 0 && !request.Read<LinkTable>().TryFind(header.Index, out _))
            return RtnlResult.Error(Errno.ENODEV, "Unknown device ifindex");
        return RtnlResult.Error(
            Errno.ENOENT,
            (header.Flags & NeighbourHeader.Proxy) != 0 ? "Proxy neighbour entry not found" : "Neighbour entry not found");
    }

    /// <summary>Lists the entries, of which there are none (<c>neigh_dump_info</c>).</summary>
    [DumpIt(RTM_GETNEIGH, Lock = Unlocked)]
    public static IEnumerable<NeighbourMessage> Dump(DumpItRequest<NeighbourMessage> request)
    {
        yield break;
    }
}
