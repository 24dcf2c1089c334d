using static SmallRtnl.Links.LinkAttributeType;

namespace SmallRtnl.Links;

/// <summary>IFLA_LINKINFO: the kind, and what the kind itself defines.</summary>
[NetlinkNest(MaxType = IFLA_INFO_SLAVE_DATA)]
public readonly partial record struct LinkInfo
{
    [NetlinkAttribute(IFLA_INFO_KIND)] public NetlinkString? Kind { get; init; }

    /// <summary>What a kind defines that is not known here.</summary>
    [NetlinkAttribute(IFLA_INFO_DATA, Selector = nameof(Kind))] public NetlinkBytes? Data { get; init; }

    /// <summary>What a veth's data say.</summary>
    [NetlinkSubMessage(nameof(Data), "veth")] public VethInfo? Veth { get; init; }

    [NetlinkAttribute(IFLA_INFO_XSTATS), Ignored("the kernel says it, and reads it nowhere")] internal UnreadAttribute? Counters { get; init; }

    // What the master's kind defines; no link here has one.
    [NetlinkAttribute(IFLA_INFO_SLAVE_KIND), Ignored("the master's kind is known by the master: what the request says of it is not read")]
    internal NetlinkString? SlaveKind { get; init; }

    [NetlinkAttribute(IFLA_INFO_SLAVE_DATA)] internal UnreadNest? SlaveData { get; init; }

    internal bool HasData => Data is not null || Veth is not null;
}

/// <summary>IFLA_INFO_DATA of a veth.</summary>
[NetlinkNest]
public readonly partial record struct VethInfo
{
    /// <summary>A message of its own: ifinfomsg and attributes, which could not contain itself otherwise.</summary>
    [NetlinkAttribute(VETH_INFO_PEER, Unspecified = true, MinLength = 16)] public NetlinkBytes? Peer { get; init; }
}

/// <summary>IFLA_XDP.</summary>
[NetlinkNest(StrictFrom = IFLA_XDP_EXPECTED_FD)]
public readonly partial record struct XdpInfo
{
    [NetlinkAttribute(IFLA_XDP_FD)] public int? Program { get; init; }
    [NetlinkAttribute(IFLA_XDP_ATTACHED)] public byte? Attached { get; init; }
    [NetlinkAttribute(IFLA_XDP_FLAGS)] public uint? Flags { get; init; }
    [NetlinkAttribute(IFLA_XDP_PROG_ID)] internal UnreadUInt32? ProgramId { get; init; }
    [NetlinkAttribute(IFLA_XDP_EXPECTED_FD)] internal UnreadUInt32? ExpectedProgram { get; init; }
}

/// <summary>IFLA_DEVLINK_PORT; empty for a link that is no port.</summary>
[NetlinkNest]
public readonly partial record struct DevlinkPort
{
    [NetlinkAttribute(3)] public uint? Index { get; init; }
}

/// <summary>IFLA_DPLL_PIN; empty for a link without a pin.</summary>
[NetlinkNest]
public readonly partial record struct DpllPin
{
    [NetlinkAttribute(1)] public uint? Id { get; init; }
}

/// <summary>IFLA_AF_SPEC: what each address family keeps for the link.</summary>
[NetlinkNest(MaxType = 0x3fff)]
public readonly partial record struct LinkAfSpec
{
    [NetlinkAttribute((ushort)ProtocolFamily.AF_INET, PlainNest = true)] public InetLinkInfo? Inet { get; init; }
    [NetlinkAttribute((ushort)ProtocolFamily.AF_INET6, PlainNest = true)] public Inet6LinkInfo? Inet6 { get; init; }

    // A family that keeps nothing of a link that could be set.
    [NetlinkAttribute((ushort)ProtocolFamily.AF_BRIDGE)] internal UnreadAttribute? Bridge { get; init; }
}

/// <summary>AF_INET in IFLA_AF_SPEC (<c>inet_fill_link_af</c>).</summary>
[NetlinkNest]
public readonly partial record struct InetLinkInfo
{
    [NetlinkAttribute(IFLA_INET_CONF)] public InetDeviceConf? Conf { get; init; }
}

/// <summary>AF_INET6 in IFLA_AF_SPEC, and IFLA_PROTINFO of an AF_INET6 link message (<c>inet6_fill_ifla6_attrs</c>).</summary>
[NetlinkNest]
public readonly partial record struct Inet6LinkInfo
{
    [NetlinkAttribute(IFLA_INET6_FLAGS)] public uint? Flags { get; init; }
    [NetlinkAttribute(IFLA_INET6_CACHEINFO)] public Inet6CacheInfo? CacheInfo { get; init; }
    [NetlinkAttribute(IFLA_INET6_CONF)] public Inet6DeviceConf? Conf { get; init; }
    [NetlinkAttribute(IFLA_INET6_STATS)] public NetlinkBytes? Stats { get; init; }
    [NetlinkAttribute(IFLA_INET6_ICMP6STATS)] public NetlinkBytes? Icmp6Stats { get; init; }
    [NetlinkAttribute(IFLA_INET6_TOKEN, Unspecified = true)] public Inet6Token? Token { get; init; }
    [NetlinkAttribute(IFLA_INET6_ADDR_GEN_MODE)] public Inet6AddressGeneration? AddressGeneration { get; init; }
    [NetlinkAttribute(IFLA_INET6_RA_MTU, Reject = true, RejectMessage = "IFLA_INET6_RA_MTU can not be set")] internal UnreadAttribute? AdvertisedMtu { get; init; }
}
