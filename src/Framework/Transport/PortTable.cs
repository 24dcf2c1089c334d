namespace SmallRtnl;

/// <summary>Port ids in use, by namespace.</summary>
internal sealed class PortTable
{
    // Above every process id, so that a chosen id never takes one that a process will want.
    private const uint FirstChosen = 0x8000_0000;

    private readonly Lock _sync = new();
    private readonly Dictionary<(Net, uint), NetlinkSocket> _ports = [];
    private uint _next = FirstChosen;

    /// <summary>Takes a port id.</summary>
    /// <returns>False where another socket has it.</returns>
    public bool TryBind(NetlinkSocket socket, uint portId)
    {
        lock (_sync)
            return TryTake(socket, portId);
    }

    /// <summary>Takes the hint, or a free id.</summary>
    public uint BindAny(NetlinkSocket socket, uint hint)
    {
        lock (_sync)
        {
            if (hint != 0 && TryTake(socket, hint))
                return hint;
            uint chosen;
            do
            {
                chosen = _next;
                _next = _next == uint.MaxValue ? FirstChosen : _next + 1;
            }
            while (!_ports.TryAdd((socket.Net, chosen), socket));
            return chosen;
        }
    }

    private bool TryTake(NetlinkSocket socket, uint portId)
    {
        if (_ports.TryAdd((socket.Net, portId), socket))
            return true;
        // The id of a socket is free when its owner closes it, not when we come to notice.
        if (_ports[(socket.Net, portId)].Carrier is not { } carrier || !carrier.HasPeerClosed())
            return false;
        _ports[(socket.Net, portId)] = socket;
        return true;
    }

    public NetlinkSocket? Find(Net net, uint portId)
    {
        lock (_sync)
            return _ports.GetValueOrDefault((net, portId));
    }

    public void Release(NetlinkSocket socket)
    {
        lock (_sync)
        {
            if (_ports.TryGetValue((socket.Net, socket.PortId), out NetlinkSocket? owner) && owner == socket)
                _ports.Remove((socket.Net, socket.PortId));
        }
    }
}
