using SmallRtnl.Addresses;
using SmallRtnl.Links;
using SmallRtnl.Routes;

using static SmallRtnl.NetlinkFlags;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;

namespace SmallRtnl.Host;

/// <summary>
/// The messages of one namespace. Every namespace gets the same bytes: links are given their indexes, so that no request waits for what
/// an earlier one answers.
/// </summary>
internal sealed class WorkloadScript
{
    private const int NearIndex = 10;
    private const int FarIndex = 11;
    private const NetlinkFlags Create = NLM_F_CREATE | NLM_F_EXCL;

    private readonly WorkloadRequest[][] _phases;

    public WorkloadScript(WorkloadPlan plan)
    {
        _phases = [[.. Setup(plan)], [.. Churn()], [.. Query()], [.. Teardown(plan)]];
    }

    /// <summary>A phase's requests, in order.</summary>
    public ReadOnlySpan<WorkloadRequest> this[WorkloadPhase phase] => _phases[(int)phase];

    /// <summary>A link that stands alone, as the set-up makes it.</summary>
    public static WorkloadRequest NewLink(int index, string name, string kind) => Ask(RequestKind.NewLink, RTM_NEWLINK, Create, new LinkMessage
    {
        Header = new IfInfoMsg(AF_UNSPEC, 0, 0, index, 0, 0),
        Name = new InterfaceName(name),
        Info = new LinkInfo { Kind = new NetlinkString(kind) },
    });

    /// <summary>A veth pair, the far end in another namespace where an open file names one.</summary>
    public static WorkloadRequest NewPair(int near, string nearName, int far, string farName, uint? farNamespace = null)
    {
        var peer = new LinkMessage { Header = new IfInfoMsg(AF_UNSPEC, 0, 0, far, 0, 0), Name = new InterfaceName(farName), NetNsFd = farNamespace };
        return Ask(RequestKind.NewLink, RTM_NEWLINK, Create, new LinkMessage
        {
            Header = new IfInfoMsg(AF_UNSPEC, 0, 0, near, 0, 0),
            Name = new InterfaceName(nearName),
            Info = new LinkInfo
            {
                Kind = new NetlinkString("veth"),
                Veth = new VethInfo { Peer = new NetlinkBytes(Bytes((ref NetlinkWriter writer) => peer.Write(ref writer))) },
            },
        });
    }

    /// <summary>Asks for one link.</summary>
    public static WorkloadRequest GetLink(int index) =>
        Get(RequestKind.GetLink, RTM_GETLINK, None, new LinkMessage { Header = new IfInfoMsg(AF_UNSPEC, 0, 0, index, 0, 0), ExtMask = LinkMask });

    /// <summary>Deletes a link.</summary>
    public static WorkloadRequest DelLink(int index) =>
        Ask(RequestKind.DelLink, RTM_DELLINK, None, new LinkMessage { Header = new IfInfoMsg(AF_UNSPEC, 0, 0, index, 0, 0) });

    /// <summary>Sets a link up.</summary>
    public static WorkloadRequest Up(int index) => Ask(RequestKind.SetLinkUp, RTM_NEWLINK, None, new LinkMessage
    {
        Header = new IfInfoMsg(AF_UNSPEC, 0, 0, index, LinkFlags.IFF_UP, LinkFlags.IFF_UP),
    });

    /// <summary>Adds an address.</summary>
    public static WorkloadRequest NewAddress(int index, InetAddress address, byte prefixLength, RequestKind kind = RequestKind.NewAddress) =>
        Ask(kind, RTM_NEWADDR, Create, Address(index, address, prefixLength));

    /// <summary>Deletes an address.</summary>
    public static WorkloadRequest DelAddress(int index, InetAddress address, byte prefixLength, RequestKind kind = RequestKind.DelAddress) =>
        Ask(kind, RTM_DELADDR, None, Address(index, address, prefixLength));

    /// <summary>Dumps all links, as <c>ip link</c> asks for them: without statistics.</summary>
    public static WorkloadRequest DumpLinks() => Get(RequestKind.DumpLinks, RTM_GETLINK, NLM_F_DUMP, new LinkMessage { ExtMask = LinkMask });

    /// <summary>Dumps all addresses.</summary>
    public static WorkloadRequest DumpAddresses(ProtocolFamily family = AF_UNSPEC) =>
        Get(RequestKind.DumpAddresses, RTM_GETADDR, NLM_F_DUMP, new AddressMessage { Header = new IfAddrMsg(family, 0, 0, 0, 0) });

    private static LinkFilterMask LinkMask => LinkFilterMask.RTEXT_FILTER_VF | LinkFilterMask.RTEXT_FILTER_SKIP_STATS;

    private static IEnumerable<WorkloadRequest> Setup(WorkloadPlan plan)
    {
        yield return NewPair(NearIndex, "veth0", FarIndex, "veth1");
        for (int i = 1; i < plan.Interfaces; i++)
            yield return NewLink(IndexOf(i), $"{plan.Kind}{i - 1}", plan.Kind);
        yield return Up(FarIndex);
        for (int i = 0; i < plan.Interfaces; i++)
            yield return Up(IndexOf(i));
        for (int i = 0; i < plan.Interfaces; i++)
        {
            yield return NewAddress(IndexOf(i), Inet(i, 1), 24);
            yield return NewAddress(IndexOf(i), Inet6(i, 1), 64);
        }
        for (int i = 0; i < plan.Interfaces; i++)
        {
            yield return Route(RequestKind.NewRoute, RTM_NEWROUTE, Create, InetDestination(i), 24, Inet(i, 254));
            yield return Route(RequestKind.NewRoute, RTM_NEWROUTE, Create, Inet6Destination(i), 64, Inet6(i, 254));
        }
    }

