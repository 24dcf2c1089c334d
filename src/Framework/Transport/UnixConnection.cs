using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SmallRtnl;

/// <summary>
/// A data connection: one client's netlink socket. Frames are handled in order, one at a time; a control operation first handles what is
/// queued before it. Replies never keep it from reading: what the client does not take waits in the netlink socket's queue.
/// </summary>
internal sealed class UnixConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly NetlinkSocket _netlink;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private byte[] _receiveBuffer = GC.AllocateUninitializedArray<byte>(64 * 1024);
    private byte[] _sendBuffer = GC.AllocateUninitializedArray<byte>(UnixFrame.Size + (64 * 1024));
    private readonly Lock _settleSync = new();
    private TaskCompletionSource? _settled;
    private int _pumping;
    private volatile bool _closed;
    private volatile bool _sendBlocked;
    private volatile bool _inHand;

    public UnixConnection(Socket socket, NetlinkSocket netlink, uint id)
    {
        _socket = socket;
        _netlink = netlink;
        Id = id;
        Token = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        // Sends and receives go straight to the system call; only waiting is asynchronous.
        _socket.Blocking = false;
        _socket.SendBufferSize = 1 << 20;
        _netlink.Readable = Pump;
        _netlink.HasPeerClosed = HasPeerClosed;
    }

    public uint Id { get; }

    public ulong Token { get; }

    /// <summary>Handles frames until the client closes.</summary>
    public async Task RunAsync()
    {
        byte[] peek = new byte[1];
        while (!_closed)
        {
            try
            {
                // Peeking leaves the frame for whoever has the turn: this loop, or a control operation that must come after it.
                int length = await _socket.ReceiveAsync(peek, SocketFlags.Peek).ConfigureAwait(false);
                if (length == 0)
                    return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
            {
                // The client closed without reading everything. That is told first, and once; its frames are still there.
            }
            await _turn.WaitAsync().ConfigureAwait(false);
            try
            {
                if (!await HandleQueuedAsync().ConfigureAwait(false))
                    return;
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    /// <summary>Does what a control frame asks, after every data frame sent before it.</summary>
    public async Task<UnixAnswer> ControlAsync(UnixControl operation, ReadOnlyMemory<byte> payload)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await HandleQueuedAsync().ConfigureAwait(false);
            // Another thread's pump may hold what has just been answered: it must be with the client before the answer is.
            await WhenSettledAsync().ConfigureAwait(false);
            return Control(operation, payload.Span);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _closed = true;
        _netlink.Dispose();
        _socket.Dispose();
    }

    private bool HasPeerClosed()
    {
        Span<byte> peek = stackalloc byte[1];
        try
        {
            int length;
            SocketError error;
            do
            {
                if (_closed)
                    return true;
                length = _socket.Receive(peek, SocketFlags.Peek, out error);
            }
            while (error == SocketError.ConnectionReset);
            return length == 0 && error == SocketError.Success;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private UnixAnswer Control(UnixControl operation, ReadOnlySpan<byte> payload)
    {
        Span<uint> arguments = stackalloc uint[2];
        payload[..Math.Min(payload.Length, 8)].CopyTo(MemoryMarshal.AsBytes(arguments));
        switch (operation)
        {
            case UnixControl.Bind:
                return Name(_netlink.Bind(arguments[0], arguments[1]));
            case UnixControl.GetName:
                return Name(Errno.None);
            case UnixControl.Autobind:
                _netlink.Autobind();
                return Name(Errno.None);
            case UnixControl.SetSockOpt:
                return new UnixAnswer(_netlink.SetOption((NetlinkSocketOption)arguments[0], (int)arguments[1]));
            case UnixControl.GetSockOpt:
                return GetOption((NetlinkSocketOption)arguments[0]);
            case UnixControl.RcvBuf:
                _netlink.ReceiveBuffer = (int)Math.Min(arguments[0], int.MaxValue);
                return new UnixAnswer(Errno.None);
            case UnixControl.Fence:
                return new UnixAnswer(Errno.None);
            default:
                return new UnixAnswer(Errno.EOPNOTSUPP);
        }
    }

    private UnixAnswer Name(Errno errno) => new(errno, _netlink.PortId, (uint)_netlink.GroupMask);

    private UnixAnswer GetOption(NetlinkSocketOption option)
    {
        if (option == NetlinkSocketOption.NETLINK_LIST_MEMBERSHIPS)
            return new UnixAnswer(Errno.None, Payload: BitConverter.GetBytes(_netlink.GroupMask));
        Errno errno = _netlink.GetOption(option, out int value);
        return new UnixAnswer(errno, Payload: errno == Errno.None ? BitConverter.GetBytes(value) : default);
    }

    /// <summary>Handles every frame that is queued now; the turn is the caller's.</summary>
    /// <returns>False once the client has closed.</returns>
    private async ValueTask<bool> HandleQueuedAsync()
    {
        while (true)
        {
            int length = _socket.Receive(_receiveBuffer, 0, _receiveBuffer.Length, SocketFlags.Peek, out SocketError error);
            if (error == SocketError.WouldBlock)
                return true;
            // Told once, before what the client sent until it closed.
            if (error == SocketError.ConnectionReset)
                continue;
            if (error != SocketError.Success || length == 0)
                return false;
            // A frame that fills the buffer may be cut short: look again with the largest there can be.
            if (length == _receiveBuffer.Length && length < UnixFrame.MaxSize)
            {
                _receiveBuffer = GC.AllocateUninitializedArray<byte>(UnixFrame.MaxSize);
                continue;
            }
            length = _socket.Receive(_receiveBuffer, 0, _receiveBuffer.Length, SocketFlags.None, out error);
            if (error is SocketError.WouldBlock or SocketError.ConnectionReset)
                continue;
            if (error != SocketError.Success || length == 0)
                return false;
            if (length < UnixFrame.Size || UnixFrame.Read(_receiveBuffer) is not { Kind: UnixFrameKind.Data } frame)
                return false;
            await HandleAsync(frame, _receiveBuffer.AsMemory(UnixFrame.Size, length - UnixFrame.Size)).ConfigureAwait(false);
        }
    }

    private async ValueTask HandleAsync(UnixFrame frame, ReadOnlyMemory<byte> bytes)
    {
        if (frame.A != 0 || frame.B != 0)
        {
            Errno errno = _netlink.SendTo(bytes.Span, frame.A, frame.B);
            if (errno != Errno.None)
                SendError(errno);
            // A group without a port id: rtnetlink gets it too, as netlink_sendmsg unicasts to port id 0 after the broadcast.
            if (errno != Errno.None || frame.A != 0)
                return;
        }
        await _netlink.SendAsync(bytes).ConfigureAwait(false);
    }

    private void SendError(Errno errno)
    {
        Span<byte> frame = stackalloc byte[UnixFrame.Size];
        new UnixFrame(UnixFrameKind.Error, 0, 0, (uint)errno, 0, 0).Write(frame);
        _socket.Send(frame, SocketFlags.None, out _);
    }

    /// <summary>Moves what is queued to the client. One pump at a time; a call while one runs makes it look once more.</summary>
    private void Pump()
    {
        if (Interlocked.Increment(ref _pumping) == 1)
            _ = PumpAsync();
    }

    private async Task PumpAsync()
    {
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _pumping);
                while (await TrySendNextAsync().ConfigureAwait(false))
                    await _netlink.ContinueDumpAsync().ConfigureAwait(false);
            }
            while (Interlocked.Add(ref _pumping, -seen) > 0);
        }
        catch (Exception exception)
        {
            // Never pumped again. Mostly the client has gone; whatever it was, the reading side must notice, and so must the client.
            _sendBlocked = true;
            Settle();
            Disconnect();
            if (exception is not (SocketException or ObjectDisposedException))
                _netlink.Fail(exception);
        }
    }

    /// <summary>Sends the next datagram or error to the client; waits while the connection is full.</summary>
    /// <returns>False where the queue is empty.</returns>
    private async ValueTask<bool> TrySendNextAsync()
    {
        _inHand = true;
        bool found = _netlink.TryReceive(out ReceivedDatagram datagram, out Errno error);
        if (found)
        {
            int length = WriteFrame(in datagram, error);
            datagram.Dispose();
            SocketError status = SocketError.MessageSize;
            if (length <= UnixFrame.MaxSize)
                _socket.Send(_sendBuffer, 0, length, SocketFlags.None, out status);
            if (status == SocketError.MessageSize)
            {
                // Larger than a frame may be, or than this machine's socket buffers: lost, as a buffer that the kernel cannot allocate.
                new UnixFrame(UnixFrameKind.Error, 0, 0, (uint)Errno.ENOBUFS, 0, 0).Write(_sendBuffer);
                length = UnixFrame.Size;
                _socket.Send(_sendBuffer, 0, length, SocketFlags.None, out status);
            }
            if (status == SocketError.WouldBlock)
            {
                _sendBlocked = true;
                Settle();
                await _socket.SendAsync(_sendBuffer.AsMemory(0, length), SocketFlags.None).ConfigureAwait(false);
                _sendBlocked = false;
            }
            else if (status != SocketError.Success)
            {
                throw new SocketException((int)status);
            }
        }
        _inHand = false;
        if (_netlink.IsQueueEmpty)
            Settle();
        return found;
    }

    /// <summary>Completes once everything queued by now is with the client, or waits for the client to read.</summary>
    private Task WhenSettledAsync()
    {
        Task settled;
        lock (_settleSync)
            settled = (_settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        // The pump marks what it has in hand before it dequeues, and settles after it has let go: one of us sees the other.
        return _sendBlocked || (_netlink.IsQueueEmpty && !_inHand) ? Task.CompletedTask : settled;
    }

    private void Settle()
    {
        TaskCompletionSource? settled;
        lock (_settleSync)
        {
            settled = _settled;
            _settled = null;
        }
        settled?.SetResult();
    }

    private void Disconnect()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
    }

    private int WriteFrame(in ReceivedDatagram datagram, Errno error)
    {
        int length = UnixFrame.Size + datagram.Length;
        if (length > _sendBuffer.Length)
            _sendBuffer = GC.AllocateUninitializedArray<byte>(length);
        UnixFrame frame = error != Errno.None
            ? new UnixFrame(UnixFrameKind.Error, 0, 0, (uint)error, 0, 0)
            : new UnixFrame(UnixFrameKind.Data, 0, 0, (uint)datagram.Group, (uint)datagram.Nsid, datagram.SenderPortId);
        frame.Write(_sendBuffer);
        datagram.Span.CopyTo(_sendBuffer.AsSpan(UnixFrame.Size));
        return length;
    }
}
