namespace SmallRtnl;

/// <summary>Who listens to which multicast group of a namespace. Readers see an immutable array; joins and leaves replace it.</summary>
internal sealed class MulticastGroups
{
    /// <summary>Groups are numbered from 1; beyond RTNLGRP_MAX there is room for a host's own.</summary>
    public const int MaxGroup = 63;

    private readonly Lock _sync = new();
    private NetlinkSocket[] _members = [];
    private ulong _listening;

    public bool HasListeners(int group) => (Volatile.Read(ref _listening) & Bit(group)) != 0;

    /// <summary>Notes a socket's present groups.</summary>
    public void Update(NetlinkSocket socket)
    {
        lock (_sync)
        {
            bool member = Array.IndexOf(_members, socket) >= 0;
            bool wanted = socket.GroupMask != 0;
            if (wanted && !member)
                Volatile.Write(ref _members, [.. _members, socket]);
            else if (!wanted && member)
                Volatile.Write(ref _members, [.. _members.Where(other => other != socket)]);
            ulong listening = 0;
            foreach (NetlinkSocket other in _members)
                listening |= other.GroupMask;
            Volatile.Write(ref _listening, listening);
        }
    }

    /// <summary>Delivers to a group's members (<c>do_one_broadcast</c>).</summary>
    /// <param name="group">The group's number.</param>
    /// <param name="datagram">The message.</param>
    /// <param name="except">The sender, or the requester that gets a copy of its own.</param>
    /// <param name="exceptPortId">
    /// The port id that is left out: where a unicast goes as well; else 0, which leaves out sockets that have none yet.
    /// </param>
    /// <param name="sender">The sender; null: rtnetlink itself.</param>
    public void Deliver(int group, Datagram datagram, NetlinkSocket? except, uint exceptPortId = 0, NetlinkSocket? sender = null)
    {
        foreach (NetlinkSocket socket in Volatile.Read(ref _members))
        {
            if ((socket.GroupMask & Bit(group)) != 0 && socket != except && socket.PortId != exceptPortId)
                socket.Enqueue(datagram, group, sender: sender);
        }
    }

    public static ulong Bit(int group) => 1UL << (group - 1);
}