    private static IEnumerable<WorkloadRequest> Churn()
    {
        // A network of its own: with the address its routes come and go.
        InetAddress address = InetAddress.FromIPv4(0xac10_0001);
        for (int i = 0; i < WorkloadPlan.ChurnPairs; i++)
        {
            yield return NewAddress(NearIndex, address, 24, RequestKind.ChurnNewAddress);
            yield return DelAddress(NearIndex, address, 24, RequestKind.ChurnDelAddress);
        }
    }

    private static IEnumerable<WorkloadRequest> Query()
    {
        yield return GetLink(NearIndex);
        // The kernel has no RTM_GETADDR of one IPv4 address.
        yield return Get(RequestKind.GetAddress, RTM_GETADDR, None, new AddressMessage
        {
            Header = new IfAddrMsg(AF_INET6, 0, 0, 0, NearIndex),
            Address = Inet6(0, 1),
        });
        yield return Get(RequestKind.GetRoute, RTM_GETROUTE, None, new RouteMessage
        {
            Header = new RtMsg(AF_INET, 32, 0, 0, 0, 0, 0, 0, RouteFlags.None),
            Destination = InetAddress.FromIPv4((uint)InetDestination(0).Value + 7),
        });
        yield return DumpLinks();
        yield return DumpAddresses();
        yield return Get(RequestKind.DumpRoutes, RTM_GETROUTE, NLM_F_DUMP, new RouteMessage());
    }

    private static IEnumerable<WorkloadRequest> Teardown(WorkloadPlan plan)
    {
        for (int i = 0; i < plan.Interfaces; i++)
        {
            yield return Route(RequestKind.DelRoute, RTM_DELROUTE, None, InetDestination(i), 24, Inet(i, 254));
            yield return Route(RequestKind.DelRoute, RTM_DELROUTE, None, Inet6Destination(i), 64, Inet6(i, 254));
        }
        for (int i = 0; i < plan.Interfaces; i++)
        {
            yield return DelAddress(IndexOf(i), Inet(i, 1), 24);
            yield return DelAddress(IndexOf(i), Inet6(i, 1), 64);
        }
        for (int i = 0; i < plan.Interfaces; i++)
            yield return DelLink(IndexOf(i));
    }

    private static int IndexOf(int i) => i == 0 ? NearIndex : FarIndex + i;

    private static InetAddress Inet(int i, int host) => InetAddress.FromIPv4(0x0a00_0000u | (uint)(i << 16) | (uint)host);

    private static InetAddress Inet6(int i, int host) => InetAddress.FromIPv6(((UInt128)0x2001_0db8_0000_0000 << 64) | ((UInt128)(uint)i << 64) | (uint)host);

    private static InetAddress InetDestination(int i) => InetAddress.FromIPv4(0xc612_0000u | (uint)(i << 8));

    private static InetAddress Inet6Destination(int i) => InetAddress.FromIPv6((UInt128)(0x2001_0db8_0001_0000ul | (uint)i) << 64);

    private static AddressMessage Address(int index, InetAddress address, byte prefixLength) => new()
    {
        Header = new IfAddrMsg(address.Family, prefixLength, 0, 0, (uint)index),
        Local = address,
        Address = address,
    };

    private static WorkloadRequest Route(RequestKind kind, RtmType type, NetlinkFlags flags, InetAddress destination, byte prefixLength, InetAddress gateway) => Ask(kind, type, flags, new RouteMessage
    {
        Header = new RtMsg(destination.Family, prefixLength, 0, 0, (byte)RouteTableId.Main, RouteProtocol.Boot, 0, RouteType.RTN_UNICAST, RouteFlags.None),
        Destination = destination,
        Gateway = gateway,
    });

    /// <summary>A change, which is acknowledged.</summary>
    private static WorkloadRequest Ask<T>(RequestKind kind, RtmType type, NetlinkFlags flags, T message)
        where T : struct, INetlinkMessage<T> => Build(kind, type, flags | NLM_F_ACK, message);

    /// <summary>A question, whose answer is its acknowledgement.</summary>
    private static WorkloadRequest Get<T>(RequestKind kind, RtmType type, NetlinkFlags flags, T message)
        where T : struct, INetlinkMessage<T> => Build(kind, type, flags, message) with { IsDump = flags == NLM_F_DUMP };

    private static WorkloadRequest Build<T>(RequestKind kind, RtmType type, NetlinkFlags flags, T message)
        where T : struct, INetlinkMessage<T> => new(kind, Bytes((ref NetlinkWriter writer) =>
    {
        int start = writer.BeginMessage((ushort)type, flags | NLM_F_REQUEST, sequence: 0, portId: 0);
        message.Write(ref writer);
        writer.EndMessage(start);
    }));

    private delegate void Write(ref NetlinkWriter writer);

    private static byte[] Bytes(Write write)
    {
        byte[] buffer = new byte[1024];
        var writer = new NetlinkWriter(buffer);
        write(ref writer);
        return buffer[..writer.Position];
    }
}
