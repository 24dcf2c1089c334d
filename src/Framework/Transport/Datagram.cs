using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// One datagram on its way to one or more receivers: a pooled buffer, counted by reference. Whoever dequeues it releases it.
/// </summary>
/// <remarks>Buffers never move, so that a system call may read them where they lie.</remarks>
internal sealed unsafe class Datagram
{
    /// <summary>The first room for a message of a sort not seen before; most fit. What a page holds beside the kernel's own bookkeeping (NLMSG_GOODSIZE).</summary>
    public const int InitialSize = 4096 - SharedInfoSize;

    /// <summary>The largest a message may grow.</summary>
    public const int MaxSize = 1 << 20;

    /// <summary>What the kernel keeps behind a buffer's bytes, in the same allocation (skb_shared_info).</summary>
    public const int SharedInfoSize = 320;

    // What it keeps beside them (sk_buff), and the least that it allocates for the bytes (the cache of small heads).
    private const int HeaderSize = 256;
    private const int SmallHeadSize = 704;

    private readonly byte[] _buffer;
    private readonly DatagramPool? _pool;
    private int _references;

    private Datagram(int size, DatagramPool? pool)
    {
        _buffer = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        Address = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0);
        _pool = pool;
        int allocated = size + SharedInfoSize;
        TrueSize = HeaderSize + (allocated <= SmallHeadSize ? SmallHeadSize : allocated);
    }

    /// <summary>
    /// What it occupies, however little is written in it, counted as the kernel counts a socket buffer (skb_truesize): with pools of the
    /// kernel's own sizes a receive buffer holds as many messages here as there.
    /// </summary>
    public int TrueSize { get; }

    public int Length { get; set; }

    /// <summary>Where the bytes begin.</summary>
    public byte* Address { get; }

    public Span<byte> Buffer => _buffer;

    public ReadOnlySpan<byte> Span => new(_buffer, 0, Length);

    public static Datagram Rent(int size)
    {
        Datagram datagram = DatagramPool.For(size) is { } pool ? pool.Take() ?? new Datagram(pool.Size, pool) : new Datagram(size, null);
        datagram._references = 1;
        datagram.Length = 0;
        return datagram;
    }

    /// <summary>Gives up a buffer that is larger than its bytes need (<c>netlink_trim</c>). Nobody else may have a reference to it.</summary>
    /// <returns>This one, or a smaller one in its place.</returns>
    public Datagram Fit()
    {
        if (DatagramPool.For(Length) is not { } fitting || fitting.Size >= _buffer.Length)
            return this;
        Datagram fitted = Rent(Length);
        Span.CopyTo(fitted._buffer);
        fitted.Length = Length;
        Release();
        return fitted;
    }

    /// <summary>Writes one message into a datagram of its own, growing until it fits.</summary>
    public static Datagram Build<T>(RtmType type, NetlinkFlags flags, uint sequence, uint portId, in T message)
        where T : struct, INetlinkMessage<T>
    {
        // Messages of one type are mostly of one size.
        for (int size = Seen<T>.Size; ; size = Math.Max(InitialSize, size * 4))
        {
            Datagram datagram = Rent(size);
            var writer = new NetlinkWriter(datagram._buffer);
            int start = writer.BeginMessage((ushort)type, flags, sequence, portId);
            message.Write(ref writer);
            writer.EndMessage(start);
            if (!writer.Overflowed)
            {
                datagram.Length = writer.Position;
                Seen<T>.Size = writer.Position;
                return datagram.Fit();
            }
            datagram.Release();
            if (size >= MaxSize)
                throw new InvalidOperationException($"A message of type {type} does not fit into {MaxSize} bytes.");
        }
    }

    public void AddReference() => Interlocked.Increment(ref _references);

    public void Release()
    {
        // Nobody else can have a reference to hand on while ours is the only one.
        if (Volatile.Read(ref _references) == 1)
            _references = 0;
        else if (Interlocked.Decrement(ref _references) != 0)
            return;
        _pool?.Give(this);
    }

    /// <summary>How large the last message of a type was.</summary>
    private static class Seen<T>
    {
        public static int Size = InitialSize;
    }
}
