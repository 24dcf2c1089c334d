using static SmallRtnl.Addresses.AddressAttributeType;

namespace SmallRtnl.Addresses;

/// <summary>
/// IPv6 addresses as they are told: in dumps, events and answers, attributes in the order of <c>inet6_fill_ifaddr</c>, which is not IPv4's. What a
/// request may carry is the same as in an <see cref="AddressMessage"/>.
/// </summary>
[NetlinkMessage(RtmType.RTM_NEWADDR, Header = typeof(IfAddrMsg), MaxType = IFA_PROTO)]
internal readonly partial record struct Inet6AddressMessage
{
    [NetlinkAttribute(IFA_TARGET_NETNSID)] public int? TargetNetnsId { get; init; }

    /// <summary>The address itself where there is a peer.</summary>
    [NetlinkAttribute(IFA_LOCAL)] public InetAddress? Local { get; init; }

    /// <summary>The address itself; with a peer, the peer's.</summary>
    [NetlinkAttribute(IFA_ADDRESS)] public InetAddress? Address { get; init; }
    [NetlinkAttribute(IFA_RT_PRIORITY)] public uint? RoutePriority { get; init; }
    [NetlinkAttribute(IFA_CACHEINFO, Unspecified = true)] public AddressCacheInfo? CacheInfo { get; init; }
    [NetlinkAttribute(IFA_FLAGS)] public AddressFlags? Flags { get; init; }
    [NetlinkAttribute(IFA_PROTO)] public byte? Protocol { get; init; }

    // Only in requests, and of no effect there.
    [NetlinkAttribute(IFA_BROADCAST)] public InetAddress? Broadcast { get; init; }
    [NetlinkAttribute(IFA_LABEL)] public InterfaceName? Label { get; init; }
    [NetlinkAttribute(IFA_ANYCAST, Unspecified = true)] public NetlinkBytes? Anycast { get; init; }

    static GetRules? INetlinkMessage<Inet6AddressMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => AddressMessage.RulesOf(family, isDump);

    /// <summary>An address as it is told.</summary>
    /// <param name="entry">The same as a message of either family.</param>
    public static Inet6AddressMessage Of(in AddressMessage entry) => new()
    {
        Header = entry.Header,
        TargetNetnsId = entry.TargetNetnsId,
        Local = entry.Local,
        Address = entry.Address,
        RoutePriority = entry.RoutePriority,
        CacheInfo = entry.CacheInfo,
        Flags = entry.Flags,
        Protocol = entry.Protocol,
    };
}
