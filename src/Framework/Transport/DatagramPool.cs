using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>Datagrams of one size that wait to be used again: a few on each thread, the others for all.</summary>
internal sealed class DatagramPool
{
    // What a full receive queue of small ones holds, and no more memory than this of large ones; beyond that the garbage collector has them.
    private const int MaxShared = 1024;
    private const int MaxSharedBytes = 8 << 20;

    // What the kernel's allocator has room for beside its bookkeeping: an acknowledgement; an address; a link; the dump's chunk of a reader of one
    // page, two, four, and of the largest.
    private static readonly DatagramPool[] s_pools = [.. ((int[])[704, 1024, 2048, 4096, 8192, 16_384, 32_768]).Select(static (allocated, index) => new DatagramPool(index, allocated - Datagram.SharedInfoSize))];

    [ThreadStatic]
    private static LocalStack[]? t_local;

    private readonly ConcurrentQueue<Datagram> _shared = new();
    private readonly int _index;
    private readonly int _maxShared;
    private int _sharedCount;

    private DatagramPool(int index, int size)
    {
        _index = index;
        Size = size;
        _maxShared = Math.Min(MaxShared, MaxSharedBytes / size);
    }

    /// <summary>The size of its datagrams.</summary>
    public int Size { get; }

    /// <summary>The pool that has room for a size; null where it is too large to be kept.</summary>
    public static DatagramPool? For(int size)
    {
        foreach (DatagramPool pool in s_pools)
        {
            if (size <= pool.Size)
                return pool;
        }
        return null;
    }

    /// <summary>Takes one; null where there is none.</summary>
    public Datagram? Take()
    {
        if (t_local is { } local && local[_index].TryPop() is { } mine)
            return mine;
        if (!_shared.TryDequeue(out Datagram? datagram))
            return null;
        Interlocked.Decrement(ref _sharedCount);
        return datagram;
    }

    /// <summary>Keeps one that nobody refers to any more.</summary>
    public void Give(Datagram datagram)
    {
        LocalStack[] local = t_local ??= new LocalStack[s_pools.Length];
        if (local[_index].TryPush(datagram))
            return;
        if (Interlocked.Increment(ref _sharedCount) <= _maxShared)
            _shared.Enqueue(datagram);
        else
            Interlocked.Decrement(ref _sharedCount);
    }

    [InlineArray(Capacity)]
    private struct Items
    {
        public const int Capacity = 8;

        private Datagram? _first;
    }

    private struct LocalStack
    {
        private Items _items;
        private int _count;

        public Datagram? TryPop()
        {
            if (_count == 0)
                return null;
            ref Datagram? item = ref _items[--_count];
            Datagram? popped = item;
            item = null;
            return popped;
        }

        public bool TryPush(Datagram datagram)
        {
            if (_count == Items.Capacity)
                return false;
            _items[_count++] = datagram;
            return true;
        }
    }
}
