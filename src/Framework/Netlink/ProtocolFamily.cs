namespace SmallRtnl;

/// <summary>The protocol families that rtnetlink messages name in their first byte.</summary>
public enum ProtocolFamily : byte
{
    PF_UNSPEC = 0,
    AF_UNSPEC = 0,
    AF_INET = 2,
    AF_BRIDGE = 7,
    AF_INET6 = 10,
    AF_PACKET = 17,
    AF_MPLS = 28,
    RTNL_FAMILY_IPMR = 128,
    RTNL_FAMILY_IP6MR = 129,
    RTNL_FAMILY_MAX = 129,
}
