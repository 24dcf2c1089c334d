using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Links;

/// <summary>The links of a namespace by index and by name. Immutable: an update is O(log n), a snapshot O(1).</summary>
public sealed partial class LinkTable
{
    private readonly ImmutableSortedDictionary<int, Link> _byIndex;
    private readonly ImmutableDictionary<InterfaceName, int> _byName;
    private readonly LinkIndexCounter _indexes;

    private LinkTable(ImmutableSortedDictionary<int, Link> byIndex, ImmutableDictionary<InterfaceName, int> byName, LinkIndexCounter indexes)
    {
        _byIndex = byIndex;
        _byName = byName;
        _indexes = indexes;
    }

    /// <summary>No links, and an index counter of its own.</summary>
    public static LinkTable Empty => new(ImmutableSortedDictionary<int, Link>.Empty, ImmutableDictionary<InterfaceName, int>.Empty, new LinkIndexCounter());

    /// <summary>How many there are.</summary>
    public int Count => _byIndex.Count;

    /// <summary>Every link in ascending order of index.</summary>
    public IEnumerable<Link> All => _byIndex.Values;

    /// <summary>Finds a link by index.</summary>
    public bool TryFind(int index, [NotNullWhen(true)] out Link? link) => _byIndex.TryGetValue(index, out link);

    /// <summary>Finds a link by name.</summary>
    public bool TryFind(InterfaceName name, [NotNullWhen(true)] out Link? link)
    {
        link = null;
        return _byName.TryGetValue(name, out int index) && _byIndex.TryGetValue(index, out link);
    }

    /// <summary>With a link added or replaced, by index; a new name replaces the old one.</summary>
    public LinkTable With(Link link)
    {
        ImmutableDictionary<InterfaceName, int> byName = _byName;
        if (_byIndex.TryGetValue(link.Index, out Link? before) && before.Name != link.Name)
            byName = byName.Remove(before.Name);
        if (before is null || before.Name != link.Name)
            byName = byName.SetItem(link.Name, link.Index);
        return new(_byIndex.SetItem(link.Index, link), byName, _indexes);
    }

    /// <summary>Without a link.</summary>
    public LinkTable Without(Link link) => new(_byIndex.Remove(link.Index), _byName.Remove(link.Name), _indexes);

    /// <summary>Takes the next free index (<c>dev_index_reserve</c>). As in the kernel, a request that fails later has used it up.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public int TakeIndex() => _indexes.Take(this);

    /// <summary>
    /// Counts on from the last index given by itself, so that none is used again soon; one that was asked for does not move it. Shared by a
    /// namespace's versions: no reader sees it.
    /// </summary>
    private sealed partial class LinkIndexCounter
    {
        [GuardedBy(RtnlLock.PerNet)]
        private partial int Last { get; set; }

        public int Take(LinkTable table)
        {
            int next = Last;
            do
                next = next == int.MaxValue ? 1 : next + 1;
            while (table._byIndex.ContainsKey(next));
            Last = next;
            return next;
        }
    }
}
