using static SmallRtnl.Addresses.AddressAttributeType;

namespace SmallRtnl.Addresses;

/// <summary>RTM_NEWADDR, DELADDR and GETADDR, for both families: attributes in the order of <c>inet_fill_ifaddr</c>.</summary>
[NetlinkMessage(RtmType.RTM_NEWADDR, Header = typeof(IfAddrMsg), MaxType = IFA_PROTO)]
public readonly partial record struct AddressMessage
{
    [NetlinkAttribute(IFA_TARGET_NETNSID)] public int? TargetNetnsId { get; init; }

    /// <summary>The address itself; with a peer, the peer's.</summary>
    [NetlinkAttribute(IFA_ADDRESS)] public InetAddress? Address { get; init; }

    /// <summary>The address itself where there is a peer.</summary>
    [NetlinkAttribute(IFA_LOCAL)] public InetAddress? Local { get; init; }
    [NetlinkAttribute(IFA_BROADCAST)] public InetAddress? Broadcast { get; init; }
    [NetlinkAttribute(IFA_LABEL)] public InterfaceName? Label { get; init; }
    [NetlinkAttribute(IFA_PROTO)] public byte? Protocol { get; init; }
    [NetlinkAttribute(IFA_FLAGS)] public AddressFlags? Flags { get; init; }
    [NetlinkAttribute(IFA_RT_PRIORITY)] public uint? RoutePriority { get; init; }
    [NetlinkAttribute(IFA_CACHEINFO, Unspecified = true)] public AddressCacheInfo? CacheInfo { get; init; }

    // Only in requests, and of no effect there.
    [NetlinkAttribute(IFA_ANYCAST, Unspecified = true)] public NetlinkBytes? Anycast { get; init; }
}
