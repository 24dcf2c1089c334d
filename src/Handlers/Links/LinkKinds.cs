namespace SmallRtnl.Links;

/// <summary>The kinds that exist.</summary>
public static class LinkKinds
{
    /// <summary>ARPHRD_ETHER.</summary>
    private const ushort Ethernet = 1;

    /// <summary>ARPHRD_LOOPBACK.</summary>
    private const ushort LoopbackType = 772;

    /// <summary>The loopback device (<c>loopback_setup</c>): one in each namespace, as link 1.</summary>
    public static LinkKind Loopback { get; } = new(null, LoopbackType, LinkFlags.IFF_LOOPBACK, 65536, 0, 0, 1000) { IsImmutable = true };

    /// <summary>A pair of Ethernet devices (<c>veth_setup</c>).</summary>
    public static LinkKind Veth { get; } = new("veth", Ethernet, LinkFlags.IFF_BROADCAST | LinkFlags.IFF_MULTICAST, 1500, 68, 65535, 1000)
    {
        Queues = (uint)Environment.ProcessorCount,
        CanChangeAddress = true,
        IsPaired = true,
    };

    /// <summary>A device that drops everything (<c>dummy_setup</c>).</summary>
    public static LinkKind Dummy { get; } = new("dummy", Ethernet, LinkFlags.IFF_BROADCAST | LinkFlags.IFF_NOARP, 1500, 0, 0, 1000)
    {
        CanChangeAddress = true,
        CanChangeCarrier = true,
    };

    /// <summary>The intermediate functional block (<c>ifb_setup</c>).</summary>
    public static LinkKind Ifb { get; } = new("ifb", Ethernet, LinkFlags.IFF_BROADCAST | LinkFlags.IFF_NOARP, 1500, 0, 0, 32)
    {
        QdiscWhenUp = LinkQdisc.PfifoFast,
    };
}
