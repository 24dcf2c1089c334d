using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Links;

/// <summary>The links of a namespace by index and by name. Immutable: an update is O(log n), a snapshot O(1).</summary>
public sealed partial class LinkTable
{
    /// <summary>Up to here names are looked for one after another; that is faster than to keep them sorted.</summary>
    private const int FewLinks = 16;

    private readonly PersistentList<Link> _links;

    // Sorted by name; empty while there are few links.
    private readonly PersistentList<NameEntry> _names;
    private readonly LinkIndexCounter _indexes;

    private LinkTable(PersistentList<Link> links, PersistentList<NameEntry> names, LinkIndexCounter indexes)
    {
        _links = links;
        _names = names;
        _indexes = indexes;
    }

    /// <summary>No links, and an index counter of its own.</summary>
    public static LinkTable Empty => new(default, default, new LinkIndexCounter());

    /// <summary>How many there are.</summary>
    public int Count => _links.Count;

    /// <summary>Every link in ascending order of index.</summary>
    public PersistentList<Link> All => _links;

    /// <summary>Finds a link by index.</summary>
    public bool TryFind(int index, [NotNullWhen(true)] out Link? link)
    {
        link = _links.TryFind<int, IndexOrder>(in index, out int at) ? _links[at] : null;
        return link is not null;
    }

    /// <summary>Finds a link by name.</summary>
    public bool TryFind(InterfaceName name, [NotNullWhen(true)] out Link? link)
    {
        link = null;
        if (!_names.IsEmpty)
            return _names.TryFind<InterfaceName, NameOrder>(in name, out int at) && TryFind(_names[at].Index, out link);
        foreach (Link each in _links)
        {
            if (each.Name != name)
                continue;
            link = each;
            return true;
        }
        return false;
    }

    /// <summary>With a link added or replaced, by index; a new name replaces the old one.</summary>
    public LinkTable With(Link link)
    {
        int index = link.Index;
        bool known = _links.TryFind<int, IndexOrder>(in index, out int at);
        Link? before = known ? _links[at] : null;
        if (ReferenceEquals(before, link))
            return this;
        PersistentList<Link> links = known ? _links.WithReplaced(at, link) : _links.WithInserted(at, link);
        PersistentList<NameEntry> names = _names;
        if (links.Count > FewLinks && before?.Name != link.Name)
        {
            names = names.IsEmpty ? NamesOf(_links) : names;
            if (before is not null)
                names = Without(names, before.Name);
            InterfaceName name = link.Name;
            bool taken = names.TryFind<InterfaceName, NameOrder>(in name, out at);
            names = taken ? names.WithReplaced(at, new NameEntry(name, index)) : names.WithInserted(at, new NameEntry(name, index));
        }
        return new(links, names, _indexes);
    }

    /// <summary>Without a link.</summary>
    public LinkTable Without(Link link)
    {
        int index = link.Index;
        if (!_links.TryFind<int, IndexOrder>(in index, out int at))
            return this;
        PersistentList<Link> links = _links.WithRemoved(at);
        return new(links, links.Count > FewLinks ? Without(_names, link.Name) : default, _indexes);
    }

    /// <summary>Takes the next free index (<c>dev_index_reserve</c>). As in the kernel, a request that fails later has used it up.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public int TakeIndex() => _indexes.Take(this);

    private static PersistentList<NameEntry> NamesOf(PersistentList<Link> links)
    {
        NameEntry[] names = new NameEntry[links.Count];
        int at = 0;
        foreach (Link link in links)
            names[at++] = new NameEntry(link.Name, link.Index);
        Array.Sort(names, static (left, right) => NameOrder.Compare(left, right.Name));
        return PersistentList.Of(names);
    }

    private static PersistentList<NameEntry> Without(PersistentList<NameEntry> names, InterfaceName name) =>
        names.TryFind<InterfaceName, NameOrder>(in name, out int at) ? names.WithRemoved(at) : names;

    private readonly record struct NameEntry(InterfaceName Name, int Index);

    private readonly struct IndexOrder : IKeyOrder<Link, int>
    {
        public static int Compare(Link item, in int key) => item.Index.CompareTo(key);
    }

    private readonly struct NameOrder : IKeyOrder<NameEntry, InterfaceName>
    {
        public static int Compare(NameEntry item, in InterfaceName key) => item.Name.Utf8.SequenceCompareTo(key.Utf8);
    }

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
            while (table.TryFind(next, out _));
            Last = next;
            return next;
        }
    }
}
