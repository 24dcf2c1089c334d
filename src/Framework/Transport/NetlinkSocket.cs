using System.Numerics;

namespace SmallRtnl;

/// <summary>
/// The server's end of one NETLINK_ROUTE socket: its namespace, port id, groups and options, the receive queue, and the dump in progress.
/// Transports and the in-process client stand on it.
/// </summary>
/// <remarks>
/// Thread-safe. Receiving is meant for one reader at a time; a request's replies are in the queue when <see cref="SendAsync"/> completes,
/// except for a dump's later chunks, which are produced as the queue empties.
/// </remarks>
public sealed class NetlinkSocket : IDisposable
{
    /// <summary>The default of net.core.rmem_default.</summary>
    public const int DefaultReceiveBuffer = 212_992;

    /// <summary>The smallest receive buffer (SOCK_MIN_RCVBUF): SO_RCVBUF asks for no less.</summary>
    internal const int MinReceiveBuffer = 2304;

    /// <summary>The largest of a dump's chunks, for a reader that has offered as much room (SKB_WITH_OVERHEAD of 32 KiB).</summary>
    internal const int MaxChunk = 32_768 - Datagram.SharedInfoSize;

    // libnl reads into four pages, pyroute2 into 16 KiB; where a reader does not tell, a larger chunk would be cut short there.
    private const int UntoldChunk = 16_384 - Datagram.SharedInfoSize;

    private const int StepShift = 14;

    private readonly RtnlDispatcher _dispatcher;
    private readonly Lock _sync = new();
    private readonly Queue<ReceivedDatagram> _queue = new();
    private readonly SemaphoreSlim _dumpTurn = new(1, 1);
    private readonly Dictionary<int, Net> _netHandles = [];
    private DumpSession? _dump;
    private ulong _groups;
    private int _options;
    // What the queue occupies, what has been handed to the carrier, and what that has taken to the reader, who may not have read it yet.
    private long _queuedBytes;
    private long _handedBytes;
    private long _carriedBytes;
    private int _countedSteps;
    // The largest room a receive has offered, and the receives since the dump's last chunk.
    private int _offeredRoom;
    private int _owedChunks;
    private int _hasRoomForChunk;
    private bool _hasDumpBegun;
    // The socket itself, and every datagram of its own that is being handled; the last to go lets go of the namespace.
    private int _holders = 1;
    private volatile uint _portId;
    private bool _congested;
    private Errno _error;
    private volatile bool _disposed;

    internal NetlinkSocket(RtnlDispatcher dispatcher, Net net, bool isPrivileged, UnixPeer? peer = null)
    {
        _dispatcher = dispatcher;
        Net = net;
        IsPrivileged = isPrivileged;
        Peer = peer;
    }

    /// <summary>The socket's namespace; it stays alive as long as the socket, and as long as what it has sent is being handled.</summary>
    public Net Net { get; }

    /// <summary>Whether who opened it may configure (CAP_NET_ADMIN).</summary>
    public bool IsPrivileged { get; }

    internal RtnlDispatcher Dispatcher => _dispatcher;

    /// <summary>Whether a datagram of its own is being handled, or a dump's chunk filled.</summary>
    internal bool IsBusy => Volatile.Read(ref _holders) > (_disposed ? 0 : 1) || _dumpTurn.CurrentCount == 0;

    /// <summary>Who is at the other end of a transport; null within this process.</summary>
    internal UnixPeer? Peer { get; }

    /// <summary>Whether what is sent now may configure: who opened the socket must have been allowed to, and who sends must be (<c>netlink_capable</c>).</summary>
    internal bool MayConfigure => IsPrivileged && (Peer is null || Peer.MayConfigure());

    /// <summary>Whether the peer may configure another namespace; null: wherever it may configure its own.</summary>
    internal Predicate<Net>? Capability { get; set; }

    /// <summary>nl_pid; 0 until bound, explicitly or by the first send.</summary>
    public uint PortId
    {
        get => _portId;
        private set => _portId = value;
    }

