namespace SmallRtnl.Links;

/// <summary>The attributes of link messages (linux/if_link.h).</summary>
public static class LinkAttributeType
{
    public const ushort IFLA_ADDRESS = 1;
    public const ushort IFLA_BROADCAST = 2;
    public const ushort IFLA_IFNAME = 3;
    public const ushort IFLA_MTU = 4;
    public const ushort IFLA_LINK = 5;
    public const ushort IFLA_QDISC = 6;
    public const ushort IFLA_STATS = 7;
    public const ushort IFLA_COST = 8;
    public const ushort IFLA_PRIORITY = 9;
    public const ushort IFLA_MASTER = 10;
    public const ushort IFLA_WIRELESS = 11;
    public const ushort IFLA_PROTINFO = 12;
    public const ushort IFLA_TXQLEN = 13;
    public const ushort IFLA_MAP = 14;
    public const ushort IFLA_WEIGHT = 15;
    public const ushort IFLA_OPERSTATE = 16;
    public const ushort IFLA_LINKMODE = 17;
    public const ushort IFLA_LINKINFO = 18;
    public const ushort IFLA_NET_NS_PID = 19;
    public const ushort IFLA_IFALIAS = 20;
    public const ushort IFLA_NUM_VF = 21;
    public const ushort IFLA_VFINFO_LIST = 22;
    public const ushort IFLA_STATS64 = 23;
    public const ushort IFLA_VF_PORTS = 24;
    public const ushort IFLA_PORT_SELF = 25;
    public const ushort IFLA_AF_SPEC = 26;
    public const ushort IFLA_GROUP = 27;
    public const ushort IFLA_NET_NS_FD = 28;
    public const ushort IFLA_EXT_MASK = 29;
    public const ushort IFLA_PROMISCUITY = 30;
    public const ushort IFLA_NUM_TX_QUEUES = 31;
    public const ushort IFLA_NUM_RX_QUEUES = 32;
    public const ushort IFLA_CARRIER = 33;
    public const ushort IFLA_PHYS_PORT_ID = 34;
    public const ushort IFLA_CARRIER_CHANGES = 35;
    public const ushort IFLA_PHYS_SWITCH_ID = 36;
    public const ushort IFLA_LINK_NETNSID = 37;
    public const ushort IFLA_PHYS_PORT_NAME = 38;
    public const ushort IFLA_PROTO_DOWN = 39;
    public const ushort IFLA_GSO_MAX_SEGS = 40;
    public const ushort IFLA_GSO_MAX_SIZE = 41;
    public const ushort IFLA_PAD = 42;
    public const ushort IFLA_XDP = 43;
    public const ushort IFLA_EVENT = 44;
    public const ushort IFLA_NEW_NETNSID = 45;
    public const ushort IFLA_TARGET_NETNSID = 46;
    public const ushort IFLA_CARRIER_UP_COUNT = 47;
    public const ushort IFLA_CARRIER_DOWN_COUNT = 48;
    public const ushort IFLA_NEW_IFINDEX = 49;
    public const ushort IFLA_MIN_MTU = 50;
    public const ushort IFLA_MAX_MTU = 51;
    public const ushort IFLA_PROP_LIST = 52;
    public const ushort IFLA_ALT_IFNAME = 53;
    public const ushort IFLA_PERM_ADDRESS = 54;
    public const ushort IFLA_PROTO_DOWN_REASON = 55;
    public const ushort IFLA_PARENT_DEV_NAME = 56;
    public const ushort IFLA_PARENT_DEV_BUS_NAME = 57;
    public const ushort IFLA_GRO_MAX_SIZE = 58;
    public const ushort IFLA_TSO_MAX_SIZE = 59;
    public const ushort IFLA_TSO_MAX_SEGS = 60;
    public const ushort IFLA_ALLMULTI = 61;
    public const ushort IFLA_DEVLINK_PORT = 62;
    public const ushort IFLA_GSO_IPV4_MAX_SIZE = 63;
    public const ushort IFLA_GRO_IPV4_MAX_SIZE = 64;
    public const ushort IFLA_DPLL_PIN = 65;
    public const ushort IFLA_MAX_PACING_OFFLOAD_HORIZON = 66;
    public const ushort IFLA_NETNS_IMMUTABLE = 67;
    public const ushort IFLA_HEADROOM = 68;
    public const ushort IFLA_TAILROOM = 69;

    /// <summary>In IFLA_LINKINFO.</summary>
    public const ushort IFLA_INFO_KIND = 1;

    /// <summary>In IFLA_LINKINFO: what the kind itself defines.</summary>
    public const ushort IFLA_INFO_DATA = 2;

    /// <summary>In IFLA_LINKINFO: the kind's counters.</summary>
    public const ushort IFLA_INFO_XSTATS = 3;

    /// <summary>In IFLA_LINKINFO: the master's kind.</summary>
    public const ushort IFLA_INFO_SLAVE_KIND = 4;

    /// <summary>In IFLA_LINKINFO: what the master's kind defines of its slaves.</summary>
    public const ushort IFLA_INFO_SLAVE_DATA = 5;

    /// <summary>In IFLA_INFO_DATA of a veth: the peer's own ifinfomsg and attributes.</summary>
    public const ushort VETH_INFO_PEER = 1;

    public const ushort IFLA_XDP_FD = 1;
    public const ushort IFLA_XDP_ATTACHED = 2;
    public const ushort IFLA_XDP_FLAGS = 3;
    public const ushort IFLA_XDP_PROG_ID = 4;
    public const ushort IFLA_XDP_EXPECTED_FD = 8;

    /// <summary>In IFLA_AF_SPEC's AF_INET.</summary>
    public const ushort IFLA_INET_CONF = 1;

    public const ushort IFLA_INET6_FLAGS = 1;
    public const ushort IFLA_INET6_CONF = 2;
    public const ushort IFLA_INET6_STATS = 3;
    public const ushort IFLA_INET6_MCAST = 4;
    public const ushort IFLA_INET6_CACHEINFO = 5;
    public const ushort IFLA_INET6_ICMP6STATS = 6;
    public const ushort IFLA_INET6_TOKEN = 7;
    public const ushort IFLA_INET6_ADDR_GEN_MODE = 8;
    public const ushort IFLA_INET6_RA_MTU = 9;
}
