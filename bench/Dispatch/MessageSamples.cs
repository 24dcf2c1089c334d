using SmallRtnl.Addresses;
using SmallRtnl.Links;
using SmallRtnl.Routes;
using static SmallRtnl.NetlinkFlags;
using static SmallRtnl.RtmType;

namespace SmallRtnl.Bench;

/// <summary>Requests as iproute2 sends them.</summary>
internal static class MessageSamples
{
    /// <summary><c>ip address add 10.1.2.3/24 brd + dev eth0 label eth0:1</c>.</summary>
    public static byte[] Address()
    {
        byte[] buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, 1, 0);
        writer.PutStruct(new IfAddrMsg(ProtocolFamily.AF_INET, 24, 0, 0, 1));
        writer.PutBytes(AddressAttributeType.IFA_LOCAL, [10, 1, 2, 3]);
        writer.PutBytes(AddressAttributeType.IFA_ADDRESS, [10, 1, 2, 3]);
        writer.PutBytes(AddressAttributeType.IFA_BROADCAST, [10, 1, 2, 255]);
        writer.PutString(AddressAttributeType.IFA_LABEL, "eth0:1"u8);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    /// <summary><c>ip route add 10.9.0.0/16 via 10.1.2.1 dev eth0 metric 100</c>.</summary>
    public static byte[] Route()
    {
        byte[] buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)RTM_NEWROUTE, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, 1, 0);
        writer.PutStruct(new RtMsg(ProtocolFamily.AF_INET, 16, 0, 0, Table: 254, Protocol: 3, Scope: 0, RouteType.RTN_UNICAST, default));
        writer.PutBytes(RouteAttributeType.RTA_DST, [10, 9, 0, 0]);
        writer.PutBytes(RouteAttributeType.RTA_GATEWAY, [10, 1, 2, 1]);
        writer.Put(RouteAttributeType.RTA_PRIORITY, 100u);
        writer.Put(RouteAttributeType.RTA_OIF, 1u);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    /// <summary><c>ip link add v0 mtu 1400 type veth peer name v1</c>.</summary>
    public static byte[] Link()
    {
        byte[] buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, 1, 0);
        writer.PutStruct(default(IfInfoMsg));
        writer.Put(LinkAttributeType.IFLA_MTU, 1400u);
        writer.PutString(LinkAttributeType.IFLA_IFNAME, "v0"u8);
        int info = writer.BeginNest(LinkAttributeType.IFLA_LINKINFO, plain: true);
        writer.PutBytes(LinkAttributeType.IFLA_INFO_KIND, "veth"u8);
        int data = writer.BeginNest(LinkAttributeType.IFLA_INFO_DATA, plain: true);
        int peer = writer.BeginNest(LinkAttributeType.VETH_INFO_PEER, plain: true);
        writer.PutStruct(default(IfInfoMsg));
        writer.PutString(LinkAttributeType.IFLA_IFNAME, "v1"u8);
        writer.EndNest(peer);
        writer.EndNest(data);
        writer.EndNest(info);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }
}
