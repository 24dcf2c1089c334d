using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Links;

/// <summary>The links of a namespace by index and by name. Immutable: an update is O(log n), a snapshot O(1).</summary>
public sealed class LinkTable
{
    private readonly ImmutableSortedDictionary<int, Link> _byIndex;
    private readonly ImmutableDictionary<InterfaceName, int> _byName;

    private LinkTable(ImmutableSortedDictionary<int, Link> byIndex, ImmutableDictionary<InterfaceName, int> byName, int nextIndex)
    {
        _byIndex = byIndex;
        _byName = byName;
        NextIndex = nextIndex;
    }

    /// <summary>No links.</summary>
    public static LinkTable Empty { get; } = new(ImmutableSortedDictionary<int, Link>.Empty, ImmutableDictionary<InterfaceName, int>.Empty, 1);

    /// <summary>How many there are.</summary>
    public int Count => _byIndex.Count;

    /// <summary>Every link in ascending order of index.</summary>
    public IEnumerable<Link> All => _byIndex.Values;

    /// <summary>Where the search for the next new link's index begins: behind the last one given by itself, so that none is used again soon.</summary>
    public int NextIndex { get; }

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
        return new(_byIndex.SetItem(link.Index, link), byName, NextIndex);
    }

    /// <summary>Without a link.</summary>
    public LinkTable Without(Link link) => new(_byIndex.Remove(link.Index), _byName.Remove(link.Name), NextIndex);

    /// <summary>Takes the next free index (<c>dev_index_reserve</c>): an index that was asked for does not move the counter.</summary>
    public LinkTable Allocate(out int index)
    {
        index = NextIndex;
        while (index <= 0 || _byIndex.ContainsKey(index))
            index = index is <= 0 or int.MaxValue ? 1 : index + 1;
        return new(_byIndex, _byName, index == int.MaxValue ? 1 : index + 1);
    }
}
