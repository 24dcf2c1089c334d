using static SmallRtnl.Links.LinkAttributeType;

namespace SmallRtnl.Links;

/// <summary>A link as IPv6 sees it: the rows of an AF_INET6 dump (<c>inet6_fill_ifinfo</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWLINK, Header = typeof(IfInfoMsg))]
public readonly partial record struct Inet6LinkMessage
{
    [NetlinkAttribute(IFLA_IFNAME)] public InterfaceName? Name { get; init; }
    [NetlinkAttribute(IFLA_ADDRESS)] public HardwareAddress? Address { get; init; }
    [NetlinkAttribute(IFLA_MTU)] public uint? Mtu { get; init; }
    [NetlinkAttribute(IFLA_LINK)] public int? Link { get; init; }
    [NetlinkAttribute(IFLA_OPERSTATE)] public LinkOperState? OperState { get; init; }
    [NetlinkAttribute(IFLA_PROTINFO, PlainNest = true)] public Inet6LinkInfo? ProtInfo { get; init; }
}
