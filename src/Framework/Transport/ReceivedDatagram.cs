namespace SmallRtnl;

/// <summary>A datagram out of a receive queue. Its bytes lie in a pooled buffer: dispose it once they are read.</summary>
public readonly struct ReceivedDatagram : IDisposable
{
    private readonly Datagram? _datagram;

    internal ReceivedDatagram(Datagram datagram, int group, int nsid, NetlinkSocket? sender, DumpPart dump)
    {
        _datagram = datagram;
        Group = group;
        Nsid = nsid;
        SenderPortId = sender?.PortId ?? 0;
        Sender = sender is null ? null : sender.Peer ?? UnixPeer.Self;
        Dump = dump;
    }

    /// <summary>The netlink bytes: one or more messages.</summary>
    public ReadOnlySpan<byte> Span => _datagram is null ? default : _datagram.Span;

    /// <summary>How many bytes there are.</summary>
    public int Length => _datagram?.Length ?? 0;

    /// <summary>Where the bytes lie, until it is disposed.</summary>
    internal unsafe byte* Address => _datagram is null ? null : _datagram.Address;

    /// <summary>The multicast group it was sent to; 0 for a unicast.</summary>
    public int Group { get; }

    /// <summary>The id of the namespace it comes from, for NETLINK_LISTEN_ALL_NSID; -1 for the socket's own.</summary>
    public int Nsid { get; }

    /// <summary>The sender's port id; 0 for rtnetlink itself.</summary>
    public uint SenderPortId { get; }

    /// <summary>Who sent it; null for rtnetlink itself.</summary>
    internal UnixPeer? Sender { get; }

    /// <summary>What it is to the dump in progress.</summary>
    internal DumpPart Dump { get; }

    /// <summary>What it occupies.</summary>
    internal int TrueSize => _datagram?.TrueSize ?? 0;

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _datagram?.Release();
}
