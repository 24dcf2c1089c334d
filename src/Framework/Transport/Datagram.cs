using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// One datagram on its way to one or more receivers: a pooled buffer, counted by reference. Whoever dequeues it releases it.
/// </summary>
/// <remarks>Buffers never move, so that a system call may read them where they lie.</remarks>
internal sealed unsafe class Datagram
{
    /// <summary>The first room for a message; most fit.</summary>
    public const int InitialSize = 4096;

    /// <summary>The largest a message may grow.</summary>
    public const int MaxSize = 1 << 20;

    private readonly byte[] _buffer;
    private readonly DatagramPool? _pool;
    private int _references;

    private Datagram(int size, DatagramPool? pool)
    {
        _buffer = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        Address = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0);
        _pool = pool;
    }

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

    /// <summary>Writes one message into a datagram of its own, growing until it fits.</summary>
    public static Datagram Build<T>(RtmType type, NetlinkFlags flags, uint sequence, uint portId, in T message)
        where T : struct, INetlinkMessage<T>
    {
        for (int size = InitialSize; ; size *= 4)
        {
            Datagram datagram = Rent(size);
            var writer = new NetlinkWriter(datagram._buffer);
            int start = writer.BeginMessage((ushort)type, flags, sequence, portId);
            message.Write(ref writer);
            writer.EndMessage(start);
            if (!writer.Overflowed)
            {
                datagram.Length = writer.Position;
                return datagram;
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
}
