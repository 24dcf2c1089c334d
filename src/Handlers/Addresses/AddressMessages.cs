namespace SmallRtnl.Addresses;

/// <summary>Addresses as messages (<c>inet_fill_ifaddr</c>, <c>inet6_fill_ifaddr</c>).</summary>
internal static class AddressMessages
{
    /// <summary>The message that describes an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="now">The time, of which lifetimes are what remains.</param>
    /// <param name="targetNetnsId">The id by which a request named the address's namespace; null for its own.</param>
    public static AddressMessage From(InterfaceAddress address, long now, int? targetNetnsId = null)
    {
        AddressFlags flags = address.Flags;
        AddressLifetime lifetime = address.Lifetime;
        if (lifetime.IsDeprecated(now))
            flags |= AddressFlags.IFA_F_DEPRECATED;
        bool isInet6 = address.Family == ProtocolFamily.AF_INET6;
        return new AddressMessage
        {
            Header = new IfAddrMsg(address.Family, address.PrefixLength, (byte)flags, address.Scope, (uint)address.Index),
            TargetNetnsId = targetNetnsId,
            Address = address.Peer,
            Local = isInet6 && !address.HasPeer ? null : address.Local,
            Broadcast = address.Broadcast,
            Label = isInet6 ? null : address.Label,
            Flags = flags,
            RoutePriority = address.Metric == 0 ? null : address.Metric,
            CacheInfo = new AddressCacheInfo(
                lifetime.Remaining(lifetime.Preferred, now),
                lifetime.Remaining(lifetime.Valid, now),
                HostClock.ToCentiseconds(address.Created),
                HostClock.ToCentiseconds(Math.Max(address.Created, lifetime.Updated))),
            Protocol = address.Protocol == 0 ? null : address.Protocol,
        };
    }
}
