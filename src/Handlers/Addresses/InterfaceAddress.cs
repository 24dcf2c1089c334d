using SmallRtnl.Routes;

namespace SmallRtnl.Addresses;

/// <summary>One address of an interface (<c>struct in_ifaddr</c>, <c>struct inet6_ifaddr</c>). Immutable.</summary>
public sealed record InterfaceAddress
{
    // Kept as bits, and the families in a byte each: see Route.
    private readonly AddressBits _local;
    private readonly AddressBits _peer;
    private readonly AddressBits _broadcast;
    private readonly byte _localFamily;
    private readonly byte _peerFamily;
    private readonly byte _broadcastFamily;

    /// <summary>The interface index.</summary>
    public required int Index { get; init; }

    /// <summary>The address itself.</summary>
    public required InetAddress Local
    {
        get => _local.ToAddress((ProtocolFamily)_localFamily);
        init
        {
            _local = AddressBits.Of(value);
            _localFamily = (byte)value.Family;
        }
    }

    /// <summary>The peer's address, or the same as <see cref="Local"/>.</summary>
    public required InetAddress Peer
    {
        get => _peer.ToAddress((ProtocolFamily)_peerFamily);
        init
        {
            _peer = AddressBits.Of(value);
            _peerFamily = (byte)value.Family;
        }
    }

    /// <summary>Bits; of the peer's network where there is a peer.</summary>
    public required byte PrefixLength { get; init; }

    /// <summary>RT_SCOPE_*.</summary>
    public byte Scope { get; init; }

    /// <summary>IFA_F_*.</summary>
    public AddressFlags Flags { get; init; }

    /// <summary>IPv4's broadcast address; null for none.</summary>
    public InetAddress? Broadcast
    {
        get => _broadcast.ToOptional((ProtocolFamily)_broadcastFamily);
        init
        {
            _broadcast = AddressBits.Of(value, out ProtocolFamily family);
            _broadcastFamily = (byte)family;
        }
    }

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
    public ProtocolFamily Family => (ProtocolFamily)_localFamily;

    /// <summary>Whether it is an IPv4 secondary.</summary>
    public bool IsSecondary => (Flags & AddressFlags.IFA_F_SECONDARY) != 0;

    /// <summary>Whether it lives forever.</summary>
    public bool IsPermanent => (Flags & AddressFlags.IFA_F_PERMANENT) != 0;

    /// <summary>Whether it has a peer.</summary>
    public bool HasPeer => _peer != _local || _peerFamily != _localFamily;

    /// <summary>Whether the prefix route is made and removed with it.</summary>
    public bool HasPrefixRoute => (Flags & AddressFlags.IFA_F_NOPREFIXROUTE) == 0;

    /// <summary>The address itself.</summary>
    internal AddressBits LocalBits => _local;

    /// <summary>IPv4: the network that it is in, or the peer's.</summary>
    internal uint Network => (uint)_peer.Low & NetMask;

    /// <summary>IPv4: that network's last address, its broadcast address unless another one was given.</summary>
    internal uint LastInNetwork => (uint)_peer.Low | ~NetMask;

    /// <summary>IPv4's broadcast address; null for none.</summary>
    internal uint? BroadcastBits => _broadcastFamily == 0 ? null : (uint)_broadcast.Low;

    private uint NetMask => PrefixLength == 0 ? 0 : uint.MaxValue << (32 - PrefixLength);

    /// <summary>Whether it is this very address.</summary>
    internal bool IsAt(AddressBits local, ProtocolFamily family) => _local == local && _localFamily == (byte)family;

    /// <summary>Whether mask and network are another's.</summary>
    internal bool IsInNetworkOf(InterfaceAddress other) =>
        PrefixLength == other.PrefixLength && _peerFamily == other._peerFamily
        && new FibKey(_peer, PrefixLength).Contains(other._peer, _peerFamily == (byte)ProtocolFamily.AF_INET6);
}
