using System.Collections.Immutable;
using static SmallRtnl.Routes.RouteAttributeType;
using static SmallRtnl.Routes.RouteFlags;

namespace SmallRtnl.Routes;

/// <summary>What a GETROUTE may say (<c>inet_rtm_valid_getroute_req</c> and its IPv6 twin, <c>ip_valid_fib_dump_req</c>).</summary>
public readonly partial record struct RouteMessage
{
    private const RouteFlags AllFlags = (RouteFlags)uint.MaxValue;
    private static readonly ushort[] s_lookup = [RTA_IIF, RTA_OIF, RTA_SRC, RTA_DST, RTA_IP_PROTO, RTA_SPORT, RTA_DPORT, RTA_MARK, RTA_UID];

    private static readonly ImmutableArray<ushort> s_unknownToInet = [RTA_CACHEINFO, RTA_PREF, RTA_EXPIRES];

    private static readonly GetRules s_getInet = Get(
        32,
        RTM_F_NOTIFY | RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH,
        "ipv4: Unsupported rtm_flags for route get request",
        "ipv4: rtm_src_len and rtm_dst_len must be 32 for IPv4") with
    {
        ShortHeader = "ipv4: Invalid header for route get request",
        Attributes = s_lookup,
        UnsupportedAttribute = "ipv4: Unsupported attribute in route get request",
        Unjudged = s_unknownToInet,
    };

    private static readonly GetRules s_getInet6 = Get(
        128,
        RTM_F_FIB_MATCH,
        "ipv6: Invalid flags for get route request",
        "ipv6: rtm_src_len and rtm_dst_len must be 128 for IPv6") with
    {
        ShortHeader = "ipv6: Invalid header for get route request",
        Attributes = [.. s_lookup, RTA_FLOWLABEL],
        UnsupportedAttribute = "ipv6: Unsupported attribute in get route request",
        Unjudged = [RTA_FLOW, RTA_CACHEINFO],
    };

    private static readonly GetRules s_getMulticast = new()
    {
        ShortHeader = "ipv4: Invalid header for multicast route get request",
        Header = [HeaderCheck.Only(new RtMsg { DestinationLength = 32, SourceLength = 32 }, "ipv4: Invalid values in header for multicast route get request")],
        HeaderOfAttributes = s_getInet.HeaderOfAttributes,
        Attributes = [RTA_SRC, RTA_DST, RTA_TABLE],
        UnsupportedAttribute = "ipv4: Unsupported attribute in multicast route get request",
        Unjudged = s_unknownToInet,
        JudgedAs = ProtocolFamily.AF_INET,
    };

    internal static GetRules DumpRules { get; } = new()
    {
        ShortHeader = "Invalid header for FIB dump request",
        Header =
        [
            HeaderCheck.Only(Free(0, AllFlags), "Invalid values in header for FIB dump request"),
            HeaderCheck.Only(Free(0, RTM_F_CLONED | RTM_F_PREFIX), "Invalid flags for FIB dump request"),
        ],
        Attributes = [RTA_TABLE, RTA_OIF],
        UnsupportedAttribute = "Unsupported attribute in dump request",
        Unjudged = s_unknownToInet,
        // IPv4's policies serve the dumps of every family.
        JudgedAs = ProtocolFamily.AF_INET,
        LenientDump = LenientDump.Ignored,
    };

    /// <inheritdoc/>
    static GetRules? INetlinkMessage<RouteMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => (isDump, family) switch
    {
        (true, _) => DumpRules,
        (_, ProtocolFamily.AF_INET6) => s_getInet6,
        (_, ProtocolFamily.RTNL_FAMILY_IPMR) => s_getMulticast,
        _ => s_getInet,
    };

    private static GetRules Get(byte bits, RouteFlags flags, string invalidFlags, string invalidLengths)
    {
        string of = bits == 32 ? "ipv4: Invalid values in header for route get request" : "ipv6: Invalid values in header for get route request";
        return new GetRules
        {
            Header =
            [
                HeaderCheck.Only(new RtMsg { DestinationLength = bits, SourceLength = bits, Tos = byte.MaxValue, Flags = AllFlags }, of),
                HeaderCheck.Only(Free(byte.MaxValue, flags), invalidFlags),
            ],
            HeaderOfAttributes =
            [
                (RTA_SRC, HeaderCheck.Any(new RtMsg { SourceLength = bits }, invalidLengths)),
                (RTA_DST, HeaderCheck.Any(new RtMsg { DestinationLength = bits }, invalidLengths)),
            ],
        };
    }

    /// <summary>A header in which lengths and type of service may be so, the flags so, and what filters a dump anything.</summary>
    private static RtMsg Free(byte lengths, RouteFlags flags) => new()
    {
        DestinationLength = lengths,
        SourceLength = lengths,
        Tos = lengths,
        Table = byte.MaxValue,
        Protocol = byte.MaxValue,
        Type = (RouteType)byte.MaxValue,
        Flags = flags,
    };
}
