namespace SmallRtnl;

/// <summary>Port ids in use, by namespace.</summary>
internal sealed class PortTable
{
    private readonly Lock _sync = new();
    private readonly Dictionary<(Net, uint), NetlinkSocket> _ports = [];
    private uint _next = 0x8000_0000;

    /// <summary>Takes the wanted id, or where it is 0 a free one above 2^31, where no process id can be.</summary>
    public bool TryBind(NetlinkSocket socket, uint wanted, out uint bound)
    {
        lock (_sync)
        {
            bound = wanted;
            if (wanted != 0)
                return _ports.TryAdd((socket.Net, wanted), socket);
            do
            {
                bound = ++_next;
                if (_next == uint.MaxValue)
                    _next = 0x8000_0000;
            }
            while (!_ports.TryAdd((socket.Net, bound), socket));
            return true;
        }
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
