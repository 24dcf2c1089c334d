using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>What came out of a receive.</summary>
internal enum UnixReceiveStatus
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>There is none at present.</summary>
    Empty,

    /// <summary>The peer has closed, or the connection has failed, or a frame is longer than one may be.</summary>
    Closed,
}

/// <summary>
/// A thread's buffers for the frames that it reads. Nearly every frame fits the small one, which goes along with a request that has to wait for
/// a lock; the large one is memory of the system, which costs nothing until a frame needs it.
/// </summary>
internal sealed unsafe class UnixReceiver
{
    private const int SmallSize = 8192;

    [ThreadStatic]
    private static UnixReceiver? t_current;

    private readonly byte* _large;
    private byte[]? _small;

    private UnixReceiver() => _large = (byte*)NativeMemory.Alloc(UnixFrame.MaxSize);

    ~UnixReceiver() => NativeMemory.Free(_large);

    /// <summary>This thread's.</summary>
    public static UnixReceiver Current => t_current ??= new UnixReceiver();

    /// <summary>Receives a frame without waiting.</summary>
    /// <param name="socket">From where.</param>
    /// <param name="frame">The frame, in a buffer that is the caller's until it calls <see cref="Return"/>.</param>
    public UnixReceiveStatus TryReceive(FileHandle socket, out ArraySegment<byte> frame)
    {
        byte[] small = _small ?? GC.AllocateUninitializedArray<byte>(SmallSize, pinned: true);
        _small = small;
        LinuxSystemCalls.Vector* vectors = stackalloc LinuxSystemCalls.Vector[2];
        // Pinned for good.
        vectors[0] = new LinuxSystemCalls.Vector { Base = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(small, 0), Length = SmallSize };
        vectors[1] = new LinuxSystemCalls.Vector { Base = _large, Length = UnixFrame.MaxSize - SmallSize };
        var message = new LinuxSystemCalls.MessageHeader { Vectors = vectors, VectorCount = 2 };
        while (true)
        {
            nint length = LinuxSystemCalls.Receive(socket, &message, LinuxSystemCalls.MSG_DONTWAIT);
            // There was more of it: to serve what is left would be to answer what nobody has asked.
            if (length > 0 && (message.Flags & LinuxSystemCalls.MSG_TRUNC) != 0)
            {
                frame = default;
                return UnixReceiveStatus.Closed;
            }
            if (length > SmallSize)
            {
                byte[] whole = GC.AllocateUninitializedArray<byte>((int)length);
                small.CopyTo(whole, 0);
                new ReadOnlySpan<byte>(_large, (int)length - SmallSize).CopyTo(whole.AsSpan(SmallSize));
                frame = whole;
                return UnixReceiveStatus.Frame;
            }
            if (length > 0)
            {
                _small = null;
                frame = new ArraySegment<byte>(small, 0, (int)length);
                return UnixReceiveStatus.Frame;
            }
            frame = default;
            if (length == 0)
                return UnixReceiveStatus.Closed;
            switch (LinuxSystemCalls.LastError)
            {
                case LinuxSystemCalls.EAGAIN:
                    return UnixReceiveStatus.Empty;
                case LinuxSystemCalls.EINTR:
                // The client closed without reading everything. That is told once, before the frames that it sent until then.
                case LinuxSystemCalls.ECONNRESET:
                    continue;
                default:
                    return UnixReceiveStatus.Closed;
            }
        }
    }

    /// <summary>Takes a frame's buffer back, on whichever thread its request came to an end.</summary>
    public static void Return(ArraySegment<byte> frame)
    {
        if (frame.Array is { Length: SmallSize } small)
            Current._small ??= small;
    }
}
