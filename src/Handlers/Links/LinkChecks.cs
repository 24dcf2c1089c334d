namespace SmallRtnl.Links;

/// <summary>What values of link attributes are refused.</summary>
internal static class LinkChecks
{
    private const int EthernetAddressLength = 6;
    private const uint MaxQueues = 4096;

    private const int XdpFlags = 0x1f;
    private const int XdpModes = 0xe;
    private const int XdpReplace = 0x10;
    private const ushort VirtualFunctionInfo = 1;

    /// <summary><c>validate_linkmsg</c>.</summary>
    /// <param name="message">What is asked for.</param>
    /// <param name="link">Of which link; null for one that is being made, of which no address family knows yet.</param>
    public static RtnlResult Message(in LinkMessage message, Link? link)
    {
        if (message.Address is { Length: < EthernetAddressLength } || message.Broadcast is { Length: < EthernetAddressLength })
            return RtnlResult.Error(Errno.EINVAL);
        RtnlResult result = LinkOffload.Check(in message);
        return result.IsOk && message.AfSpec is { } families ? Families(in families, link) : result;
    }

    /// <summary><c>inet_validate_link_af</c>, <c>inet6_validate_link_af</c>.</summary>
    private static RtnlResult Families(in LinkAfSpec families, Link? link)
    {
        if (families.HasUndeclared)
            return RtnlResult.Error(Errno.EAFNOSUPPORT);
        if (families.Bridge is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP);
        if (families.Inet is { } inet)
        {
            if (link is null)
                return RtnlResult.Error(Errno.EAFNOSUPPORT);
            if (inet.Conf is { IsMalformed: true })
                return RtnlResult.Error(Errno.EINVAL);
            if (inet.Conf is { Asks: true })
                return RtnlResult.Error(Errno.EOPNOTSUPP, "Setting a link's IPv4 options is not served");
        }
        return families.Inet6 is { } inet6 ? Inet6(in inet6, link) : RtnlResult.Ok;
    }

    private static RtnlResult Inet6(in Inet6LinkInfo inet6, Link? link)
    {
        if (link is not { HasInet6: true })
            return RtnlResult.Error(Errno.EAFNOSUPPORT);
        // Without a secret there is nothing to derive an address from (check_stable_privacy).
        if ((inet6.AddressGeneration, inet6.Token) is (null, null) or ( > Inet6AddressGeneration.Random or Inet6AddressGeneration.StablePrivacy, _))
            return RtnlResult.Error(Errno.EINVAL);
        // inet6_set_iftoken
        if (inet6.Token is null)
            return RtnlResult.Ok;
        if (link.IsLoopback)
            return RtnlResult.Error(Errno.EINVAL, "Device is loopback");
        return (link.Flags & LinkFlags.IFF_NOARP) != 0 ? RtnlResult.Error(Errno.EINVAL, "Device does not do neighbour discovery") : RtnlResult.Ok;
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

    /// <summary>
    /// What no kind here can do to a link that exists: its hardware's map, ports and virtual functions, holding it down, XDP. A new link's request
    /// may say any of it, and neither the kernel nor this does anything about it.
    /// </summary>
    public static RtnlResult Unsupported(in LinkMessage message)
    {
        if (message.Map is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP);
        if (message.VirtualFunctions is { } functions && VirtualFunctions(functions) is { IsOk: false } refusal)
            return refusal;
        if (message.VirtualPorts is not null || message.OwnPort is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP);
        if (message.ProtoDown is not null || message.ProtoDownReason is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP, "Protodown not supported by device");
        return message.Xdp is { } xdp ? Xdp(in xdp) : RtnlResult.Ok;
    }

    /// <summary>None are asked for, or it is refused: there are no virtual functions.</summary>
    private static RtnlResult VirtualFunctions(NetlinkBytes list)
    {
        var entry = new NetlinkAttributeReader(list.Memory, 0);
        if (!entry.Read())
            return RtnlResult.Ok;
        return RtnlResult.Error(entry.Type == VirtualFunctionInfo && entry.ValueSpan.Length >= 4 ? Errno.EOPNOTSUPP : Errno.EINVAL);
    }

    /// <summary>IFLA_XDP of <c>do_setlink</c>: taking away a program where there is none is nothing; to attach one is not served.</summary>
    private static RtnlResult Xdp(in XdpInfo xdp)
    {
        uint flags = xdp.Flags ?? 0;
        if (xdp.Attached is not null || xdp.ProgramId is not null || (flags & ~(uint)XdpFlags) != 0 || System.Numerics.BitOperations.PopCount(flags & XdpModes) > 1)
            return RtnlResult.Error(Errno.EINVAL);
        if (xdp.Program is not { } program)
            return RtnlResult.Ok;
        if ((flags & XdpReplace) != 0 && xdp.ExpectedProgram is null)
            return RtnlResult.Error(Errno.EINVAL);
        return program < 0 && (flags & XdpReplace) == 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EOPNOTSUPP, "Attaching an XDP program is not served");
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
