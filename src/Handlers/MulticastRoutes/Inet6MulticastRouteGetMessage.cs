using SmallRtnl.Routes;
using static SmallRtnl.Routes.RouteAttributeType;

namespace SmallRtnl.MulticastRoutes;

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

    [NetlinkAttribute(RTA_DST, ExactLength = true), Ignored("judged, but there is nothing to choose among")] public Inet6Group? Destination { get; init; }
    [NetlinkAttribute(RTA_SRC, ExactLength = true), Ignored("judged, but there is nothing to choose among")] public Inet6Group? Source { get; init; }
    [NetlinkAttribute(RTA_TABLE)] public uint? Table { get; init; }

    static bool INetlinkMessage<Inet6MulticastRouteGetMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<Inet6MulticastRouteGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}

/// <summary>An IPv6 address as bytes that are judged by their number alone.</summary>
internal readonly record struct Inet6Group(ulong Upper, ulong Lower);