    /// <summary>The port id to choose first where the server chooses: the peer's process id, as the kernel does.</summary>
    public uint PortIdHint { get; init; }

    /// <summary>Its multicast groups, group n at bit n-1.</summary>
    public ulong GroupMask => Volatile.Read(ref _groups);

    /// <summary>
    /// How much may be queued before ENOBUFS, in bytes: as datagrams occupy memory, which is more than their length, up to what has been read at the
    /// other end of a transport. One datagram always has room. What is asked of a server's socket over its transport is bounded there.
    /// </summary>
    public int ReceiveBuffer { get; set; } = DefaultReceiveBuffer;

    /// <summary>
    /// Called, on any thread and with no RTNL held, when the queue has become readable. The namespace's other receivers wait for it: it must
    /// not block.
    /// </summary>
    public Action? Readable { get; set; }

    /// <summary>What takes its datagrams to a reader elsewhere; null: it is read here.</summary>
    internal IDatagramCarrier? Carrier { get; set; }

    /// <summary>Where what it holds is counted with its user's other sockets; null: nowhere.</summary>
    internal ReceiveAccount? Account { get; set; }

    /// <summary>Whether the reader at the other end tells of its receives (<see cref="NoteReceive"/>).</summary>
    internal bool TellsOfReceives { get; init; }

    /// <summary>How much a dump's next chunk may hold (<c>netlink_dump</c>): what fits a page, or as much as the reader has ever offered room for.</summary>
    internal int ChunkRoom => TellsOfReceives || Carrier is null ? Math.Max(Datagram.InitialSize, Volatile.Read(ref _offeredRoom)) : UntoldChunk;

    /// <summary>Whether a dump waits for what the carrier has taken to be read, and nobody will tell.</summary>
    internal bool IsDumpWaitingForReader => Volatile.Read(ref _dump) is not null && (ReadsAhead || !_hasDumpBegun);

    internal bool IsQueueEmpty
    {
        get
        {
            lock (_sync)
                return _queue.Count == 0 && _error == Errno.None;
        }
    }

    /// <summary>Whether what waits here for its carrier takes more than half of the receive buffer.</summary>
    internal bool IsQueueHalfFull => Volatile.Read(ref _queuedBytes) > ReceiveBuffer / 2;

    /// <summary>Whether more than half of the receive buffer is taken.</summary>
    private bool IsHalfFull => UsesMoreThan(ReceiveBuffer / 2);

    /// <summary>
    /// Whether a dump's chunks are made before its reader comes for them. Where the next one may be larger than this one, as long as the reader offers
    /// more room than before, each is made at a receive, as in the kernel.
    /// </summary>
    private bool ReadsAhead => (!TellsOfReceives && Carrier is not null) || Volatile.Read(ref _offeredRoom) >= MaxChunk;

    internal bool StrictCheck => Has(NetlinkSocketOption.NETLINK_GET_STRICT_CHK);

    internal bool ExtendedAck => Has(NetlinkSocketOption.NETLINK_EXT_ACK);

    internal bool CapAck => Has(NetlinkSocketOption.NETLINK_CAP_ACK);

    /// <summary>Binds to a port id and joins groups by mask (bind(2) on a netlink socket).</summary>
    /// <param name="portId">The wanted id; 0 to let the server choose.</param>
    /// <param name="groups">Groups 1 to 32 as a mask; replaces those of the same range.</param>
    /// <returns>EADDRINUSE where the id is taken, EINVAL where the socket has another one already.</returns>
    public Errno Bind(uint portId, uint groups)
    {
        lock (_sync)
        {
            if (_disposed)
                return Errno.EBADF;
            if (PortId != 0 && portId != PortId)
                return Errno.EINVAL;
            if (PortId == 0)
            {
                if (portId == 0)
                    PortId = _dispatcher.Ports.BindAny(this, PortIdHint);
                else if (_dispatcher.Ports.TryBind(this, portId))
                    PortId = portId;
                else
                    return Errno.EADDRINUSE;
            }
        }
        SetGroups(clear: 0xffff_ffff, set: groups);
        return Errno.None;
    }

