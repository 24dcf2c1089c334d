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

    [NetlinkAttribute(NETCONFA_IFINDEX)] public int? Index { get; init; }
    [NetlinkAttribute(NETCONFA_FORWARDING)] public int? Forwarding { get; init; }
    [NetlinkAttribute(NETCONFA_RP_FILTER)] public int? ReversePathFilter { get; init; }
    [NetlinkAttribute(NETCONFA_MC_FORWARDING)] public int? MulticastForwarding { get; init; }
    [NetlinkAttribute(NETCONFA_BC_FORWARDING)] public int? BroadcastForwarding { get; init; }
    [NetlinkAttribute(NETCONFA_PROXY_NEIGH)] public int? ProxyNeighbours { get; init; }
    [NetlinkAttribute(NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN)] public int? IgnoreRoutesWithLinkDown { get; init; }

    static GetRules? INetlinkMessage<NetConfMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => family == ProtocolFamily.AF_INET6 ? s_dumpInet6 : s_dumpInet;

    private static GetRules Dump(string family) => new()
    {
        ShortHeader = $"{family}: Invalid header for netconf dump request",
        DataBehindHeader = $"{family}: Invalid data after header in netconf dump request",
        LenientDump = LenientDump.Ignored,
    };
}

/// <summary>RTM_GETNETCONF of IPv4 for one link (<c>inet_netconf_valid_get_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNETCONF, Header = typeof(RtGenMsg), MaxType = NETCONFA_FORCE_FORWARDING)]
internal readonly partial record struct NetConfGetMessage
{
    private static readonly GetRules s_get = new()
    {
        Attributes = [NETCONFA_IFINDEX],
        UnsupportedAttribute = "ipv4: Unsupported attribute in netconf get request",
    };

    [NetlinkAttribute(NETCONFA_IFINDEX, Unspecified = true)] public Switch? Index { get; init; }
    [NetlinkAttribute(NETCONFA_FORWARDING, Unspecified = true), Ignored(Switch.Judged)] public Switch? Forwarding { get; init; }
    [NetlinkAttribute(NETCONFA_RP_FILTER, Unspecified = true), Ignored(Switch.Judged)] public Switch? ReversePathFilter { get; init; }
    [NetlinkAttribute(NETCONFA_PROXY_NEIGH, Unspecified = true), Ignored(Switch.Judged)] public Switch? ProxyNeighbours { get; init; }
    [NetlinkAttribute(NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, Unspecified = true), Ignored(Switch.Judged)] public Switch? IgnoreRoutesWithLinkDown { get; init; }

    static GetRules? INetlinkMessage<NetConfGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}

/// <summary>RTM_GETNETCONF of IPv6 for one link (<c>inet6_netconf_valid_get_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNETCONF, Header = typeof(RtGenMsg), MaxType = NETCONFA_FORCE_FORWARDING)]
internal readonly partial record struct Inet6NetConfGetMessage
{
    private static readonly GetRules s_get = new()
    {
        Attributes = [NETCONFA_IFINDEX],
        UnsupportedAttribute = "ipv6: Unsupported attribute in netconf get request",
    };

    [NetlinkAttribute(NETCONFA_IFINDEX, Unspecified = true)] public Switch? Index { get; init; }
    [NetlinkAttribute(NETCONFA_FORWARDING, Unspecified = true), Ignored(Switch.Judged)] public Switch? Forwarding { get; init; }
    [NetlinkAttribute(NETCONFA_PROXY_NEIGH, Unspecified = true), Ignored(Switch.Judged)] public Switch? ProxyNeighbours { get; init; }
    [NetlinkAttribute(NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, Unspecified = true), Ignored(Switch.Judged)] public Switch? IgnoreRoutesWithLinkDown { get; init; }

    static GetRules? INetlinkMessage<Inet6NetConfGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}

/// <summary>A value that is judged by its length alone.</summary>
internal readonly record struct Switch(int Value)
{
    public const string Judged = "judged, and refused by who checks strictly";
}
