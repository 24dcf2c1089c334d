using System.Collections;

namespace SmallRtnl.Routes;

/// <summary>The routes of one prefix in one table, in the kernel's order: a part of the table's list.</summary>
public readonly struct PrefixRoutes : IReadOnlyList<Route>
{
    private readonly PersistentList<Route> _routes;

    internal PrefixRoutes(PersistentList<Route> routes, int start, int count)
    {
        _routes = routes;
        Start = start;
        Count = count;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Where in the table the first one is, or would be.</summary>
    internal int Start { get; }

    /// <summary>The route at a position among them.</summary>
    public Route this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _routes[Start + index];
        }
    }

    /// <summary>Walks them; allocates nothing.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Route> IEnumerable<Route>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the routes of one prefix.</summary>
    public struct Enumerator : IEnumerator<Route>
    {
        private readonly PrefixRoutes _routes;
        private int _at;

        internal Enumerator(PrefixRoutes routes)
        {
            _routes = routes;
            _at = -1;
        }

        /// <inheritdoc/>
        public readonly Route Current => _routes[_at];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_at < _routes.Count;

        /// <inheritdoc/>
        public void Reset() => _at = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
