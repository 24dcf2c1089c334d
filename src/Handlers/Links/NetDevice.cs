namespace SmallRtnl.Links;

/// <summary>
/// A device's identity: the same object for as long as the device exists, whatever its name, index or namespace. The versioned part is
/// <see cref="Link"/>.
/// </summary>
/// <remarks><see cref="Net"/> changes only under the locks of both namespaces; reading it without them may give a value that is stale at once.</remarks>
public sealed class NetDevice : INetObject
{
    private Net _net;
    private NetDevice? _peer;
    private int _index;

    /// <summary>Makes the identity of a device that is about to be registered.</summary>
    public NetDevice(Net net, int index)
    {
        _net = net;
        _index = index;
    }

    /// <inheritdoc/>
    public Net Net => Volatile.Read(ref _net);

    /// <summary>Its interface index in <see cref="Net"/>; changes only with a move.</summary>
    public int Index => Volatile.Read(ref _index);

    /// <summary>The other end of a veth pair; null for every other kind, and once the pair is torn apart.</summary>
    public NetDevice? Peer => Volatile.Read(ref _peer);

    /// <summary>Ties two ends together; before either is registered.</summary>
    internal static void Pair(NetDevice one, NetDevice other)
    {
        Volatile.Write(ref one._peer, other);
        Volatile.Write(ref other._peer, one);
    }

    /// <summary>Moves the device; the caller holds both namespaces.</summary>
    internal void Move(Net net, int index)
    {
        Volatile.Write(ref _index, index);
        Volatile.Write(ref _net, net);
    }
}
