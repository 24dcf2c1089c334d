using SmallRtnl.Routes;
using static SmallRtnl.Routes.RouteAttributeType;

namespace SmallRtnl.MulticastRoutes;

/// <summary>RTM_GETROUTE of RTNL_FAMILY_IPMR for one route (<c>ipmr_rtm_valid_getroute_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWROUTE, Header = typeof(RtMsg), MaxType = RTA_FLOWLABEL)]
internal readonly partial record struct MulticastRouteGetMessage
{
    private const byte Whole = 32;
    private const string Lengths = "ipv4: rtm_src_len and rtm_dst_len must be 32 for IPv4";

    private static readonly GetRules s_get = new()
    {
        ShortHeader = "ipv4: Invalid header for multicast route get request",
        Header = [HeaderCheck.Only(new RtMsg { DestinationLength = Whole, SourceLength = Whole }, "ipv4: Invalid values in header for multicast route get request")],
        HeaderOfAttributes =
        [
            (RTA_SRC, HeaderCheck.Any(new RtMsg { SourceLength = Whole }, Lengths)),
            (RTA_DST, HeaderCheck.Any(new RtMsg { DestinationLength = Whole }, Lengths)),
        ],
        Attributes = [RTA_SRC, RTA_DST, RTA_TABLE],
        UnsupportedAttribute = "ipv4: Unsupported attribute in multicast route get request",
        JudgedAs = ProtocolFamily.AF_INET,
    };

    [NetlinkAttribute(RTA_DST), Ignored("judged, but there is nothing to choose among")] public uint? Destination { get; init; }
    [NetlinkAttribute(RTA_SRC), Ignored("judged, but there is nothing to choose among")] public uint? Source { get; init; }
    [NetlinkAttribute(RTA_TABLE), Ignored("judged, but there is nothing to choose among")] public uint? Table { get; init; }

    static GetRules? INetlinkMessage<MulticastRouteGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}

/// <summary>RTM_GETROUTE of RTNL_FAMILY_IP6MR for one route (<c>ip6mr_rtm_valid_getroute_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWROUTE, Header = typeof(RtMsg), MaxType = RTA_FLOWLABEL, Validation = NetlinkValidation.Strict)]
internal readonly partial record struct Inet6MulticastRouteGetMessage
{
    private const byte Whole = 128;
    private const string Lengths = "ipv6: rtm_src_len and rtm_dst_len must be 128 for IPv6";

    private static readonly GetRules s_get = new()
    {
        Header = [HeaderCheck.Only(new RtMsg { DestinationLength = Whole, SourceLength = Whole }, "ipv6: Invalid values in header for multicast route get request")],
        HeaderOfAttributes =
        [
            (RTA_SRC, HeaderCheck.Any(new RtMsg { SourceLength = Whole }, Lengths)),
            (RTA_DST, HeaderCheck.Any(new RtMsg { DestinationLength = Whole }, Lengths)),
        ],
        Attributes = [RTA_SRC, RTA_DST, RTA_TABLE],
        UnsupportedAttribute = "Unsupported attribute",
        Strictness = GetStrictness.Always,
        JudgedAs = ProtocolFamily.AF_INET6,
    };

    [NetlinkAttribute(RTA_DST), Ignored("judged, but there is nothing to choose among")] public InetAddress? Destination { get; init; }
    [NetlinkAttribute(RTA_SRC), Ignored("judged, but there is nothing to choose among")] public InetAddress? Source { get; init; }
    [NetlinkAttribute(RTA_TABLE)] public uint? Table { get; init; }

    static bool INetlinkMessage<Inet6MulticastRouteGetMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<Inet6MulticastRouteGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}
