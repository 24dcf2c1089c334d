using static SmallRtnl.Routes.RouteAttributeType;

namespace SmallRtnl.Routes;

/// <summary>The answer to an IPv4 lookup: attributes in the order of <c>rt_fill_info</c>, which is not that of an entry.</summary>
[NetlinkMessage(RtmType.RTM_NEWROUTE, Header = typeof(RtMsg))]
public readonly partial record struct InetRouteAnswerMessage
{
    [NetlinkAttribute(RTA_TABLE)] public uint? Table { get; init; }
    [NetlinkAttribute(RTA_DST)] public InetAddress? Destination { get; init; }
    [NetlinkAttribute(RTA_SRC)] public InetAddress? Source { get; init; }
    [NetlinkAttribute(RTA_OIF)] public int? OutputIndex { get; init; }
    [NetlinkAttribute(RTA_FLOW)] public uint? Flow { get; init; }
    [NetlinkAttribute(RTA_PREFSRC)] public InetAddress? PreferredSource { get; init; }
    [NetlinkAttribute(RTA_GATEWAY)] public InetAddress? Gateway { get; init; }
    [NetlinkAttribute(RTA_METRICS, Nested = true)] public NetlinkBytes? Metrics { get; init; }
    [NetlinkAttribute(RTA_MARK)] public uint? Mark { get; init; }
    [NetlinkAttribute(RTA_UID)] public uint? UserId { get; init; }
    [NetlinkAttribute(RTA_IIF, Unsigned = true)] public int? InputIndex { get; init; }
    [NetlinkAttribute(RTA_CACHEINFO, Unspecified = true)] public RouteCacheInfo? CacheInfo { get; init; }
}
