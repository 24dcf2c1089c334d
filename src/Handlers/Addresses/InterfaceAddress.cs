namespace SmallRtnl.Addresses;

/// <summary>One address of an interface (<c>struct in_ifaddr</c>, <c>struct inet6_ifaddr</c>). Immutable.</summary>
public sealed record InterfaceAddress
{
    /// <summary>The interface index.</summary>
    public required int Index { get; init; }

    /// <summary>The address itself.</summary>
    public required InetAddress Local { get; init; }

    /// <summary>The peer's address, or the same as <see cref="Local"/>.</summary>
    public required InetAddress Peer { get; init; }

    /// <summary>Bits; of the peer's network where there is a peer.</summary>
    public required byte PrefixLength { get; init; }

    /// <summary>RT_SCOPE_*.</summary>
    public byte Scope { get; init; }

    /// <summary>IFA_F_*.</summary>
    public AddressFlags Flags { get; init; }

    /// <summary>IPv4's broadcast address; null for none.</summary>
    public InetAddress? Broadcast { get; init; }

    /// <summary>IPv4's label; the interface's name unless another one was given.</summary>
    public InterfaceName Label { get; init; }

    /// <summary>IFA_RT_PRIORITY, the metric of the prefix route; 0 for the default.</summary>
    public uint Metric { get; init; }

    /// <summary>IFA_PROTO; 0 for none.</summary>
    public byte Protocol { get; init; }

    /// <summary>How long it lives.</summary>
    public AddressLifetime Lifetime { get; init; } = AddressLifetime.Forever;

    /// <summary>When it was made, milliseconds of the host's clock.</summary>
    public long Created { get; init; }

    /// <summary>AF_INET or AF_INET6.</summary>
    public ProtocolFamily Family => Local.Family;

    /// <summary>Whether it is an IPv4 secondary.</summary>
    public bool IsSecondary => (Flags & AddressFlags.IFA_F_SECONDARY) != 0;

    /// <summary>Whether it lives forever.</summary>
    public bool IsPermanent => (Flags & AddressFlags.IFA_F_PERMANENT) != 0;

    /// <summary>Whether it has a peer.</summary>
    public bool HasPeer => Peer != Local;

    /// <summary>Whether the prefix route is made and removed with it.</summary>
    public bool HasPrefixRoute => (Flags & AddressFlags.IFA_F_NOPREFIXROUTE) == 0;
}
