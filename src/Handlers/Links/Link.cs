namespace SmallRtnl.Links;

/// <summary>One version of a link. Immutable; a change makes a new one and stages the table that holds it.</summary>
public sealed record Link
{
    /// <summary>IPV6_MIN_MTU, bytes.</summary>
    private const uint Inet6MinMtu = 1280;

    /// <summary>The device's identity.</summary>
    public required NetDevice Device { get; init; }

    /// <summary>The interface index, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>IFLA_IFNAME.</summary>
    public required InterfaceName Name { get; init; }

    /// <summary>The kind: "veth", "dummy", "ifb"; null for the loopback device.</summary>
    public required LinkKind Kind { get; init; }

    /// <summary>The flags that are set by configuration (IFF_UP, IFF_NOARP, IFF_PROMISC …) or fixed by the kind.</summary>
    public LinkFlags Flags { get; init; }

    /// <summary>Whether it has a carrier: for veth, whether its peer is up as well.</summary>
    public bool HasCarrier { get; init; }

    /// <summary>Bytes.</summary>
    public uint Mtu { get; init; }

    /// <summary>IFLA_TXQLEN, packets.</summary>
    public uint TxQueueLength { get; init; }

    /// <summary>IFLA_GROUP.</summary>
    public uint Group { get; init; }

    /// <summary>The link-layer address.</summary>
    public HardwareAddress Address { get; init; }

    /// <summary>The link-layer broadcast address.</summary>
    public HardwareAddress Broadcast { get; init; }

    /// <summary>IFLA_IFALIAS, the bytes as they were given; null for none.</summary>
    public byte[]? Alias { get; init; }

    /// <summary>How often the carrier went up.</summary>
    public uint CarrierUpCount { get; init; }

    /// <summary>How often the carrier went down.</summary>
    public uint CarrierDownCount { get; init; }

    /// <summary>Whether it is administratively up.</summary>
    public bool IsUp => (Flags & LinkFlags.IFF_UP) != 0;

    /// <summary>The operational state last found (<c>dev-&gt;operstate</c>): follows the carrier one step behind, when the link watch has run.</summary>
    public LinkOperState StoredOperState { get; init; }

    /// <summary>IFLA_OPERSTATE: down whenever the link is not up.</summary>
    public LinkOperState OperState => IsUp ? StoredOperState : LinkOperState.Down;

    /// <summary>IFLA_LINKMODE.</summary>
    public byte LinkMode { get; init; }

    /// <summary>How many want all packets; IFF_PROMISC while there is one.</summary>
    public uint Promiscuity { get; init; }

    /// <summary>How many want all multicast packets; IFF_ALLMULTI while there is one.</summary>
    public uint AllMulticast { get; init; }

    /// <summary>The root queueing discipline.</summary>
    public LinkQdisc Qdisc { get; init; } = LinkQdisc.Noop;

    /// <summary>IFLA_NUM_TX_QUEUES.</summary>
    public uint TxQueues { get; init; } = 1;

    /// <summary>IFLA_NUM_RX_QUEUES.</summary>
    public uint RxQueues { get; init; } = 1;

    /// <summary>IFLA_LINK: the peer's index in the peer's namespace, 0 once there is none; null for kinds that stand on nothing.</summary>
    public int? LinkIndex { get; init; }

    /// <summary>IFLA_LINK_NETNSID: the id of the peer's namespace; null where it is this one.</summary>
    public int? LinkNetnsId { get; init; }

    /// <summary>IFLA_INET6_ADDR_GEN_MODE.</summary>
    public Inet6AddressGeneration AddressGeneration { get; init; }

    /// <summary>IFLA_INET6_TOKEN.</summary>
    public Inet6Token Inet6Token { get; init; }

    /// <summary>Whether IPv6 has anything to do with it: not below the smallest MTU that IPv6 knows.</summary>
    public bool HasInet6 => Mtu >= Inet6MinMtu;

    /// <summary>The limits of its offloads.</summary>
    public LinkOffload Offload { get; init; } = LinkOffload.Default;

    /// <summary>IFLA_INET6_FLAGS (IF_READY and its kin).</summary>
    public uint Inet6Flags { get; init; }

    /// <summary>When the link's IPv6 state last changed, hundredths of a second since boot.</summary>
    public uint Inet6Timestamp { get; init; }

    /// <summary>The link's random reachable time, milliseconds.</summary>
    public uint ReachableTime { get; init; }

    /// <summary>Whether it is up and operational (IFF_RUNNING, <c>netif_oper_up</c>).</summary>
    public bool IsRunning => OperState is LinkOperState.Up or LinkOperState.Unknown;

    /// <summary>Whether it is the loopback device.</summary>
    public bool IsLoopback => (Flags & LinkFlags.IFF_LOOPBACK) != 0;
}
