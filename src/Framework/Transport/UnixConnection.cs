using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SmallRtnl;

/// <summary>
/// A data connection: one client's netlink socket. Frames are handled in order, one at a time; a control operation first handles what is
/// queued before it. Replies never keep it from reading: what the client does not take waits in the netlink socket's queue.
/// </summary>
/// <remarks>
/// Whoever finds something to read reads, if nobody does: the poller's thread, that of a control operation, or the one on which a request that
/// had to wait went on. The same goes for sending.
/// </remarks>
internal sealed class UnixConnection : UnixPolled, IDatagramCarrier, IDisposable
{
    // A large chunk of a dump and its bookkeeping, several times; more is not needed to keep a client busy.
    private const int MinSendBuffer = 64 * 1024;
    private const int MaxSendBuffer = 512 * 1024;

    private readonly NetlinkSocket _netlink;
    private readonly UnixPoller _poller;
    private readonly UnixCredentials _peer;
    private readonly Action<UnixConnection> _onClosed;
    private readonly bool _withCredentials;
    private readonly UnixErrorWord? _errorWord;
    private readonly int _maxReceiveBuffer;
    private readonly Lock _watchSync = new();
    private readonly Lock _settleSync = new();
    private TaskCompletionSource? _settled;
    private Queue<TaskCompletionSource<bool>>? _fences;
    private int _fenceCount;
    // What follows is whoever's who reads: the frame that has been begun, how much of its messages is done, and the fences that pass once so
    // many bytes more have been handled.
    private ArraySegment<byte> _frame;
    private int _position;
    private int _fencesAhead;
    private int _bytesToFence;
    private bool _hasHungUp;
    private int _unfinished;
    private UnixFrameBatch? _parked;
    private int _slot;
    private int _reading;
    private int _pumping;
    private int _corkedBy;
    private bool _hadMore;
    private volatile bool _suspended;
    private volatile bool _sendBlocked;
    private volatile bool _closed;

    public UnixConnection(FileHandle handle, NetlinkSocket netlink, uint id, UnixPoller poller, UnixUser user, UnixCredentials peer, Action<UnixConnection> onClosed, bool withCredentials, UnixErrorWord? errorWord, int maxReceiveBuffer)
        : base(handle, user)
    {
        _peer = peer;
        _withCredentials = withCredentials;
        _errorWord = errorWord;
        _maxReceiveBuffer = maxReceiveBuffer;
        _netlink = netlink;
        _poller = poller;
        _onClosed = onClosed;
        Id = id;
        Token = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        _netlink.Readable = Pump;
        _netlink.Carrier = this;
        SetSendBuffer();
    }

    public uint Id { get; }

    public NetlinkSocket Netlink => _netlink;

    public ulong Token { get; }

    /// <summary>Whether everything that has been answered is with the client.</summary>
    public bool IsFlushed => _closed || (_netlink.IsQueueEmpty && Volatile.Read(ref _pumping) == 0 && _parked is null);

    /// <summary>The client can send nothing more; what it has sent is handled, and then the connection ends.</summary>
    public void EndReading()
    {
        try
        {
            const int Reading = 0;
            _ = LinuxSystemCalls.Shutdown(Handle, Reading);
        }
        catch (ObjectDisposedException)
        {
            // Gone already.
        }
    }

    /// <inheritdoc/>
    public unsafe int UnreadBytes
    {
        get
        {
            int unread = 0;
            try
            {
                return LinuxSystemCalls.Control(Handle, LinuxSystemCalls.SIOCOUTQ, &unread) == 0 ? unread : int.MaxValue;
            }
            catch (ObjectDisposedException)
            {
                return 0;
            }
        }
    }

    /// <summary>Begins to handle frames, until the client closes.</summary>
    public void Start()
    {
        lock (_watchSync)
            Watch();
    }

    public override void OnReadable(bool hasHungUp)
    {
        if (Interlocked.Increment(ref _reading) == 1)
        {
            _hasHungUp = hasHungUp;
            Read();
        }
        else
        {
            Suspend(unlessIdle: true);
        }
    }

