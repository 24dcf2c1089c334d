using System.Collections.Immutable;

namespace SmallRtnl;

/// <summary>The ids under which a namespace knows its peers (<c>net->netns_ids</c>). Immutable; per-net state of every namespace.</summary>
public sealed class NsidTable
{
    /// <summary>NETNSA_NSID_NOT_ASSIGNED.</summary>
    public const int NotAssigned = -1;

    private readonly ImmutableSortedDictionary<int, Net> _nets;

    private NsidTable(ImmutableSortedDictionary<int, Net> nets) => _nets = nets;

    /// <summary>No peers.</summary>
    public static NsidTable Empty { get; } = new(ImmutableSortedDictionary<int, Net>.Empty);

    /// <summary>The assignments in ascending order of id.</summary>
    public IReadOnlyDictionary<int, Net> Assignments => _nets;

    /// <summary>The namespace behind an id (<c>get_net_ns_by_id</c>); null where there is none or it is dead.</summary>
    public Net? Find(int nsid) => _nets.TryGetValue(nsid, out Net? net) && !net.IsDead ? net : null;

    /// <summary>The id of a namespace (<c>peernet2id</c>), or <see cref="NotAssigned"/>.</summary>
    public int IdOf(Net net)
    {
        foreach ((int nsid, Net peer) in _nets)
        {
            if (ReferenceEquals(peer, net))
                return nsid;
        }
        return NotAssigned;
    }

    /// <summary>With an assignment added; the caller has checked that the id is free.</summary>
    public NsidTable With(int nsid, Net net) => new(_nets.SetItem(nsid, net));

    /// <summary>With an assignment at the lowest free id (<c>peernet2id_alloc</c>).</summary>
    public NsidTable WithAllocated(Net net, out int nsid)
    {
        nsid = IdOf(net);
        if (nsid != NotAssigned)
            return this;
        nsid = 0;
        while (_nets.ContainsKey(nsid))
            nsid++;
        return With(nsid, net);
    }

    /// <summary>Without a namespace.</summary>
    public NsidTable Without(Net net)
    {
        int nsid = IdOf(net);
        return nsid == NotAssigned ? this : new(_nets.Remove(nsid));
    }
}
