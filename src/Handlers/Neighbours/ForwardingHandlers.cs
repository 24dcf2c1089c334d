using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SmallRtnl.Addresses;
using SmallRtnl.Links;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Neighbours;

/// <summary>The forwarding entries that devices have of themselves (<c>rtnl_fdb_dump</c>, <c>ndo_dflt_fdb_dump</c>).</summary>
internal static class ForwardingHandlers
{
    // IPv6 asks for so much, and a link below has no part in it.
    private const uint MinInet6Mtu = 1280;

    private static readonly NetlinkBytes s_allNodes = new(new byte[] { 0x33, 0x33, 0, 0, 0, 1 });
    private static readonly NetlinkBytes s_allHosts = new(new byte[] { 0x01, 0x00, 0x5e, 0, 0, 1 });

    /// <summary>Lists the groups that Ethernet links listen to: there are no bridges, and no other addresses.</summary>
    [DumpIt(RTM_GETNEIGH, Lock = Unlocked, Family = AF_BRIDGE, SplitDone = true)]
    public static IEnumerable<ForwardingMessage> Dump(DumpItRequest<ForwardingMessage> request)
    {
        ForwardingMessage message = request.Message;
        int wanted = 0;
        if (request.IsStrict)
        {
            wanted = message.Header.Index;
            if (message.Index is { } index && !TryRead(index, out wanted))
            {
                request.Fail(Errno.EINVAL, "Invalid IFINDEX attribute in fdb dump request");
                yield break;
            }
            if (message.Master is { } named)
            {
                if (!TryRead(named, out int master))
                {
                    request.Fail(Errno.EINVAL, "Invalid MASTER attribute in fdb dump request");
                    yield break;
                }
                if (master != 0)
                {
                    // No link here has ports.
                    if (!request.Read<LinkTable>().TryFind(master, out _))
                        request.Fail(Errno.ENODEV);
                    yield break;
                }
            }
        }
        AddressTable addresses = request.Read<AddressTable>();
        foreach (Link link in request.Read<LinkTable>().All)
        {
            if (link.IsLoopback || (wanted != 0 && link.Index != wanted))
                continue;
            foreach (NetlinkBytes group in GroupsOf(link, addresses))
            {
                yield return new ForwardingMessage
                {
                    Header = new NeighbourHeader(AF_BRIDGE, 0, 0, link.Index, NeighbourHeader.Permanent, NeighbourHeader.Self, 0),
                    LinkAddress = group,
                };
            }
        }
    }

    /// <summary>
    /// All nodes from a link's beginning until it first goes down and whenever it is up, all hosts whenever it is up, and one group for each
    /// IPv6 address by its last 24 bits, where the link resolves addresses.
    /// </summary>
    private static IEnumerable<NetlinkBytes> GroupsOf(Link link, AddressTable addresses)
    {
        if (link.Mtu >= MinInet6Mtu && (link.IsUp || ReferenceEquals(link.Qdisc, LinkQdisc.Noop)))
            yield return s_allNodes;
        if (link.IsUp)
            yield return s_allHosts;
        if ((link.Flags & LinkFlags.IFF_NOARP) != 0)
            yield break;
        var solicited = new HashSet<uint>();
        ImmutableArray<InterfaceAddress> own = addresses.Of(AF_INET6, link.Index);
        foreach (InterfaceAddress address in own.OrderBy(address => address.Created))
        {
            uint node = (uint)address.Local.Value & 0xff_ffff;
            if (solicited.Add(node))
                yield return SolicitedNode(node);
        }
    }

    private static NetlinkBytes SolicitedNode(uint node)
    {
        byte[] group = [0x33, 0x33, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(group.AsSpan(2), 0xff00_0000 | node);
        return new NetlinkBytes(group);
    }

    private static bool TryRead(NetlinkBytes bytes, out int value)
    {
        value = 0;
        if (bytes.Span.Length != sizeof(int))
            return false;
        value = MemoryMarshal.Read<int>(bytes.Span);
        return true;
    }
}