    /// <summary>Goes on reading where the last turn ended, or where a request that waited has come to its end.</summary>
    public override void OnTurn()
    {
        _hasHungUp = LinuxSystemCalls.HasHungUp(Handle);
        Read();
    }

    public override void OnWritable()
    {
        lock (_watchSync)
        {
            if (!_sendBlocked || _parked is null || _closed)
                return;
            _sendBlocked = false;
            Watch();
        }
        _netlink.NoteRoomForChunk();
        Drain();
    }

    /// <inheritdoc/>
    public bool TryRaise(Errno error)
    {
        if (_errorWord is null)
            return false;
        _errorWord.Raise(error);
        // A client that has read everything may sleep by now: it must be woken, by a frame.
        return UnreadBytes > 0;
    }

    /// <summary>Does what a control frame asks, after every data frame sent before it.</summary>
    /// <param name="operation">What.</param>
    /// <param name="payload">Its arguments.</param>
    /// <param name="asking">The control connection, whose peer may be another one than the socket's.</param>
    public async ValueTask<UnixAnswer> ControlAsync(UnixControl operation, ReadOnlyMemory<byte> payload, FileHandle asking)
    {
        if (!await FenceAsync().ConfigureAwait(false))
            return new UnixAnswer(Errno.EBADF);
        // Another thread's pump may hold what has just been answered: it must be with the client before the answer is.
        await WhenSettledAsync().ConfigureAwait(false);
        return Control(operation, payload.Span, asking);
    }

    public void Dispose()
    {
        lock (_watchSync)
        {
            if (_closed)
                return;
            _closed = true;
            if (_slot != 0)
                _slot = _poller.Watch(this, _slot, readable: false, writable: false);
        }
        Interlocked.MemoryBarrier();
        Pass(int.MaxValue, open: false);
        EndUnfinished();
        try
        {
            _netlink.Dispose();
            // Nobody raises an error of a socket that is closed.
            _errorWord?.Dispose();
        }
        finally
        {
            Handle.Dispose();
            _onClosed(this);
        }
    }

    /// <inheritdoc/>
    public unsafe bool HasPeerClosed()
    {
        byte peeked;
        var vector = new LinuxSystemCalls.Vector { Base = &peeked, Length = 1 };
        var message = new LinuxSystemCalls.MessageHeader { Vectors = &vector, VectorCount = 1 };
        try
        {
            while (!_closed)
            {
                nint length = LinuxSystemCalls.Receive(Handle, &message, LinuxSystemCalls.MSG_PEEK | LinuxSystemCalls.MSG_DONTWAIT);
                if (length >= 0)
                    return length == 0;
                if (LinuxSystemCalls.LastError is not (LinuxSystemCalls.EINTR or LinuxSystemCalls.ECONNRESET))
                    return false;
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
        return true;
    }

    /// <summary>Completes once every frame that has been sent by now is handled.</summary>
    /// <returns>False where the connection has been closed.</returns>
    private ValueTask<bool> FenceAsync()
    {
        var fence = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_settleSync)
        {
            (_fences ??= new()).Enqueue(fence);
            _fenceCount++;
        }
        if (Interlocked.Increment(ref _reading) == 1)
            Read();
        if (_closed)
            Pass(int.MaxValue, open: false);
        return new ValueTask<bool>(fence.Task);
    }

    private UnixAnswer Control(UnixControl operation, ReadOnlySpan<byte> payload, FileHandle asking)
    {
        if (ArgumentsOf(operation) is not { } count)
            return new UnixAnswer(Errno.EOPNOTSUPP);
        if (payload.Length != count * sizeof(uint))
            return new UnixAnswer(Errno.EINVAL);
        Span<uint> arguments = stackalloc uint[2];
        payload.CopyTo(MemoryMarshal.AsBytes(arguments));
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
                return SetReceiveBuffer(Math.Min(arguments[0], 2 * (long)_maxReceiveBuffer));
            case UnixControl.RcvBufForce:
                return UnixPeer.IsPrivilegedAt(asking) ? SetReceiveBuffer(arguments[0]) : new UnixAnswer(Errno.EPERM);
            default:
                return new UnixAnswer(Errno.None);
        }
    }

