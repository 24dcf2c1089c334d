using static SmallRtnl.Links.LinkAttributeType;

namespace SmallRtnl.Links;

/// <summary>What a GETLINK may say (<c>rtnl_valid_getlink_req</c>, <c>rtnl_valid_dump_ifinfo_req</c>, <c>valid_bridge_getlink_req</c>).</summary>
public readonly partial record struct LinkMessage
{
    private static readonly IfInfoMsg s_index = new() { Index = -1 };

    private static readonly GetRules s_get = new()
    {
        ShortHeader = "Invalid header for get link",
        Header = [HeaderCheck.Only(in s_index, "Invalid values in header for get link request")],
        Attributes = [IFLA_IFNAME, IFLA_ALT_IFNAME, IFLA_EXT_MASK, IFLA_TARGET_NETNSID],
        UnsupportedAttribute = "Unsupported attribute in get link request",
        Unjudged = [IFLA_NEW_NETNSID, IFLA_DEVLINK_PORT],
    };

    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "Invalid header for link dump",
        Header =
        [
            HeaderCheck.Only(in s_index, "Invalid values in header for link dump request"),
            HeaderCheck.Only(default(IfInfoMsg), "Filter by device index not supported for link dumps"),
        ],
        Attributes = [IFLA_TARGET_NETNSID, IFLA_EXT_MASK, IFLA_MASTER, IFLA_LINKINFO],
        UnsupportedAttribute = "Unsupported attribute in link dump request",
        Unjudged = [IFLA_NEW_NETNSID, IFLA_DEVLINK_PORT],
        LenientDump = LenientDump.ToleratedBehindFamily,
    };

    private static readonly GetRules s_dumpBridge = new()
    {
        ShortHeader = "Invalid header for bridge link dump",
        Header = [HeaderCheck.Only(default(IfInfoMsg), "Invalid values in header for bridge link dump request")],
        Attributes = [IFLA_EXT_MASK],
        UnsupportedAttribute = "Unsupported attribute in bridge link dump request",
        Unjudged = [IFLA_NEW_NETNSID, IFLA_DEVLINK_PORT],
        LenientDump = LenientDump.Tolerated,
    };

    /// <inheritdoc/>
    static GetRules? INetlinkMessage<LinkMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => !isDump ? s_get : family == ProtocolFamily.AF_BRIDGE ? s_dumpBridge : s_dump;
}

/// <summary>What a GETLINK of IPv6 may say (<c>inet6_valid_dump_ifinfo</c>).</summary>
public readonly partial record struct Inet6LinkMessage
{
    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "ipv6: Invalid header for link dump request",
        Header = [HeaderCheck.Only(default(IfInfoMsg), "ipv6: Invalid values in header for dump request")],
        DataBehindHeader = "ipv6: Invalid data after header",
        DataFirst = true,
        LenientDump = LenientDump.Ignored,
    };

    /// <inheritdoc/>
    static GetRules? INetlinkMessage<Inet6LinkMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}
