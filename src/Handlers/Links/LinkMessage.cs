using static SmallRtnl.Links.LinkAttributeType;

namespace SmallRtnl.Links;

/// <summary>RTM_NEWLINK, DELLINK, GETLINK and SETLINK: the attributes in the order in which <c>rtnl_fill_ifinfo</c> writes them.</summary>
[NetlinkMessage(RtmType.RTM_NEWLINK, Header = typeof(IfInfoMsg), MaxType = IFLA_TAILROOM, StrictFrom = IFLA_DPLL_PIN)]
public readonly partial record struct LinkMessage
{
    // MAX_TCP_HEADER + 1.
    private const int MinGsoSize = 193;

    // In replies, where the request named a namespace by id.
    [NetlinkAttribute(IFLA_TARGET_NETNSID)] public int? TargetNetnsId { get; init; }
    [NetlinkAttribute(IFLA_IFNAME)] public InterfaceName? Name { get; init; }
    [NetlinkAttribute(IFLA_TXQLEN)] public uint? TxQueueLength { get; init; }
    [NetlinkAttribute(IFLA_OPERSTATE)] public LinkOperState? OperState { get; init; }
    [NetlinkAttribute(IFLA_LINKMODE)] public byte? LinkMode { get; init; }
    [NetlinkAttribute(IFLA_NETNS_IMMUTABLE, Reject = true)] public byte? NetnsImmutable { get; init; }
    [NetlinkAttribute(IFLA_MTU)] public uint? Mtu { get; init; }
    [NetlinkAttribute(IFLA_MIN_MTU)] public uint? MinMtu { get; init; }
    [NetlinkAttribute(IFLA_MAX_MTU)] public uint? MaxMtu { get; init; }
    [NetlinkAttribute(IFLA_GROUP)] public uint? Group { get; init; }
    [NetlinkAttribute(IFLA_PROMISCUITY)] public uint? Promiscuity { get; init; }
    [NetlinkAttribute(IFLA_ALLMULTI, Reject = true)] public uint? AllMulticast { get; init; }
    [NetlinkAttribute(IFLA_NUM_TX_QUEUES)] public uint? TxQueues { get; init; }
    [NetlinkAttribute(IFLA_GSO_MAX_SEGS)] public uint? GsoMaxSegments { get; init; }
    [NetlinkAttribute(IFLA_GSO_MAX_SIZE, Min = MinGsoSize)] public uint? GsoMaxSize { get; init; }
    [NetlinkAttribute(IFLA_GRO_MAX_SIZE)] public uint? GroMaxSize { get; init; }
    [NetlinkAttribute(IFLA_GSO_IPV4_MAX_SIZE, Min = MinGsoSize)] public uint? GsoIpv4MaxSize { get; init; }
    [NetlinkAttribute(IFLA_GRO_IPV4_MAX_SIZE)] public uint? GroIpv4MaxSize { get; init; }
    [NetlinkAttribute(IFLA_TSO_MAX_SIZE, Reject = true)] public uint? TsoMaxSize { get; init; }
    [NetlinkAttribute(IFLA_TSO_MAX_SEGS, Reject = true)] public uint? TsoMaxSegments { get; init; }
    [NetlinkAttribute(IFLA_MAX_PACING_OFFLOAD_HORIZON, Reject = true, Unspecified = true)] public uint? MaxPacingOffloadHorizon { get; init; }
    [NetlinkAttribute(IFLA_NUM_RX_QUEUES)] public uint? RxQueues { get; init; }
    [NetlinkAttribute(IFLA_MASTER)] public uint? Master { get; init; }
    [NetlinkAttribute(IFLA_CARRIER)] public byte? Carrier { get; init; }
    [NetlinkAttribute(IFLA_IFALIAS, Binary = true, MaxLength = 255)] public NetlinkString? Alias { get; init; }
    [NetlinkAttribute(IFLA_CARRIER_CHANGES)] public uint? CarrierChanges { get; init; }
    [NetlinkAttribute(IFLA_CARRIER_UP_COUNT)] public uint? CarrierUpCount { get; init; }
    [NetlinkAttribute(IFLA_CARRIER_DOWN_COUNT)] public uint? CarrierDownCount { get; init; }
    [NetlinkAttribute(IFLA_HEADROOM, Reject = true)] public ushort? Headroom { get; init; }
    [NetlinkAttribute(IFLA_TAILROOM, Reject = true)] public ushort? Tailroom { get; init; }
    [NetlinkAttribute(IFLA_PROTO_DOWN)] public byte? ProtoDown { get; init; }
    [NetlinkAttribute(IFLA_ADDRESS)] public HardwareAddress? Address { get; init; }
    [NetlinkAttribute(IFLA_BROADCAST)] public HardwareAddress? Broadcast { get; init; }
    [NetlinkAttribute(IFLA_STATS64, Unspecified = true)] public NetlinkBytes? Stats64 { get; init; }
    [NetlinkAttribute(IFLA_STATS, Unspecified = true)] public NetlinkBytes? Stats { get; init; }
    [NetlinkAttribute(IFLA_XDP, PlainNest = true)] public XdpInfo? Xdp { get; init; }
    [NetlinkAttribute(IFLA_LINKINFO, PlainNest = true)] public LinkInfo? Info { get; init; }
    [NetlinkAttribute(IFLA_LINK_NETNSID)] public int? LinkNetnsId { get; init; }
    [NetlinkAttribute(IFLA_LINK, Unsigned = true)] public int? Link { get; init; }

    // In the DELLINK of a link that moves away: where it is from now on.
    [NetlinkAttribute(IFLA_NEW_NETNSID)] public int? NewNetnsId { get; init; }
    [NetlinkAttribute(IFLA_NEW_IFINDEX, Min = 1)] public int? NewIndex { get; init; }
    [NetlinkAttribute(IFLA_QDISC, Unspecified = true)] public NetlinkString? Qdisc { get; init; }
    [NetlinkAttribute(IFLA_AF_SPEC, PlainNest = true)] public LinkAfSpec? AfSpec { get; init; }
    [NetlinkAttribute(IFLA_MAP, Unspecified = true, MinLength = 32)] public NetlinkBytes? Map { get; init; }
    [NetlinkAttribute(IFLA_DEVLINK_PORT)] public DevlinkPort? DevlinkPort { get; init; }
    [NetlinkAttribute(IFLA_DPLL_PIN, Reject = true, Unspecified = true)] public DpllPin? DpllPin { get; init; }

    // Only in requests.
    [NetlinkAttribute(IFLA_ALT_IFNAME, MaxLength = 127)] public NetlinkString? AlternativeName { get; init; }
    [NetlinkAttribute(IFLA_EXT_MASK)] public LinkFilterMask? ExtMask { get; init; }
    [NetlinkAttribute(IFLA_NET_NS_PID)] public uint? NetNsPid { get; init; }
    [NetlinkAttribute(IFLA_NET_NS_FD)] public uint? NetNsFd { get; init; }
    [NetlinkAttribute(IFLA_VFINFO_LIST, Nested = true)] public NetlinkBytes? VirtualFunctions { get; init; }
    [NetlinkAttribute(IFLA_PROTINFO)] internal UnreadAttribute? ProtInfo { get; init; }

    // Refused for a link that exists, ignored for a new one: no kind here has ports, or can be held down.
    [NetlinkAttribute(IFLA_VF_PORTS)] internal UnreadNest? VirtualPorts { get; init; }
    [NetlinkAttribute(IFLA_PORT_SELF)] internal UnreadNest? OwnPort { get; init; }
    [NetlinkAttribute(IFLA_PROTO_DOWN_REASON)] internal UnreadNest? ProtoDownReason { get; init; }

    [NetlinkAttribute(IFLA_PERM_ADDRESS, Reject = true)] internal UnreadAttribute? PermanentAddress { get; init; }

    [NetlinkAttribute(IFLA_COST), Ignored("no policy and no reader in the kernel")] internal UnreadAttribute? Cost { get; init; }
    [NetlinkAttribute(IFLA_PRIORITY), Ignored("no policy and no reader in the kernel")] internal UnreadAttribute? Priority { get; init; }
    [NetlinkAttribute(IFLA_WIRELESS), Ignored("the kernel says it, and reads it nowhere")] internal UnreadAttribute? Wireless { get; init; }
    [NetlinkAttribute(IFLA_WEIGHT), Ignored("a policy, and no reader in the kernel")] internal UnreadUInt32? Weight { get; init; }
    [NetlinkAttribute(IFLA_NUM_VF), Ignored("the kernel says it, and reads it nowhere")] internal UnreadAttribute? VirtualFunctionCount { get; init; }
    [NetlinkAttribute(IFLA_PHYS_PORT_ID, MaxLength = 32), Ignored("the kernel says it, and reads it nowhere")] internal UnreadAttribute? PhysicalPortId { get; init; }
    [NetlinkAttribute(IFLA_PHYS_SWITCH_ID, MaxLength = 32), Ignored("the kernel says it, and reads it nowhere")] internal UnreadAttribute? PhysicalSwitchId { get; init; }
    [NetlinkAttribute(IFLA_PHYS_PORT_NAME), Ignored("the kernel says it, and reads it nowhere")] internal UnreadAttribute? PhysicalPortName { get; init; }
    [NetlinkAttribute(IFLA_PAD), Ignored("fills a gap")] internal UnreadAttribute? Pad { get; init; }
    [NetlinkAttribute(IFLA_EVENT), Ignored("the kernel says it, and reads it nowhere")] internal UnreadUInt32? Event { get; init; }
    [NetlinkAttribute(IFLA_PROP_LIST), Ignored("read by RTM_NEWLINKPROP and DELLINKPROP, which are not served")] internal UnreadNest? Properties { get; init; }
    [NetlinkAttribute(IFLA_PARENT_DEV_NAME), Ignored("read by wwan, which is not here")] internal UnreadText? ParentDeviceName { get; init; }
    [NetlinkAttribute(IFLA_PARENT_DEV_BUS_NAME), Ignored("the kernel says it, and reads it nowhere")] internal UnreadAttribute? ParentBusName { get; init; }
}
