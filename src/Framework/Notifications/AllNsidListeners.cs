namespace SmallRtnl;

/// <summary>Sockets with NETLINK_LISTEN_ALL_NSID: they also hear the namespaces that their own one has an id for.</summary>
internal sealed class AllNsidListeners
{
    private readonly Lock _sync = new();
    private NetlinkSocket[] _sockets = [];

    public void Update(NetlinkSocket socket, bool listens)
    {
        lock (_sync)
        {
            bool known = Array.IndexOf(_sockets, socket) >= 0;
            if (listens && !known)
                Volatile.Write(ref _sockets, [.. _sockets, socket]);
            else if (!listens && known)
                Volatile.Write(ref _sockets, [.. _sockets.Where(other => other != socket)]);
        }
    }

    public bool HasListeners(int group)
    {
        foreach (NetlinkSocket socket in Volatile.Read(ref _sockets))
        {
            if ((socket.GroupMask & MulticastGroups.Bit(group)) != 0)
                return true;
        }
        return false;
    }

    public void Deliver(Net source, int group, Datagram datagram, NetlinkSocket? except)
    {
        foreach (NetlinkSocket socket in Volatile.Read(ref _sockets))
        {
            // The requester's port id, or none, is left out in every namespace, as in MulticastGroups.
            if (socket.PortId == (except?.PortId ?? 0) || ReferenceEquals(socket.Net, source) || (socket.GroupMask & MulticastGroups.Bit(group)) == 0)
                continue;
            int nsid = socket.Net.Snapshot.Get<NsidTable>().IdOf(source);
            if (nsid != NsidTable.NotAssigned)
                socket.Enqueue(datagram, group, nsid);
        }
    }
}
