namespace SmallRtnl.Links;

/// <summary>What kinds of links exist and what is fixed for each (<c>struct rtnl_link_ops</c> and its setup function).</summary>
/// <param name="Name">IFLA_INFO_KIND; null for the loopback device, which nobody can create.</param>
/// <param name="HardwareType">ARPHRD_*: 1 Ethernet, 772 loopback.</param>
/// <param name="InitialFlags">The flags of a fresh device.</param>
/// <param name="Mtu">The MTU of a fresh device, bytes.</param>
/// <param name="MinMtu">The smallest MTU, bytes.</param>
/// <param name="MaxMtu">The largest MTU, bytes; 0: no limit.</param>
/// <param name="TxQueueLength">Packets.</param>
public sealed record LinkKind(
    string? Name,
    ushort HardwareType,
    LinkFlags InitialFlags,
    uint Mtu,
    uint MinMtu,
    uint MaxMtu,
    uint TxQueueLength)
{
    /// <summary>Its queues: 1 each, or one a processor.</summary>
    public uint Queues { get; init; } = 1;

    /// <summary>The queueing discipline of its first up; it stays when the link goes down.</summary>
    public LinkQdisc QdiscWhenUp { get; init; } = LinkQdisc.Noqueue;

    /// <summary>Whether an existing device takes another link-layer address (ndo_set_mac_address).</summary>
    public bool CanChangeAddress { get; init; }

    /// <summary>Whether the user switches the carrier (ndo_change_carrier).</summary>
    public bool CanChangeCarrier { get; init; }

    /// <summary>Whether its devices come in pairs.</summary>
    public bool IsPaired { get; init; }

    /// <summary>Whether it stays in its namespace for good and cannot be deleted.</summary>
    public bool IsImmutable { get; init; }

    /// <summary>IFLA_INFO_KIND, encoded.</summary>
    internal NetlinkString WireName { get; } = new(Name ?? "");
}