    /// <summary>How many arguments an operation has, each 32 bits; null: there is no such operation.</summary>
    private static int? ArgumentsOf(UnixControl operation) => operation switch
    {
        UnixControl.Bind or UnixControl.SetSockOpt => 2,
        UnixControl.GetSockOpt or UnixControl.RcvBuf or UnixControl.RcvBufForce => 1,
        UnixControl.GetName or UnixControl.Autobind or UnixControl.Fence => 0,
        _ => null,
    };

    /// <summary>What the kernel makes of it (<c>__sock_set_rcvbuf</c>): no less than the least, even, and an int.</summary>
    private UnixAnswer SetReceiveBuffer(long size)
    {
        _netlink.ReceiveBuffer = (int)Math.Clamp(size, NetlinkSocket.MinReceiveBuffer, int.MaxValue - 1);
        SetSendBuffer();
        return new UnixAnswer(Errno.None, (uint)_netlink.ReceiveBuffer);
    }

    /// <summary>
    /// What the client does not read waits in this send buffer, and counts against the receive buffer. It is as large, in reason, so that the poller tells of
    /// room (when a quarter is in use) before the client has read everything.
    /// </summary>
    private unsafe void SetSendBuffer()
    {
        // The kernel doubles it.
        int size = Math.Clamp(_netlink.ReceiveBuffer / 2, MinSendBuffer, MaxSendBuffer);
        _ = LinuxSystemCalls.SetSocketOption(Handle, LinuxSystemCalls.SOL_SOCKET, LinuxSystemCalls.SO_SNDBUF, &size, sizeof(int));
    }

    private UnixAnswer Name(Errno errno) => new(errno, _netlink.PortId, (uint)_netlink.GroupMask);

    private UnixAnswer GetOption(NetlinkSocketOption option)
    {
        if (option == NetlinkSocketOption.NETLINK_LIST_MEMBERSHIPS)
            return new UnixAnswer(Errno.None, Payload: BitConverter.GetBytes(_netlink.GroupMask));
        Errno errno = _netlink.GetOption(option, out int value);
        return new UnixAnswer(errno, Payload: errno == Errno.None ? BitConverter.GetBytes(value) : default);
    }

    /// <summary>Reads and handles frames for a turn. The caller has counted itself in, and is the only one.</summary>
    private void Read()
    {
        var turn = default(WorkTurn);
        int seen;
        do
        {
            seen = Volatile.Read(ref _reading);
            switch (ReadFrames(ref turn))
            {
                case ReadOutcome.Closed:
                    // Never read again: whoever counts itself in finds somebody there.
                    Dispose();
                    return;
                case ReadOutcome.Waiting:
                    return;
                case ReadOutcome.TurnOver:
                    GoOnLater(hasUsedTurn: true);
                    return;
            }
        }
        while (Interlocked.Add(ref _reading, -seen) > 0);
        Resume();
    }

