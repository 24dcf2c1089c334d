using System.Runtime.InteropServices;

namespace SmallRtnl.Host;

/// <summary>
/// Where a client thread receives: one large buffer for a single datagram, and many small ones for the answers of several requests, which
/// one system call fetches.
/// </summary>
internal sealed unsafe class ReceiveBuffer : IDisposable
{
    private const int LargeSize = 512 * 1024;
    private const int SmallSize = 4096;

    private readonly byte* _large = (byte*)NativeMemory.Alloc(LargeSize);
    private readonly byte* _small;
    private readonly LibC.IoVector* _vectors;
    private readonly LibC.MultipleMessage* _messages;
    private readonly int _capacity;
    private BusyPoll _busyPoll = new(Patience);
    private int _fetched;
    private int _next;

    /// <param name="pipeline">How many answers may be awaited at once.</param>
    public ReceiveBuffer(int pipeline)
    {
        _capacity = pipeline;
        _small = (byte*)NativeMemory.Alloc((nuint)pipeline, SmallSize);
        _vectors = (LibC.IoVector*)NativeMemory.AllocZeroed((nuint)pipeline, (nuint)sizeof(LibC.IoVector));
        _messages = (LibC.MultipleMessage*)NativeMemory.AllocZeroed((nuint)pipeline, (nuint)sizeof(LibC.MultipleMessage));
        for (int i = 0; i < pipeline; i++)
        {
            _vectors[i] = new LibC.IoVector { Base = _small + (i * SmallSize), Length = SmallSize };
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
        }
    }

    /// <summary>The kernel's answer is there at once, and a server's soon: how long it is looked for before sleeping.</summary>
    public static TimeSpan Patience => TimeSpan.FromMicroseconds(100);

    /// <summary>The datagram of an in-process socket that is being read.</summary>
    public ReceivedDatagram InProcess { get; set; }

    /// <summary>Waits for the next datagram on a descriptor.</summary>
    /// <param name="descriptor">A socket.</param>
    /// <param name="expected">How many are to come at least, at most as many as the buffer was made for; 0: not known.</param>
    /// <returns>Empty where the other end has closed.</returns>
    /// <exception cref="WorkloadException">The socket has failed.</exception>
    public ReadOnlySpan<byte> Receive(int descriptor, int expected)
    {
        if (_next < _fetched)
            return Take();
        if (expected <= 1)
            return new ReadOnlySpan<byte>(_large, Wait(descriptor, _large, LargeSize));
        _fetched = WaitForMany(descriptor, Math.Min(expected, _capacity));
        _next = 0;
        return Take();
    }

    public void Dispose()
    {
        InProcess.Dispose();
        NativeMemory.Free(_large);
        NativeMemory.Free(_small);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_messages);
    }

    private int Wait(int descriptor, byte* buffer, int size)
    {
        int flags = LibC.MSG_DONTWAIT;
        while (true)
        {
            nint length = LibC.Receive(descriptor, buffer, size, LibC.MSG_TRUNC | flags);
            if (length > size)
                throw new WorkloadException($"An answer of {length} bytes is longer than a datagram may be.");
            if (length >= 0)
            {
                _busyPoll.Reset();
                return (int)length;
            }
            if (IsTooEarly(ref flags))
                continue;
            if (Marshal.GetLastPInvokeError() != LibC.EINTR)
                throw new WorkloadException($"An answer could not be received: {LibC.LastError()}.");
        }
    }

    private int WaitForMany(int descriptor, int count)
    {
        int flags = LibC.MSG_DONTWAIT;
        while (true)
        {
            int received = LibC.ReceiveMany(descriptor, _messages, (uint)count, LibC.MSG_WAITFORONE | flags, null);
            if (received > 0)
            {
                _busyPoll.Reset();
                return received;
            }
            if (IsTooEarly(ref flags))
                continue;
            if (Marshal.GetLastPInvokeError() != LibC.EINTR)
                throw new WorkloadException($"Answers could not be received: {LibC.LastError()}.");
        }
    }

    /// <summary>Nothing has come yet: look again after others have run, or wait for it.</summary>
    private bool IsTooEarly(ref int flags)
    {
        if (Marshal.GetLastPInvokeError() != LibC.EAGAIN)
            return false;
        if (!_busyPoll.TryYield())
            flags = 0;
        return true;
    }

    private ReadOnlySpan<byte> Take()
    {
        ref LibC.MultipleMessage message = ref _messages[_next];
        if ((message.Header.Flags & LibC.MSG_TRUNC) != 0)
            throw new WorkloadException($"An answer is longer than {SmallSize} bytes.");
        var datagram = new ReadOnlySpan<byte>(_small + (_next * SmallSize), (int)message.Length);
        _next++;
        return datagram;
    }
}
