using static SmallRtnl.NetConf.NetConfAttributeType;

namespace SmallRtnl.NetConf;

/// <summary>The attributes of netconf messages (linux/netconf.h).</summary>
internal static class NetConfAttributeType
{
    public const ushort NETCONFA_IFINDEX = 1;
    public const ushort NETCONFA_FORWARDING = 2;
    public const ushort NETCONFA_RP_FILTER = 3;
    public const ushort NETCONFA_MC_FORWARDING = 4;
    public const ushort NETCONFA_PROXY_NEIGH = 5;
    public const ushort NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN = 6;
    public const ushort NETCONFA_INPUT = 7;
    public const ushort NETCONFA_BC_FORWARDING = 8;
    public const ushort NETCONFA_FORCE_FORWARDING = 9;
}

/// <summary>RTM_NEWNETCONF of either family: a link's switches, in the order of <c>inet_netconf_fill_devconf</c>.</summary>
[NetlinkMessage(RtmType.RTM_NEWNETCONF, Header = typeof(RtGenMsg), MaxType = NETCONFA_FORCE_FORWARDING)]
internal readonly partial record struct NetConfMessage
{
    /// <summary>NETCONFA_IFINDEX_ALL: what holds for every link.</summary>
    internal const int All = -1;

    /// <summary>NETCONFA_IFINDEX_DEFAULT: what a new link begins with.</summary>
    internal const int Default = -2;

    private static readonly GetRules s_dumpInet = Dump("ipv4");
    private static readonly GetRules s_dumpInet6 = Dump("ipv6");
    private static readonly GetRules s_getInet = Get("ipv4");
    private static readonly GetRules s_getInet6 = Get("ipv6");

    [NetlinkAttribute(NETCONFA_IFINDEX)] public int? Index { get; init; }
    [NetlinkAttribute(NETCONFA_FORWARDING)] public int? Forwarding { get; init; }
    [NetlinkAttribute(NETCONFA_RP_FILTER)] public int? ReversePathFilter { get; init; }
    [NetlinkAttribute(NETCONFA_MC_FORWARDING)] public int? MulticastForwarding { get; init; }
    [NetlinkAttribute(NETCONFA_BC_FORWARDING)] public int? BroadcastForwarding { get; init; }
    [NetlinkAttribute(NETCONFA_PROXY_NEIGH)] public int? ProxyNeighbours { get; init; }
    [NetlinkAttribute(NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN)] public int? IgnoreRoutesWithLinkDown { get; init; }

    static GetRules? INetlinkMessage<NetConfMessage>.GetRulesOf(ProtocolFamily family, bool isDump) =>
        (family == ProtocolFamily.AF_INET6, isDump) switch
        {
            (true, true) => s_dumpInet6,
            (true, false) => s_getInet6,
            (false, true) => s_dumpInet,
            _ => s_getInet,
        };

    private static GetRules Dump(string family) => new()
    {
        ShortHeader = $"{family}: Invalid header for netconf dump request",
        DataBehindHeader = $"{family}: Invalid data after header in netconf dump request",
        LenientDump = LenientDump.Ignored,
    };

    private static GetRules Get(string family) => new()
    {
        ShortHeader = $"{family}: Invalid header for netconf get request",
        Attributes = [NETCONFA_IFINDEX],
        UnsupportedAttribute = $"{family}: Unsupported attribute in netconf get request",
    };
}
