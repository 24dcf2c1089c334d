using static SmallRtnl.Routes.RouteAttributeType;

namespace SmallRtnl.Routes;

/// <summary>RTM_NEWROUTE, DELROUTE and GETROUTE, for both families: attributes in the order of <c>fib_dump_info</c>.</summary>
[NetlinkMessage(RtmType.RTM_NEWROUTE, Header = typeof(RtMsg), MaxType = RTA_FLOWLABEL, StrictFrom = RTA_NH_ID)]
public readonly partial record struct RouteMessage
{
    private const string Ports = "a lookup's ports matter to rules by port, and to the choice among several next hops: there are neither";

    [NetlinkAttribute(RTA_TABLE)] public uint? Table { get; init; }
    [NetlinkAttribute(RTA_DST)] public InetAddress? Destination { get; init; }
    [NetlinkAttribute(RTA_SRC)] public InetAddress? Source { get; init; }
    [NetlinkAttribute(RTA_PRIORITY)] public uint? Priority { get; init; }
    [NetlinkAttribute(RTA_METRICS, Nested = true)] public NetlinkBytes? Metrics { get; init; }
    [NetlinkAttribute(RTA_PREFSRC)] public InetAddress? PreferredSource { get; init; }
    [NetlinkAttribute(RTA_GATEWAY)] public InetAddress? Gateway { get; init; }
    [NetlinkAttribute(RTA_OIF, Unsigned = true)] public int? OutputIndex { get; init; }
    [NetlinkAttribute(RTA_FLOW)] public uint? Flow { get; init; }
    [NetlinkAttribute(RTA_MARK)] public uint? Mark { get; init; }
    [NetlinkAttribute(RTA_UID)] public uint? UserId { get; init; }
    [NetlinkAttribute(RTA_CACHEINFO, Unspecified = true)] public RouteCacheInfo? CacheInfo { get; init; }
    [NetlinkAttribute(RTA_PREF)] public byte? Preference { get; init; }

    // Only in requests.
    [NetlinkAttribute(RTA_EXPIRES)] public uint? Expires { get; init; }
    [NetlinkAttribute(RTA_IIF, Unsigned = true)] public int? InputIndex { get; init; }
    [NetlinkAttribute(RTA_MULTIPATH, Unspecified = true, MinLength = 8)] public NetlinkBytes? Multipath { get; init; }
    [NetlinkAttribute(RTA_VIA, Unspecified = true)] public NetlinkBytes? Via { get; init; }
    [NetlinkAttribute(RTA_NH_ID)] public uint? NexthopId { get; init; }
    [NetlinkAttribute(RTA_ENCAP_TYPE)] public ushort? EncapType { get; init; }
    [NetlinkAttribute(RTA_ENCAP, Nested = true)] public NetlinkBytes? Encap { get; init; }
    [NetlinkAttribute(RTA_IP_PROTO)] public byte? IpProtocol { get; init; }
    [NetlinkAttribute(RTA_SPORT), Ignored(Ports)] public ushort? SourcePort { get; init; }
    [NetlinkAttribute(RTA_DPORT), Ignored(Ports)] public ushort? DestinationPort { get; init; }
}