    private ReadOutcome ReadFrames(ref WorkTurn turn)
    {
        UnixReceiver receiver = UnixReceiver.Current;
        try
        {
            for (int frames = 0; ; frames++)
            {
                if (_frame.Array is null)
                {
                    NoteFences();
                    // A client that waits for each answer has no second frame, and the poller tells of one that comes.
                    if (frames == 1 && !_hadMore && _fencesAhead == 0)
                        return ReadOutcome.Done;
                    // What a process that has died has sent and we have not begun, the kernel would never have got: it would have died over the first.
                    if (_hasHungUp && _peer.HasEnded())
                        return ReadOutcome.Closed;
                    if (User.HasTooMuchUnfinished && TryPostpone())
                        return ReadOutcome.Waiting;
                    switch (receiver.TryReceive(Handle, out ArraySegment<byte> frame))
                    {
                        case UnixReceiveStatus.Closed:
                            return ReadOutcome.Closed;
                        case UnixReceiveStatus.Empty:
                            _hadMore = frames > 1;
                            PassFences();
                            return ReadOutcome.Done;
                    }
                    if (frame.Count < UnixFrame.Size || UnixFrame.Read(frame).Kind is not (UnixFrameKind.Data or UnixFrameKind.Received))
                        return ReadOutcome.Closed;
                    _frame = frame;
                    _position = 0;
                }
                if (HandleCorked(ref turn) is { } handling)
                {
                    BeginUnfinished();
                    Suspend(unlessIdle: false);
                    _ = ReadOnAsync(handling);
                    return ReadOutcome.Waiting;
                }
                if (!IsFrameDone)
                {
                    BeginUnfinished();
                    return ReadOutcome.TurnOver;
                }
                EndFrame();
                if (turn.IsOver())
                    return ReadOutcome.TurnOver;
            }
        }
        catch (Exception exception)
        {
            if (exception is not ObjectDisposedException)
                _netlink.Fail(exception);
            return ReadOutcome.Closed;
        }
    }

    /// <summary>
    /// A request waits for a lock, and those behind it for the request. Then it is this connection's turn again when it is due: whoever makes
    /// requests wait gains nothing by it.
    /// </summary>
    private async Task ReadOnAsync(Task handling)
    {
        try
        {
            await handling.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (exception is not ObjectDisposedException)
                _netlink.Fail(exception);
            Dispose();
            return;
        }
        if (IsFrameDone)
            EndFrame();
        if (_frame.Array is null && _fencesAhead == 0 && !_hadMore && Interlocked.CompareExchange(ref _reading, 0, 1) == 1)
            Resume();
        else
            GoOnLater(hasUsedTurn: false);
    }

    private bool IsFrameDone => _position >= _frame.Count - UnixFrame.Size;

    private void EndFrame()
    {
        EndUnfinished();
        _bytesToFence -= _frame.Count;
        UnixReceiver.Return(_frame);
        _frame = default;
        if (_fencesAhead > 0 && _bytesToFence <= 0)
            PassFences();
    }

    /// <summary>What is not read stays in the client's own send buffer.</summary>
    private bool TryPostpone()
    {
        // First: on another thread the next turn may begin before we are back.
        Suspend(unlessIdle: false);
        return User.TryPostpone(_poller, this);
    }

    private void GoOnLater(bool hasUsedTurn)
    {
        if (!_suspended)
            Suspend(unlessIdle: false);
        _poller.GoOn(this, hasUsedTurn);
    }

    /// <summary>The frame outlives the turn in which it was read.</summary>
    private void BeginUnfinished()
    {
        if (_unfinished != 0)
            return;
        _unfinished = _frame.Array!.Length;
        User.AddUnfinished(_unfinished);
    }

    private void EndUnfinished()
    {
        if (_unfinished != 0 && Interlocked.Exchange(ref _unfinished, 0) is > 0 and int bytes)
            User.RemoveUnfinished(bytes);
    }

    /// <summary>
    /// A fence passes once everything is handled that is queued by now: a client that goes on sending, or another one that shares its socket, does
    /// not keep it waiting.
    /// </summary>
    private void NoteFences()
    {
        while (_fencesAhead == 0 && Volatile.Read(ref _fenceCount) is > 0 and int fences)
        {
            if (!LinuxSystemCalls.TryGetQueuedBytes(Handle, out int queued))
                queued = int.MaxValue;
            _fencesAhead = fences;
            _bytesToFence = queued;
            if (queued == 0)
                PassFences();
        }
    }

    private void PassFences()
    {
        Pass(_fencesAhead, open: true);
        _fencesAhead = 0;
    }

    private void Pass(int fences, bool open)
    {
        if (fences == 0)
            return;
        lock (_settleSync)
        {
            for (; fences > 0 && _fences is not null && _fences.TryDequeue(out TaskCompletionSource<bool>? fence); fences--)
            {
                _fenceCount--;
                fence.TrySetResult(open);
            }
        }
    }

