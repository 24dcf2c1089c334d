namespace SmallRtnl.Links;

/// <summary>The one place where a link becomes a message (<c>rtnl_fill_ifinfo</c>). Allocates nothing but an alias's bytes.</summary>
internal static class LinkMessages
{
    /// <summary>rtnl_link_stats64: nothing is ever sent here.</summary>
    private static readonly NetlinkBytes s_stats64 = new(new byte[200]);
    private static readonly NetlinkBytes s_stats = new(new byte[96]);
    private static readonly NetlinkBytes s_map = new(new byte[32]);

    /// <summary>Counters whose first says how many there are.</summary>
    private static readonly NetlinkBytes s_inet6Stats = Counters(38);
    private static readonly NetlinkBytes s_icmp6Stats = Counters(7);

    /// <summary>A link in a reply or a NEWLINK notification.</summary>
    /// <param name="link">The link.</param>
    /// <param name="change">ifi_change: the flags that changed, all of them for a new link.</param>
    /// <param name="mask">What the request leaves out.</param>
    /// <param name="targetNetnsId">The id by which the request named the link's namespace.</param>
    /// <param name="toInet6">The link as IPv6 still knows it: a change is announced before IPv6 hears of it. Null: as it is.</param>
    public static LinkMessage From(
        Link link, LinkFlags change = LinkFlags.None, LinkFilterMask mask = LinkFilterMask.None, int? targetNetnsId = null, Link? toInet6 = null)
    {
        toInet6 ??= link;
        return From(link, change, targetNetnsId, new LinkAfSpec
        {
            Inet = new InetLinkInfo { Conf = new InetDeviceConf(link.IsLoopback) },
            Inet6 = toInet6.HasInet6 ? Inet6(toInet6, (mask & LinkFilterMask.RTEXT_FILTER_SKIP_STATS) == 0) : null,
        });
    }

    /// <summary>A link in a DELLINK notification: its addresses are gone by then, and its queueing discipline.</summary>
    public static LinkMessage ForUnregister(Link link) =>
        From(link with { Qdisc = LinkQdisc.Noop }, LinkFlagSets.All, null, default);

    /// <summary>A link in an AF_INET6 dump (<c>inet6_fill_ifinfo</c>).</summary>
    public static Inet6LinkMessage ForInet6(Link link) => new()
    {
        Header = HeaderOf(link, LinkFlags.None, ProtocolFamily.AF_INET6),
        Name = link.Name,
        Address = link.Address,
        Mtu = link.Mtu,
        Link = link.LinkIndex,
        OperState = link.OperState,
        ProtInfo = Inet6(link, withStats: true),
    };

    private static LinkMessage From(Link link, LinkFlags change, int? targetNetnsId, LinkAfSpec afSpec) => new()
    {
        Header = HeaderOf(link, change, ProtocolFamily.AF_UNSPEC),
        TargetNetnsId = targetNetnsId,
        Name = link.Name,
        TxQueueLength = link.TxQueueLength,
        OperState = link.OperState,
        LinkMode = link.LinkMode,
        NetnsImmutable = link.Kind.IsImmutable ? (byte)1 : (byte)0,
        Mtu = link.Mtu,
        MinMtu = link.Kind.MinMtu,
        MaxMtu = link.Kind.MaxMtu,
        Group = link.Group,
        Promiscuity = link.Promiscuity,
        AllMulticast = link.AllMulticast,
        TxQueues = link.TxQueues,
        GsoMaxSegments = link.Offload.GsoMaxSegments,
        GsoMaxSize = link.Offload.GsoMaxSize,
        GroMaxSize = link.Offload.GroMaxSize,
        GsoIpv4MaxSize = link.Offload.GsoIpv4MaxSize,
        GroIpv4MaxSize = link.Offload.GroIpv4MaxSize,
        TsoMaxSize = LinkOffload.TsoMaxSize,
        TsoMaxSegments = LinkOffload.TsoMaxSegments,
        MaxPacingOffloadHorizon = 0,
        RxQueues = link.RxQueues,
        Carrier = link.HasCarrier ? (byte)1 : (byte)0,
        Alias = link.Alias is { } alias ? new NetlinkString(alias.AsMemory()) : null,
        CarrierChanges = link.CarrierUpCount + link.CarrierDownCount,
        CarrierUpCount = link.CarrierUpCount,
        CarrierDownCount = link.CarrierDownCount,
        Headroom = 0,
        Tailroom = 0,
        ProtoDown = 0,
        Address = link.Address,
        Broadcast = link.Broadcast,
        Stats64 = s_stats64,
        Stats = s_stats,
        Xdp = new XdpInfo { Attached = 0 },
        Info = link.Kind.Name is null ? null : new LinkInfo { Kind = link.Kind.WireName },
        LinkNetnsId = link.LinkNetnsId,
        Link = link.LinkIndex,
        Qdisc = link.Qdisc.WireName,
        AfSpec = afSpec,
        Map = s_map,
        DevlinkPort = default(DevlinkPort),
        DpllPin = default(DpllPin),
    };

    /// <summary><c>dev_get_flags</c>: IFF_RUNNING and IFF_LOWER_UP are found, not stored.</summary>
    private static IfInfoMsg HeaderOf(Link link, LinkFlags change, ProtocolFamily family)
    {
        LinkFlags flags = link.Flags;
        if (link.IsRunning)
            flags |= LinkFlags.IFF_RUNNING;
        if (link.IsUp && link.HasCarrier)
            flags |= LinkFlags.IFF_LOWER_UP;
        return new IfInfoMsg(family, 0, link.Kind.HardwareType, link.Index, flags, change);
    }

    private static Inet6LinkInfo Inet6(Link link, bool withStats) => new()
    {
        Flags = link.Inet6Flags,
        CacheInfo = new Inet6CacheInfo(65535, link.Inet6Timestamp, link.ReachableTime, 1000),
        Conf = new Inet6DeviceConf(link.Mtu, link.Kind.InitialFlags, link.AddressGeneration),
        Stats = withStats ? s_inet6Stats : null,
        Icmp6Stats = withStats ? s_icmp6Stats : null,
        Token = link.Inet6Token,
        AddressGeneration = link.AddressGeneration,
    };

    private static NetlinkBytes Counters(byte count)
    {
        byte[] counters = new byte[count * sizeof(ulong)];
        counters[0] = count;
        return new NetlinkBytes(counters);
    }
}