    /// <summary>Chooses a port id if the socket has none (<c>netlink_autobind</c>): the hint if it is free, else a number from 2^31 upwards.</summary>
    public void Autobind()
    {
        // Once it has an id it keeps it.
        if (_portId != 0)
            return;
        lock (_sync)
        {
            if (PortId == 0 && !_disposed)
                PortId = _dispatcher.Ports.BindAny(this, PortIdHint);
        }
    }

    /// <summary>
    /// Sends to other sockets of the namespace rather than to rtnetlink (<c>netlink_sendmsg</c>): to the members of the lowest group in
    /// <paramref name="groups"/>, then to a port id. Port id 0 is rtnetlink: the caller sends there itself.
    /// </summary>
    /// <returns>EPERM for an unprivileged sender, ECONNREFUSED where nobody has the port id, EAGAIN where its receive buffer is full.</returns>
    public Errno SendTo(ReadOnlySpan<byte> bytes, uint portId, uint groups)
    {
        Peer?.Forget();
        if (!MayConfigure)
            return Errno.EPERM;
        Autobind();
        Datagram datagram = Datagram.Rent(bytes.Length);
        bytes.CopyTo(datagram.Buffer);
        datagram.Length = bytes.Length;
        if (groups != 0)
            Net.Groups.Deliver(BitOperations.TrailingZeroCount(groups) + 1, datagram, except: this, exceptPortId: portId, sender: this);
        NetlinkSocket? receiver = portId == 0 ? null : _dispatcher.Ports.Find(Net, portId);
        bool fitted = receiver is null || receiver.Enqueue(datagram, group: 0, sender: this);
        datagram.Release();
        if (portId != 0 && receiver is null)
            return Errno.ECONNREFUSED;
        return fitted ? Errno.None : Errno.EAGAIN;
    }

    /// <summary>Sets a SOL_NETLINK option.</summary>
    /// <returns>ENOPROTOOPT for an unknown one, EINVAL for a group that does not exist.</returns>
    public Errno SetOption(NetlinkSocketOption option, int value)
    {
        switch (option)
        {
            case NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP:
            case NetlinkSocketOption.NETLINK_DROP_MEMBERSHIP:
                if (value is < 1 or > MulticastGroups.MaxGroup)
                    return Errno.EINVAL;
                ulong bit = MulticastGroups.Bit(value);
                SetGroups(clear: bit, set: option == NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP ? bit : 0);
                return Errno.None;
            case NetlinkSocketOption.NETLINK_PKTINFO:
            case NetlinkSocketOption.NETLINK_BROADCAST_ERROR:
            case NetlinkSocketOption.NETLINK_CAP_ACK:
            case NetlinkSocketOption.NETLINK_EXT_ACK:
            case NetlinkSocketOption.NETLINK_GET_STRICT_CHK:
                Set(option, value != 0);
                return Errno.None;
            case NetlinkSocketOption.NETLINK_NO_ENOBUFS:
                Set(option, value != 0);
                lock (_sync)
                    _congested = false;
                return Errno.None;
            case NetlinkSocketOption.NETLINK_LISTEN_ALL_NSID:
                if (!IsPrivileged)
                    return Errno.EPERM;
                lock (_sync)
                {
                    Set(option, value != 0);
                    Net.Registry.AllNsidListeners.Update(this, value != 0 && !_disposed);
                }
                return Errno.None;
            default:
                return Errno.ENOPROTOOPT;
        }
    }

    /// <summary>Reads a SOL_NETLINK option.</summary>
    public Errno GetOption(NetlinkSocketOption option, out int value)
    {
        value = 0;
        if (option is not (NetlinkSocketOption.NETLINK_PKTINFO or NetlinkSocketOption.NETLINK_BROADCAST_ERROR
            or NetlinkSocketOption.NETLINK_NO_ENOBUFS or NetlinkSocketOption.NETLINK_LISTEN_ALL_NSID or NetlinkSocketOption.NETLINK_CAP_ACK
            or NetlinkSocketOption.NETLINK_EXT_ACK or NetlinkSocketOption.NETLINK_GET_STRICT_CHK))
        {
            return Errno.ENOPROTOOPT;
        }
        value = Has(option) ? 1 : 0;
        return Errno.None;
    }

