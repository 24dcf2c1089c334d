using System.Collections;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>Makes lists.</summary>
public static class PersistentList
{
    /// <summary>A list of items in their order.</summary>
    /// <typeparam name="T">The items.</typeparam>
    public static PersistentList<T> Of<T>(params ReadOnlySpan<T> items) => PersistentList<T>.Of(items);
}

/// <summary>
/// An immutable sequence for the state of a namespace: a change makes a new one in O(log n) and leaves the old one as it was. Kept sorted by
/// whoever inserts, it is a map that is searched by any key of its items. Up to 32 items are one array without slack, which is what nearly
/// every table of nearly every namespace is; more are a B+ tree of such arrays.
/// </summary>
/// <remarks>Thread-safe. The default value is the empty list.</remarks>
/// <typeparam name="T">The items.</typeparam>
public readonly struct PersistentList<T> : IReadOnlyList<T>
{
    internal const int MaxNode = 32;

    /// <summary>A node that shrinks below this joins its neighbour, if there is room.</summary>
    private const int SmallNode = MaxNode / 4;

    // Null, a T[] or a PersistentBranch.
    private readonly object? _root;

    private PersistentList(object? root) => _root = root;

    /// <summary>How many items there are.</summary>
    public int Count => _root switch
    {
        null => 0,
        PersistentBranch branch => branch.Count,
        _ => Leaf(_root).Length,
    };

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _root is null;

    /// <summary>The item at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(index));
            return LeafOf(_root!, ref index)[index];
        }
    }

    internal static PersistentList<T> Of(params ReadOnlySpan<T> items)
    {
        if (items.IsEmpty)
            return default;
        object[] nodes = new object[(items.Length + MaxNode - 1) / MaxNode];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i] = items.Slice(i * MaxNode, Math.Min(MaxNode, items.Length - (i * MaxNode))).ToArray();
        while (nodes.Length > 1)
        {
            object[] parents = new object[(nodes.Length + MaxNode - 1) / MaxNode];
            for (int i = 0; i < parents.Length; i++)
                parents[i] = Branch(nodes[(i * MaxNode)..Math.Min((i + 1) * MaxNode, nodes.Length)]);
            nodes = parents;
        }
        return new(nodes[0]);
    }

    /// <summary>Searches a sorted list; where several items are what the key asks for, the first.</summary>
    /// <param name="key">What is searched for.</param>
    /// <param name="index">Where it is; where it is not, where it would be inserted.</param>
    /// <typeparam name="TKey">What is searched by.</typeparam>
    /// <typeparam name="TOrder">The order in which the list is sorted.</typeparam>
    public bool TryFind<TKey, TOrder>(in TKey key, out int index)
        where TOrder : struct, IKeyOrder<T, TKey>
    {
        index = 0;
        object? node = _root;
        if (node is null)
            return false;
        while (node is PersistentBranch branch)
        {
            int child = LowerBound<TKey, TOrder>(Leaf(branch.Lasts), in key);
            if (child == branch.Children.Length)
            {
                index += branch.Count;
                return false;
            }
            if (child > 0)
                index += branch.Ends[child - 1];
            node = branch.Children[child];
        }
        T[] leaf = Leaf(node);
        int at = LowerBound<TKey, TOrder>(leaf, in key);
        index += at;
        return at < leaf.Length && TOrder.Compare(leaf[at], in key) == 0;
    }

    /// <summary>With an item before the one at a position, or behind the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative, or beyond the end.</exception>
    public PersistentList<T> WithInserted(int index, T item)
    {
        if ((uint)index > (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index));
        if (_root is null)
            return new(new[] { item });
        object left = Insert(_root, index, item, isLast: true, out object? right);
        return new(right is null ? left : Branch([left, right]));
    }

    /// <summary>With another item in the place of the one at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public PersistentList<T> WithReplaced(int index, T item)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index));
        return new(Replace(_root!, index, item));
    }

    /// <summary>Without the item at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public PersistentList<T> WithRemoved(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index));
        object? root = Remove(_root!, index);
        while (root is PersistentBranch { Children: [var only] })
            root = only;
        return new(root);
    }

    /// <summary>The items that satisfy a condition; the same list where all do.</summary>
    public PersistentList<T> Where<TCondition>(in TCondition condition)
        where TCondition : struct, IItemCondition<T>
    {
        if (_root is null)
            return this;
        int count = 0;
        if (_root is PersistentBranch)
        {
            foreach (T item in this)
                count += condition.Suits(item) ? 1 : 0;
        }
        else
        {
            foreach (T item in Leaf(_root))
                count += condition.Suits(item) ? 1 : 0;
        }
        if (count == Count)
            return this;
        var kept = new T[count];
        int at = 0;
        foreach (T item in this)
        {
            if (condition.Suits(item))
                kept[at++] = item;
        }
        return count is > 0 and <= MaxNode ? new(kept) : Of(kept);
    }

    /// <summary>The items in order; allocates nothing.</summary>
    public Enumerator GetEnumerator() => new(this, 0);

    /// <summary>The items from a position on; allocates nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative, or beyond the end.</exception>
    public Enumerator GetEnumerator(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)Count, nameof(index));
        return new(this, index);
    }

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T[] Leaf(object node) => Unsafe.As<T[]>(node);

    private static T[] LeafOf(object node, ref int index)
    {
        while (node is PersistentBranch branch)
            node = branch.Children[branch.ChildOf(ref index)];
        return Leaf(node);
    }

    private static int LowerBound<TKey, TOrder>(T[] items, in TKey key)
        where TOrder : struct, IKeyOrder<T, TKey>
    {
        int low = 0, high = items.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (TOrder.Compare(items[middle], in key) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static object Insert(object node, int index, T item, bool isLast, out object? right)
    {
        right = null;
        if (node is not PersistentBranch branch)
        {
            T[] leaf = Inserted(Leaf(node), index, item);
            if (leaf.Length <= MaxNode)
                return leaf;
            // What grows at its end is to be full, all else has room on both sides.
            int cut = isLast && index == MaxNode ? MaxNode : leaf.Length / 2;
            right = leaf[cut..];
            return leaf[..cut];
        }
        bool isEnd = index == branch.Count;
        int child = branch.ChildOf(ref index);
        bool isLastChild = child == branch.Children.Length - 1;
        object left = Insert(branch.Children[child], index, item, isLast && isLastChild, out object? added);
        if (added is null)
            return WithChild(branch, child, left);
        object[] children = Inserted(branch.Children, child + 1, added);
        children[child] = left;
        if (children.Length <= MaxNode)
            return Branch(children);
        int half = isLast && isEnd ? MaxNode : children.Length / 2;
        right = Branch(children[half..]);
        return Branch(children[..half]);
    }

    private static object Replace(object node, int index, T item)
    {
        if (node is PersistentBranch branch)
        {
            int child = branch.ChildOf(ref index);
            return WithChild(branch, child, Replace(branch.Children[child], index, item));
        }
        T[] leaf = Copy(Leaf(node));
        leaf[index] = item;
        return leaf;
    }

    private static object? Remove(object node, int index)
    {
        if (node is not PersistentBranch branch)
            return Leaf(node).Length == 1 ? null : Removed(Leaf(node), index);
        int child = branch.ChildOf(ref index);
        object? left = Remove(branch.Children[child], index);
        if (left is null)
            return branch.Children.Length == 1 ? null : Branch(Removed(branch.Children, child));
        if (SizeOf(left) >= SmallNode)
            return WithChild(branch, child, left);
        int neighbour = child + 1 < branch.Children.Length ? child + 1 : child - 1;
        if (neighbour < 0 || SizeOf(left) + SizeOf(branch.Children[neighbour]) > MaxNode)
            return WithChild(branch, child, left);
        object other = branch.Children[neighbour];
        object[] children = Removed(branch.Children, neighbour);
        children[Math.Min(child, neighbour)] = neighbour > child ? Joined(left, other) : Joined(other, left);
        return Branch(children);
    }

    private static PersistentBranch WithChild(PersistentBranch branch, int child, object node)
    {
        object[] children = Copy(branch.Children);
        children[child] = node;
        int change = CountOf(node) - (branch.Ends[child] - (child == 0 ? 0 : branch.Ends[child - 1]));
        int[] ends = branch.Ends;
        if (change != 0)
        {
            ends = Copy(ends);
            for (int i = child; i < ends.Length; i++)
                ends[i] += change;
        }
        T[] lasts = Copy(Leaf(branch.Lasts));
        lasts[child] = LastOf(node);
        return new PersistentBranch(children, ends, lasts);
    }

    private static PersistentBranch Branch(object[] children)
    {
        int[] ends = new int[children.Length];
        var lasts = new T[children.Length];
        int end = 0;
        for (int i = 0; i < children.Length; i++)
        {
            end += CountOf(children[i]);
            ends[i] = end;
            lasts[i] = LastOf(children[i]);
        }
        return new PersistentBranch(children, ends, lasts);
    }

    private static object Joined(object left, object right) =>
        left is PersistentBranch one ? Branch(Concat(one.Children, ((PersistentBranch)right).Children)) : Concat(Leaf(left), Leaf(right));

    private static int SizeOf(object node) => node is PersistentBranch branch ? branch.Children.Length : Leaf(node).Length;

    private static int CountOf(object node) => node is PersistentBranch branch ? branch.Count : Leaf(node).Length;

    private static T LastOf(object node) => node is PersistentBranch branch ? Leaf(branch.Lasts)[^1] : Leaf(node)[^1];

    private static TItem[] Copy<TItem>(TItem[] items) => items.AsSpan().ToArray();

    private static TItem[] Concat<TItem>(TItem[] left, TItem[] right)
    {
        var joined = new TItem[left.Length + right.Length];
        left.AsSpan().CopyTo(joined);
        right.AsSpan().CopyTo(joined.AsSpan(left.Length));
        return joined;
    }

    private static TItem[] Inserted<TItem>(TItem[] items, int index, TItem item)
    {
        var longer = new TItem[items.Length + 1];
        items.AsSpan(0, index).CopyTo(longer);
        longer[index] = item;
        items.AsSpan(index).CopyTo(longer.AsSpan(index + 1));
        return longer;
    }

    private static TItem[] Removed<TItem>(TItem[] items, int index)
    {
        var shorter = new TItem[items.Length - 1];
        items.AsSpan(0, index).CopyTo(shorter);
        items.AsSpan(index + 1).CopyTo(shorter.AsSpan(index));
        return shorter;
    }

    /// <summary>Walks the items, one leaf after another.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly object? _root;
        private readonly int _count;
        private readonly int _first;
        private T[] _leaf;
        private int _at;

        // The position of the next leaf's first item.
        private int _next;

        internal Enumerator(PersistentList<T> list, int index)
        {
            _root = list._root;
            _count = list.Count;
            _first = index;
            Reset();
        }

        /// <inheritdoc/>
        public readonly T Current => _leaf[_at];

        readonly object? IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (++_at < _leaf.Length)
                return true;
            if (_next >= _count)
            {
                _at = _leaf.Length;
                return false;
            }
            int index = _next;
            _leaf = LeafOf(_root!, ref index);
            _at = index;
            _next += _leaf.Length - index;
            return true;
        }

        /// <inheritdoc/>
        [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_leaf))]
        public void Reset()
        {
            _leaf = [];
            _at = -1;
            _next = _first;
        }

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
