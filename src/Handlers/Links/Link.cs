namespace SmallRtnl.Links;

/// <summary>One version of a link. Immutable; a change makes a new one and stages the table that holds it.</summary>
public sealed record Link
{
    /// <summary>The device's identity.</summary>
    public required NetDevice Device { get; init; }

    /// <summary>The interface index, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>IFLA_IFNAME.</summary>
    public required InterfaceName Name { get; init; }

    /// <summary>The kind: "veth", "dummy", "ifb"; null for the loopback device.</summary>
    public required LinkKind Kind { get; init; }

    /// <summary>The flags that are set by configuration (IFF_UP, IFF_NOARP, IFF_PROMISC …) or fixed by the kind.</summary>
    public LinkFlags Flags { get; init; }

    /// <summary>Whether it has a carrier: for veth, whether its peer is up as well.</summary>
    public bool HasCarrier { get; init; }

    /// <summary>Bytes.</summary>
    public uint Mtu { get; init; }

    /// <summary>IFLA_TXQLEN, packets.</summary>
    public uint TxQueueLength { get; init; }

    /// <summary>IFLA_GROUP.</summary>
    public uint Group { get; init; }

    /// <summary>The link-layer address.</summary>
    public HardwareAddress Address { get; init; }

    /// <summary>The link-layer broadcast address.</summary>
    public HardwareAddress Broadcast { get; init; }

    /// <summary>IFLA_IFALIAS; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>How often the carrier went up.</summary>
    public uint CarrierUpCount { get; init; }

    /// <summary>How often the carrier went down.</summary>
    public uint CarrierDownCount { get; init; }

    /// <summary>Whether it is administratively up.</summary>
    public bool IsUp => (Flags & LinkFlags.IFF_UP) != 0;

    /// <summary>Whether it is up and has a carrier (IFF_RUNNING).</summary>
    public bool IsRunning => IsUp && HasCarrier;

    /// <summary>Whether it is the loopback device.</summary>
    public bool IsLoopback => (Flags & LinkFlags.IFF_LOOPBACK) != 0;
}