    /// <summary>
    /// Handles a datagram of one or more messages, one after another. The buffer must stay as it is until completion. Completes
    /// synchronously and without allocation unless a lock must be waited for.
    /// </summary>
    /// <remarks>Once the dispatcher stops each message is answered with ESHUTDOWN.</remarks>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    /// <exception cref="RtnlAssertionException">Sent out of a handler that holds a lock, to one that needs a lock: it would wait for itself.</exception>
    [Acquires(RtnlLock.PerNet)]
    public ValueTask SendAsync(ReadOnlyMemory<byte> datagram)
    {
        Peer?.Forget();
        Autobind();
        Hold();
        ValueTask handling;
        try
        {
            handling = _dispatcher.ReceiveAsync(this, datagram);
        }
        catch
        {
            LetGo();
            throw;
        }
        if (!handling.IsCompletedSuccessfully)
            return Awaited(this, handling);
        LetGo();
        return default;

        static async ValueTask Awaited(NetlinkSocket socket, ValueTask handling)
        {
            try
            {
                await handling.ConfigureAwait(false);
            }
            finally
            {
                socket.LetGo();
            }
        }
    }

    /// <summary>Handles a datagram's messages for a turn, from a position on, which moves along; to be called again until it is at the end.</summary>
    /// <returns>What is still to come of a message that waits; null where none does.</returns>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    internal Task? Send(ReadOnlyMemory<byte> datagram, ref int position, ref WorkTurn turn)
    {
        Peer?.Forget();
        Autobind();
        Hold();
        Task? handling;
        try
        {
            handling = _dispatcher.Receive(this, datagram, ref position, ref turn);
        }
        catch
        {
            LetGo();
            throw;
        }
        if (handling is not null)
            return Awaited(this, handling);
        LetGo();
        return null;

        static async Task Awaited(NetlinkSocket socket, Task handling)
        {
            try
            {
                await handling.ConfigureAwait(false);
            }
            finally
            {
                socket.LetGo();
            }
        }
    }

    /// <summary>Takes the next datagram, or the pending error, off the queue, with room for a datagram of any size.</summary>
    /// <returns>False where there is neither.</returns>
    public bool TryReceive(out ReceivedDatagram datagram, out Errno error) => TryReceive(int.MaxValue, out datagram, out error);

    /// <summary>
    /// Takes the next datagram, or the pending error, off the queue. The datagram is whole, however much room there is; but the chunks of a dump
    /// are made no larger than the largest room that a receive has offered, or what fits a page.
    /// </summary>
    /// <param name="room">How many bytes the reader can take.</param>
    /// <param name="datagram">The datagram; dispose it.</param>
    /// <param name="error">ENOBUFS where datagrams were lost.</param>
    /// <returns>False where there is neither.</returns>
    public bool TryReceive(int room, out ReceivedDatagram datagram, out Errno error)
    {
        lock (_sync)
        {
            error = _error;
            _error = Errno.None;
            if (error != Errno.None)
            {
                datagram = default;
                return true;
            }
            if (!_queue.TryDequeue(out datagram))
                return false;
            _queuedBytes -= datagram.TrueSize;
            CountShare();
            if (_queue.Count == 0)
                _congested = false;
        }
        NoteReceive(room);
        return true;
    }

    /// <summary>Hands its carrier as many datagrams as there is room for, or the pending error, which comes first and alone.</summary>
    /// <returns>How many.</returns>
    internal int TryReceive(Span<ReceivedDatagram> datagrams, out Errno error)
    {
        int count = 0;
        int occupied = 0;
        lock (_sync)
        {
            error = _error;
            _error = Errno.None;
            if (error != Errno.None)
                return 0;
            while (count < datagrams.Length && _queue.TryDequeue(out datagrams[count]))
                occupied += datagrams[count++].TrueSize;
            _queuedBytes -= occupied;
            _handedBytes += occupied;
        }
        return count;
    }

