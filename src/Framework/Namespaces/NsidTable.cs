namespace SmallRtnl;

/// <summary>The ids under which a namespace knows its peers (<c>net->netns_ids</c>). Immutable; per-net state of every namespace.</summary>
public sealed class NsidTable
{
    /// <summary>NETNSA_NSID_NOT_ASSIGNED.</summary>
    public const int NotAssigned = -1;

    /// <summary>Up to here a peer is looked for one after another.</summary>
    private const int FewPeers = 16;

    private readonly PersistentList<KeyValuePair<int, Net>> _byId;

    // The same in the order of the peers; empty while there are few.
    private readonly PersistentList<KeyValuePair<int, Net>> _byPeer;

    // No id below it is free.
    private readonly int _firstFree;

    // Those whose ids are new since the namespace's last publication, which tells them and drops the list.
    private Newcomer? _newcomers;

    private NsidTable(PersistentList<KeyValuePair<int, Net>> byId, PersistentList<KeyValuePair<int, Net>> byPeer, int firstFree, Newcomer? newcomers)
    {
        _byId = byId;
        _byPeer = byPeer;
        _firstFree = firstFree;
        _newcomers = newcomers;
    }

    /// <summary>No peers.</summary>
    public static NsidTable Empty { get; } = new(default, default, 0, null);

    /// <summary>The assignments in ascending order of id.</summary>
    public PersistentList<KeyValuePair<int, Net>> Assignments => _byId;

    /// <summary>Whether an id is in use, were it by a namespace that is dead.</summary>
    public bool IsAssigned(int nsid) => _byId.TryFind<int, IdOrder>(in nsid, out _);

    /// <summary>The namespace behind an id (<c>get_net_ns_by_id</c>); null where there is none or it is dead.</summary>
    public Net? Find(int nsid) => _byId.TryFind<int, IdOrder>(in nsid, out int at) && _byId[at].Value is { IsDead: false } net ? net : null;

    /// <summary>The id of a namespace (<c>peernet2id</c>), or <see cref="NotAssigned"/>.</summary>
    public int IdOf(Net net)
    {
        if (!_byPeer.IsEmpty)
            return _byPeer.TryFind<Net, PeerOrder>(in net, out int at) ? _byPeer[at].Key : NotAssigned;
        foreach ((int nsid, Net peer) in _byId)
        {
            if (ReferenceEquals(peer, net))
                return nsid;
        }
        return NotAssigned;
    }

    /// <summary>With an assignment added; the caller has checked that the id is free, and that the namespace has none yet.</summary>
    public NsidTable With(int nsid, Net net)
    {
        KeyValuePair<int, Net> entry = KeyValuePair.Create(nsid, net);
        PersistentList<KeyValuePair<int, Net>> byId =
            _byId.TryFind<int, IdOrder>(in nsid, out int at) ? _byId.WithReplaced(at, entry) : _byId.WithInserted(at, entry);
        PersistentList<KeyValuePair<int, Net>> byPeer = default;
        if (byId.Count > FewPeers)
        {
            byPeer = _byPeer.IsEmpty ? ByPeer(_byId) : _byPeer;
            byPeer = byPeer.TryFind<Net, PeerOrder>(in net, out at) ? byPeer.WithReplaced(at, entry) : byPeer.WithInserted(at, entry);
        }
        return new(byId, byPeer, nsid == _firstFree ? nsid + 1 : _firstFree, new Newcomer(net, _newcomers));
    }

    /// <summary>With an assignment at the lowest free id (<c>peernet2id_alloc</c>).</summary>
    public NsidTable WithAllocated(Net net, out int nsid)
    {
        nsid = IdOf(net);
        if (nsid != NotAssigned)
            return this;
        nsid = _firstFree;
        while (IsAssigned(nsid))
            nsid++;
        NsidTable table = With(nsid, net);
        return new(table._byId, table._byPeer, nsid + 1, table._newcomers);
    }

    /// <summary>Without a namespace.</summary>
    public NsidTable Without(Net net)
    {
        int nsid = IdOf(net);
        if (nsid == NotAssigned || !_byId.TryFind<int, IdOrder>(in nsid, out int at))
            return this;
        PersistentList<KeyValuePair<int, Net>> byId = _byId.WithRemoved(at);
        PersistentList<KeyValuePair<int, Net>> byPeer = default;
        if (byId.Count > FewPeers && _byPeer.TryFind<Net, PeerOrder>(in net, out at))
            byPeer = _byPeer.WithRemoved(at);
        return new(byId, byPeer, Math.Min(_firstFree, nsid), _newcomers);
    }

    /// <summary>The namespace publishes the table: those that it has got to know hear who knows them.</summary>
    internal void TellNewcomers(Net owner)
    {
        for (Newcomer? newcomer = _newcomers; newcomer is not null; newcomer = newcomer.Next)
        {
            newcomer.Net.AddKnower(owner);
            // Dead before it heard of us, it tells us nothing: one of us sees the other.
            if (newcomer.Net.IsDead)
                NetRegistry.ForgetNsid(owner, newcomer.Net);
        }
        _newcomers = null;
    }

    private static PersistentList<KeyValuePair<int, Net>> ByPeer(PersistentList<KeyValuePair<int, Net>> byId)
    {
        KeyValuePair<int, Net>[] sorted = [.. byId];
        Array.Sort(sorted, static (left, right) => Net.CompareLockOrder(left.Value, right.Value));
        return PersistentList.Of(sorted);
    }

    private sealed record Newcomer(Net Net, Newcomer? Next);

    private readonly struct IdOrder : IKeyOrder<KeyValuePair<int, Net>, int>
    {
        public static int Compare(KeyValuePair<int, Net> item, in int key) => item.Key.CompareTo(key);
    }

    private readonly struct PeerOrder : IKeyOrder<KeyValuePair<int, Net>, Net>
    {
        public static int Compare(KeyValuePair<int, Net> item, in Net key) => Net.CompareLockOrder(item.Value, key);
    }
}