    /// <summary>What a datagram of several messages causes goes to the client together, as far as it comes at once.</summary>
    /// <returns>What is still to come of a message that waits; null where none does.</returns>
    private Task? HandleCorked(ref WorkTurn turn)
    {
        bool corked = Interlocked.CompareExchange(ref _pumping, 1, 0) == 0;
        if (!corked)
            return HandleFrame(ref turn);
        int self = Environment.CurrentManagedThreadId;
        Volatile.Write(ref _corkedBy, self);
        try
        {
            return HandleFrame(ref turn);
        }
        finally
        {
            if (TryUncork(self))
                Drain();
        }
    }

    /// <summary>The client has received, and tells with how much room: a dump's next chunk is made then.</summary>
    private Task? ContinueDump(in UnixFrame frame)
    {
        _netlink.NoteReceive((int)Math.Min(frame.A, int.MaxValue));
        ValueTask continuing = _netlink.ContinueDumpAsync();
        return continuing.IsCompletedSuccessfully ? null : continuing.AsTask();
    }

    private Task? HandleFrame(ref WorkTurn turn)
    {
        ReadOnlyMemory<byte> bytes = _frame.AsMemory(UnixFrame.Size);
        UnixFrame frame = UnixFrame.Read(_frame);
        if (frame.Kind == UnixFrameKind.Received)
        {
            _position = bytes.Length;
            return ContinueDump(in frame);
        }
        if (_position == 0 && frame.C != 0)
            _netlink.NoteRoom((int)Math.Min(frame.C, int.MaxValue));
        if (_position == 0 && (frame.A != 0 || frame.B != 0))
        {
            Errno errno = _netlink.SendTo(bytes.Span, frame.A, frame.B);
            if (errno != Errno.None)
                SendError(errno);
            // A group without a port id: rtnetlink gets it too, as netlink_sendmsg unicasts to port id 0 after the broadcast.
            if (errno != Errno.None || frame.A != 0)
            {
                _position = bytes.Length;
                return null;
            }
        }
        return _netlink.Send(bytes, ref _position, ref turn);
    }

    private unsafe void SendError(Errno errno)
    {
        var frame = new UnixCredentialedFrame(new UnixFrame(UnixFrameKind.Error, 0, 0, (uint)errno, 0, 0), sender: null);
        _ = LinuxSystemCalls.Send(Handle, (byte*)&frame, (nuint)(_withCredentials ? UnixCredentialedFrame.Size : UnixFrame.Size), LinuxSystemCalls.MSG_DONTWAIT | LinuxSystemCalls.MSG_NOSIGNAL);
    }

    /// <summary>Leaves the poller in peace while somebody else reads, or nobody may.</summary>
    private void Suspend(bool unlessIdle)
    {
        lock (_watchSync)
        {
            _suspended = true;
            // Whoever reads looks at the mark after it has let go: one of us sees the other.
            Interlocked.MemoryBarrier();
            if (unlessIdle && Volatile.Read(ref _reading) == 0)
                _suspended = false;
            // In any case: somebody may have been suspended here before, who saw the mark as it is now and left it at that.
            Watch();
        }
    }

    private void Resume()
    {
        if (!_suspended)
            return;
        lock (_watchSync)
        {
            _suspended = false;
            Watch();
        }
    }

    private void Watch()
    {
        if (!_closed)
            _slot = _poller.Watch(this, _slot, readable: !_suspended, writable: _sendBlocked && _parked is not null);
    }

    /// <summary>
    /// Moves what is queued to the client. One pump at a time; a call while one runs makes it look once more. What waits for a datagram's end must not
    /// count as a client that does not read: then the pump is taken from whoever handles the datagram, on this thread or another.
    /// </summary>
    private void Pump()
    {
        if (Interlocked.Increment(ref _pumping) == 1)
        {
            Drain();
            return;
        }
        int corkedBy = Volatile.Read(ref _corkedBy);
        if (corkedBy != 0 && _netlink.IsQueueHalfFull && TryUncork(corkedBy))
            Drain();
    }