    /// <summary>The carrier has taken datagrams to the reader.</summary>
    internal void Carried(int occupied)
    {
        lock (_sync)
        {
            _handedBytes -= occupied;
            _carriedBytes += occupied;
        }
    }

    /// <summary>Notes that a datagram has been received, or looked at, with so much room; a dump in progress owes its next chunk to that (<see cref="ContinueDumpAsync"/>).</summary>
    internal void NoteReceive(int room)
    {
        NoteRoom(room);
        if (Volatile.Read(ref _dump) is not null)
            Interlocked.Increment(ref _owedChunks);
    }

    /// <summary>Notes how much room the largest receive has offered.</summary>
    internal void NoteRoom(int room)
    {
        room = Math.Clamp(room, 0, MaxChunk);
        int before = Volatile.Read(ref _offeredRoom);
        while (room > before)
        {
            int seen = Interlocked.CompareExchange(ref _offeredRoom, room, before);
            if (seen == before)
                return;
            before = seen;
        }
    }

    /// <summary>The carrier has room for a chunk whatever the receive buffer's size: a dump goes on also where that is smaller than one.</summary>
    internal void NoteRoomForChunk() => Volatile.Write(ref _hasRoomForChunk, 1);

    /// <summary>Looks what has been read at the other end meanwhile.</summary>
    internal void Recount()
    {
        lock (_sync)
        {
            CountCarried();
            CountShare();
        }
    }

    /// <summary>
    /// Produces further chunks of the dump in progress while the queue is at most half full: one for each receive, or all where the reader has
    /// offered as much room as a chunk can take. Called after dequeueing.
    /// </summary>
    public ValueTask ContinueDumpAsync()
    {
        if (Volatile.Read(ref _dump) is null || !IsChunkDue())
            return default;
        return ContinueAsync();

        async ValueTask ContinueAsync()
        {
            await _dumpTurn.WaitAsync().ConfigureAwait(false);
            try
            {
                while (_dump is { } dump && IsChunkDue())
                {
                    if (Volatile.Read(ref _owedChunks) > 0)
                        Interlocked.Decrement(ref _owedChunks);
                    _hasDumpBegun = true;
                    if (await _dispatcher.FillChunkAsync(this, dump).ConfigureAwait(false) || _disposed)
                        EndDump();
                }
            }
            finally
            {
                ReleaseDumpTurn();
            }
        }
    }

    /// <summary>Starts a dump and fills its first chunk, unless the queue is full.</summary>
    /// <returns>False where another one is in progress (EBUSY).</returns>
    internal async ValueTask<bool> TryStartDumpAsync(DumpSession dump)
    {
        if (Interlocked.CompareExchange(ref _dump, dump, null) is not null)
            return false;
        // What was received before owes this one nothing. Whoever ended the one before has left it unbegun.
        Volatile.Write(ref _owedChunks, 0);
        await _dumpTurn.WaitAsync().ConfigureAwait(false);
        try
        {
            // Whoever was about to continue an earlier dump may have had the turn first, and have filled this one, to its end even.
            // A full queue leaves the dump to ContinueDumpAsync: a client that never reads gets nothing for its dumps.
            if (ReferenceEquals(_dump, dump) && !_hasDumpBegun && !UsesMoreThan(ReceiveBuffer - 1))
            {
                _hasDumpBegun = true;
                if (await _dispatcher.FillChunkAsync(this, dump).ConfigureAwait(false))
                    EndDump();
            }
        }
        catch
        {
            EndDump();
            throw;
        }
        finally
        {
            ReleaseDumpTurn();
        }
        return true;
    }

    /// <summary>
    /// Queues a dump's chunk, for which there was room when its filling began: dropping it would tear the dump. Notifications that came
    /// meanwhile may have filled the queue; it grows by one chunk, as the kernel's does.
    /// </summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="isLast">Whether the dump ends with it.</param>
    internal void EnqueueChunk(Datagram chunk, bool isLast) =>
        Enqueue(chunk, group: 0, mustFit: false, dump: !TellsOfReceives || (!isLast && ReadsAhead) ? DumpPart.None : isLast ? DumpPart.Last : DumpPart.More);

