using System.Buffers;
using System.Collections.Concurrent;

namespace SmallRtnl;

/// <summary>
/// One datagram on its way to one or more receivers: a pooled buffer, counted by reference. Whoever dequeues it releases it.
/// </summary>
internal sealed class Datagram
{
    /// <summary>The first room for a message; most fit.</summary>
    public const int InitialSize = 4096;

    /// <summary>The largest a message may grow.</summary>
    public const int MaxSize = 1 << 20;

    private static readonly ConcurrentQueue<Datagram> s_pool = new();

    private byte[] _buffer = [];
    private int _references;

    private Datagram()
    {
    }

    public int Length { get; set; }

    public Span<byte> Buffer => _buffer;

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    public static Datagram Rent(int size)
    {
        if (!s_pool.TryDequeue(out Datagram? datagram))
            datagram = new Datagram();
        datagram._buffer = ArrayPool<byte>.Shared.Rent(size);
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
        if (Interlocked.Decrement(ref _references) != 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        s_pool.Enqueue(this);
    }
}