    /// <summary>Whoever takes the cork has the pump.</summary>
    private bool TryUncork(int corkedBy) => Interlocked.CompareExchange(ref _corkedBy, 0, corkedBy) == corkedBy;

    /// <summary>Sends what is queued and what a dump makes of the room. The caller has counted itself in, and is the only one.</summary>
    private void Drain()
    {
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _pumping);
                do
                {
                    if (!TrySendQueued())
                        return;
                    ValueTask dumping = _netlink.ContinueDumpAsync();
                    if (!dumping.IsCompletedSuccessfully)
                    {
                        _ = DrainOnAsync(dumping);
                        return;
                    }
                }
                while (!_netlink.IsQueueEmpty);
                // Its chunks are made as the client reads, which only the connection tells.
                if (_netlink.IsDumpWaitingForReader)
                {
                    Park(UnixFrameBatch.Rent());
                    return;
                }
                Settle();
            }
            while (Interlocked.Add(ref _pumping, -seen) > 0);
            Settle();
        }
        catch (Exception exception)
        {
            FailPump(exception);
        }
    }

    private async Task DrainOnAsync(ValueTask dumping)
    {
        try
        {
            await dumping.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            FailPump(exception);
            return;
        }
        Drain();
    }

    /// <returns>False where the connection is full: the poller goes on once the client has read.</returns>
    private bool TrySendQueued()
    {
        UnixFrameBatch batch = _parked ?? UnixFrameBatch.Rent();
        _parked = null;
        while (!batch.IsEmpty || batch.Fill(_netlink, _withCredentials, _errorWord is null ? (byte)0 : UnixFrame.InErrorWord))
        {
            int error = batch.Send(Handle, out int occupied);
            _netlink.Carried(occupied);
            if (error == LinuxSystemCalls.EAGAIN)
            {
                Park(batch);
                return false;
            }
            if (error != 0)
            {
                batch.Return();
                throw new System.Net.Sockets.SocketException(error);
            }
        }
        batch.Return();
        return true;
    }

    private void Park(UnixFrameBatch batch)
    {
        lock (_watchSync)
        {
            _parked = batch;
            _sendBlocked = true;
            Watch();
        }
        Settle();
    }

    /// <summary>Never pumped again. Mostly the client has gone; whatever it was, the reading side must notice, and so must the client.</summary>
    private void FailPump(Exception exception)
    {
        _sendBlocked = true;
        Settle();
        try
        {
            const int Both = 2;
            _ = LinuxSystemCalls.Shutdown(Handle, Both);
        }
        catch (ObjectDisposedException)
        {
            // Gone already.
        }
        if (exception is not (System.Net.Sockets.SocketException or ObjectDisposedException))
            _netlink.Fail(exception);
    }

    /// <summary>Completes once everything queued by now is with the client, or waits for the client to read.</summary>
    private Task WhenSettledAsync()
    {
        Task settled;
        lock (_settleSync)
            settled = (_settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        // A pump looks for us after it has let go: one of us sees the other.
        Interlocked.MemoryBarrier();
        return _sendBlocked || (_netlink.IsQueueEmpty && Volatile.Read(ref _pumping) == 0) ? Task.CompletedTask : settled;
    }

    private void Settle()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _settled) is null)
            return;
        TaskCompletionSource? settled;
        lock (_settleSync)
        {
            settled = _settled;
            _settled = null;
        }
        settled?.TrySetResult();
    }

    private enum ReadOutcome
    {
        /// <summary>There is nothing more at present, or the poller is to tell.</summary>
        Done,

        /// <summary>A request waits; reading goes on by itself once it is done.</summary>
        Waiting,

        /// <summary>There is more to do, but it is others' turn.</summary>
        TurnOver,

        /// <summary>The connection is at its end.</summary>
        Closed,
    }
}