    /// <summary>Queues a datagram; a full queue raises ENOBUFS instead (<c>netlink_overrun</c>).</summary>
    /// <returns>Whether there was room.</returns>
    internal bool Enqueue(Datagram datagram, int group, int nsid = NsidTable.NotAssigned, NetlinkSocket? sender = null, bool mustFit = true, DumpPart dump = DumpPart.None)
    {
        bool wake;
        bool fits;
        lock (_sync)
        {
            if (_disposed)
                return false;
            int size = datagram.TrueSize;
            bool lacksShare = false;
            fits = !mustFit || Fits(size, out lacksShare);
            if (!fits && lacksShare)
            {
                // Readers that have caught up may still be counted for what they had not read then.
                fits = RecountAndFit(size);
                if (_disposed)
                    return false;
            }
            if (fits)
            {
                datagram.AddReference();
                _queue.Enqueue(new ReceivedDatagram(datagram, group, nsid, sender, dump));
                _queuedBytes += size;
                CountShare();
            }
            // What another socket sends to this one alone is its own loss, and it is told (netlink_attachskb).
            else if ((sender is null || group != 0) && !_congested && !Has(NetlinkSocketOption.NETLINK_NO_ENOBUFS))
            {
                _congested = true;
                if (Carrier is null || !Carrier.TryRaise(Errno.ENOBUFS))
                    _error = Errno.ENOBUFS;
            }
            wake = _queue.Count > 0 || _error != Errno.None;
        }
        if (wake)
            Wake();
        return fits;
    }

    /// <summary>The kernel's rule: an empty queue takes any datagram, one that has lost something nothing until it is empty.</summary>
    private bool Fits(int size, out bool lacksShare)
    {
        lacksShare = false;
        if (UsedBytes > 0 && (_congested || UsedBytes + size > ReceiveBuffer || NeedsStep(size)))
        {
            CountCarried();
            CountShare();
        }
        long used = UsedBytes;
        if (used == 0)
        {
            _congested = false;
            return true;
        }
        if (_congested || used + size > ReceiveBuffer)
            return false;
        lacksShare = Account is { } account && NeedsStep(size) && !account.HasRoom((long)(StepsOf(used + size) - _countedSteps) << StepShift);
        return !lacksShare;
    }

    /// <summary>Called under the lock, which it lets go of meanwhile: no socket's lock is held when another's is taken.</summary>
    private bool RecountAndFit(int size)
    {
        ReceiveAccount account = Account!;
        _sync.Exit();
        bool recounted;
        try
        {
            recounted = account.Recount();
        }
        finally
        {
            _sync.Enter();
        }
        return recounted && !_disposed && Fits(size, out _);
    }

    private long UsedBytes => Volatile.Read(ref _queuedBytes) + Volatile.Read(ref _handedBytes) + Volatile.Read(ref _carriedBytes);

    private bool UsesMoreThan(int bytes)
    {
        if (UsedBytes <= bytes)
            return false;
        lock (_sync)
        {
            CountCarried();
            return UsedBytes > bytes;
        }
    }

    /// <summary>Whether a dump in progress may make a chunk now. A receive that finds the queue more than half full is owed none, as in the kernel.</summary>
    private bool IsChunkDue()
    {
        if (!ReadsAhead && _hasDumpBegun && Volatile.Read(ref _owedChunks) <= 0)
            return false;
        if (!IsHalfFull || Interlocked.Exchange(ref _hasRoomForChunk, 0) != 0)
            return true;
        Volatile.Write(ref _owedChunks, 0);
        return false;
    }

    private void CountCarried()
    {
        if (_carriedBytes > 0 && Carrier is { } carrier)
            _carriedBytes = Math.Min(_carriedBytes, carrier.UnreadBytes);
    }

