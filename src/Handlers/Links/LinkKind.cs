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
    uint TxQueueLength);
