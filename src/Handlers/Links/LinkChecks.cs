namespace SmallRtnl.Links;

/// <summary>What values of link attributes are refused.</summary>
internal static class LinkChecks
{
    private const int EthernetAddressLength = 6;
    private const uint MaxQueues = 4096;

    /// <summary><c>validate_linkmsg</c>.</summary>
    public static RtnlResult Message(in LinkMessage message)
    {
        if (message.Address is { Length: < EthernetAddressLength } || message.Broadcast is { Length: < EthernetAddressLength })
            return RtnlResult.Error(Errno.EINVAL);
        if (message.AfSpec is not { } afSpec)
            return RtnlResult.Ok;
        if (afSpec.Inet is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP);
        // inet6_validate_link_af
        if (afSpec.Inet6 is { } inet6 && (inet6.AddressGeneration, inet6.Token) is (null, null) or ( > Inet6AddressGeneration.Random, _))
            return RtnlResult.Error(Errno.EINVAL);
        // Without a secret there is nothing to derive an address from (check_stable_privacy).
        if (afSpec.Inet6?.AddressGeneration == Inet6AddressGeneration.StablePrivacy)
            return RtnlResult.Error(Errno.EINVAL);
        return RtnlResult.Ok;
    }

    /// <summary><c>dev_validate_mtu</c>; above int's range it is negative to the kernel.</summary>
    public static RtnlResult Mtu(LinkKind kind, uint mtu)
    {
        if (mtu < kind.MinMtu || mtu > int.MaxValue)
            return RtnlResult.Error(Errno.EINVAL, "mtu less than device minimum");
        if (kind.MaxMtu > 0 && mtu > kind.MaxMtu)
            return RtnlResult.Error(Errno.EINVAL, "mtu greater than device maximum");
        return RtnlResult.Ok;
    }

    /// <summary>The kinds' own check of an address, before any lock (<c>veth_validate</c> and its kin).</summary>
    public static RtnlResult KindAddress(in LinkMessage message)
    {
        if (message.Address is not { } address)
            return RtnlResult.Ok;
        if (address.Length != EthernetAddressLength)
            return RtnlResult.Error(Errno.EINVAL);
        return IsValidEthernet(address) ? RtnlResult.Ok : RtnlResult.Error(Errno.EADDRNOTAVAIL);
    }

    /// <summary>The numbers of queues that a new link asks for (<c>rtnl_create_link</c>).</summary>
    public static RtnlResult Queues(in LinkMessage message)
    {
        if (message.TxQueues is 0 or > MaxQueues)
            return RtnlResult.Error(Errno.EINVAL, "Invalid number of transmit queues");
        if (message.RxQueues is 0 or > MaxQueues)
            return RtnlResult.Error(Errno.EINVAL, "Invalid number of receive queues");
        return RtnlResult.Ok;
    }

    /// <summary>At most one way of naming a namespace (<c>rtnl_ensure_unique_netns</c>).</summary>
    public static RtnlResult UniqueNet(in LinkMessage message, bool byIdOnly = false)
    {
        if (byIdOnly && (message.NetNsPid is not null || message.NetNsFd is not null))
            return RtnlResult.Error(Errno.EOPNOTSUPP, "specified netns attribute not supported");
        int named = (message.TargetNetnsId is null ? 0 : 1) + (message.NetNsPid is null ? 0 : 1) + (message.NetNsFd is null ? 0 : 1);
        return named > 1 ? RtnlResult.Error(Errno.EINVAL, "multiple netns identifying attributes specified") : RtnlResult.Ok;
    }

    /// <summary>What would be success without being done: offload limits, virtual functions, XDP.</summary>
    public static RtnlResult Unsupported(in LinkMessage message)
    {
        bool asks = message.GsoMaxSegments is not null || message.GsoMaxSize is not null || message.GroMaxSize is not null
            || message.GsoIpv4MaxSize is not null || message.GroIpv4MaxSize is not null || message.Xdp is not null
            || message.VirtualFunctions is not null || message.Map is not null || message.AfSpec?.Inet6?.Token is not null;
        if (message.ProtoDown is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP, "Protodown not supported by device");
        return asks ? RtnlResult.Error(Errno.EOPNOTSUPP) : RtnlResult.Ok;
    }

    /// <summary>Not multicast, not zero.</summary>
    public static bool IsValidEthernet(in HardwareAddress address) =>
        (address.Bytes[0] & 1) == 0 && address.Bytes[..EthernetAddressLength].ContainsAnyExcept((byte)0);

    /// <summary>As much of an address as the device has room for.</summary>
    public static HardwareAddress Trim(in HardwareAddress address) =>
        address.Length == EthernetAddressLength ? address : new HardwareAddress(address.Bytes[..EthernetAddressLength]);

    /// <summary>Locally administered, unicast (<c>eth_random_addr</c>).</summary>
    public static HardwareAddress RandomEthernet()
    {
        Span<byte> bytes = stackalloc byte[EthernetAddressLength];
        Random.Shared.NextBytes(bytes);
        bytes[0] = (byte)((bytes[0] & 0xfe) | 0x02);
        return new HardwareAddress(bytes);
    }
}