    /// <summary>Tells the user's account when this socket's share has come to another number of steps.</summary>
    private void CountShare()
    {
        if (Account is not { } account)
            return;
        int steps = StepsOf(UsedBytes);
        if (steps == _countedSteps)
            return;
        account.Change((long)(steps - _countedSteps) << StepShift);
        _countedSteps = steps;
    }

    private bool NeedsStep(int size) => Account is not null && StepsOf(UsedBytes + size) > _countedSteps;

    private static int StepsOf(long bytes) => (int)(bytes >> StepShift);

    /// <summary>The receiver's own callback runs in the sender's thread, in the middle of its deliveries: what it throws must not reach them.</summary>
    private void Wake()
    {
        try
        {
            Readable?.Invoke();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Notes that whoever receives from this socket has failed.</summary>
    internal void Fail(Exception exception) => _dispatcher.ReceiverFailed(this, exception);

    /// <summary>Registers a namespace as an open file of the peer's, by which IFLA_NET_NS_FD and NETNSA_FD name it.</summary>
    public void AddNetHandle(int handle, Net net)
    {
        lock (_netHandles)
            _netHandles[handle] = net;
    }

    internal Net? FindNetHandle(int handle)
    {
        lock (_netHandles)
            return _netHandles.GetValueOrDefault(handle);
    }

    /// <summary>
    /// Closes the socket: leaves its groups, ends its dump, frees its port id, lets go of its namespace once nothing that it sent is being
    /// handled any more.
    /// </summary>
    public void Dispose()
    {
        lock (_sync)
        {
            if (_disposed)
                return;
            _disposed = true;
            while (_queue.TryDequeue(out ReceivedDatagram queued))
                queued.Dispose();
            _queuedBytes = 0;
            _handedBytes = 0;
            _carriedBytes = 0;
            CountShare();
        }
        SetGroups(clear: ulong.MaxValue, set: 0);
        Net.Registry.AllNsidListeners.Update(this, listens: false);
        _dispatcher.Ports.Release(this);
        _dispatcher.Life.Closed(this);
        EndDumpIfIdle();
        LetGo();
    }

    /// <summary>Whether the peer may configure a namespace (<c>netlink_ns_capable</c>).</summary>
    internal bool IsCapable(Net net) => MayConfigure && (Capability is null || ReferenceEquals(net, Net) || Capability(net));

    /// <summary>Keeps the namespace for a datagram that is being handled, as the kernel keeps the file for a thread inside sendmsg.</summary>
    private void Hold()
    {
        int holders = Volatile.Read(ref _holders);
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed || holders == 0, this);
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return;
            holders = seen;
        }
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Net.RemoveUser();
    }

    /// <summary>Whoever has the turn fills a chunk, and an enumerator must not be ended under its feet: it ends the dump itself when it sees us gone.</summary>
    private void EndDumpIfIdle()
    {
        if (!_dumpTurn.Wait(0))
            return;
        EndDump();
        _dumpTurn.Release();
    }

    private void ReleaseDumpTurn()
    {
        _dumpTurn.Release();
        if (_disposed)
            EndDumpIfIdle();
    }

    private void EndDump()
    {
        _hasDumpBegun = false;
        DumpSession? dump = Interlocked.Exchange(ref _dump, null);
        try
        {
            dump?.Dispose();
        }
        catch (Exception exception)
        {
            // A handler's iterator, at its end: the socket comes to its own all the same.
            _dispatcher.ReceiverFailed(this, exception);
        }
    }

    /// <summary>One change at a time; a closed socket joins nothing, or it would stay a member for ever.</summary>
    private void SetGroups(ulong clear, ulong set)
    {
        lock (_sync)
        {
            Volatile.Write(ref _groups, (_groups & ~clear) | (_disposed ? 0 : set));
            Net.UpdateMembership(this);
        }
    }

    private bool Has(NetlinkSocketOption option) => (Volatile.Read(ref _options) & (1 << (int)option)) != 0;

    private void Set(NetlinkSocketOption option, bool on)
    {
        if (on)
            Interlocked.Or(ref _options, 1 << (int)option);
        else
            Interlocked.And(ref _options, ~(1 << (int)option));
    }
}

