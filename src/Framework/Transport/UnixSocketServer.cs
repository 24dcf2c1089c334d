using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SmallRtnl;

/// <summary>
/// Serves netlink sockets over a Unix-domain SOCK_SEQPACKET socket (docs/protocol.md): a connection whose first frame is HELLO is a
/// netlink socket, one whose first frame is CONTROL asks one question.
/// </summary>
public sealed class UnixSocketServer : IHostedService, IDisposable
{
    private static readonly TimeSpan s_stuck = TimeSpan.FromMilliseconds(100);

    // Those that are refused and have not said yet what they want, which is told by their answer's kind, stand on the reserve of descriptors.
    private const int MaxRefusedWaiting = 64;
    private static readonly TimeSpan s_refusedPatience = TimeSpan.FromSeconds(1);
    // How long a stop waits for clients to take what has been answered.
    private static readonly TimeSpan s_last = TimeSpan.FromSeconds(1);

    private readonly RtnlDispatcher _dispatcher;
    private readonly ILogger _logger;
    private readonly string? _path;
    private readonly RtnetlinkOptions _options;
    private readonly int _maxReceiveBuffer;
    private readonly ReceiveAccounts _accounts;
    private readonly ConcurrentDictionary<uint, UnixConnection> _connections = new();
    private readonly ConcurrentDictionary<UnixHandshake, bool> _handshakes = new();
    private readonly Queue<UnixHandshake> _refused = new();
    private readonly Timer _watch;
    private readonly Timer _sweep;
    private UnixUsers? _users;
    private UnixPoller[] _pollers = [];
    private ListeningPath? _listeningPath;
    private UnixListener? _listener;
    private uint _lastId;
    private uint _accepted;
    private int _watching;
    private int _sweeping;
    private volatile bool _stopping;

    /// <summary>Makes a server; it listens once started, if the options name a path.</summary>
    public UnixSocketServer(RtnlDispatcher dispatcher, IOptions<RtnetlinkOptions> options, ILogger<UnixSocketServer> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _dispatcher = dispatcher;
        _logger = logger;
        _path = options.Value.SocketPath;
        _options = options.Value;
        if (_options.FindMistake() is { } mistake)
            throw new OptionsValidationException(nameof(RtnetlinkOptions), typeof(RtnetlinkOptions), [mistake]);
        _sweep = new Timer(static server => ((UnixSocketServer)server!).SweepHandshakes(), this, Timeout.Infinite, Timeout.Infinite);
        _maxReceiveBuffer = _options.MaxReceiveBuffer ?? MachineReceiveBuffer();
        _accounts = new ReceiveAccounts(_options.MaxUnreadBytesPerUser, _options.MaxUnreadBytesOfOwner);
        _watch = new Timer(static server => ((UnixSocketServer)server!).WatchPollers(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">Another server listens there, or what is there is not ours to remove; the message says which.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_path is null)
            return Task.CompletedTask;
        _listeningPath = ListeningPath.Claim(_path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            // Not by the socket itself, which would delete whatever is at the path when it is closed.
            _listeningPath.Bind(socket.SafeHandle);
            socket.Listen(4096);
            socket.Blocking = false;
        }
        catch
        {
            socket.Dispose();
            _listeningPath.Dispose();
            throw;
        }
        int pollers = Environment.ProcessorCount;
        _users = new UnixUsers(_options, DescriptorLimit.Raise(), inUse: (int)socket.Handle, pollers, UnixPeer.Self.UserId);
        _pollers = [.. Enumerable.Range(0, pollers).Select(number => new UnixPoller(number, _options.BusyPoll, OnAwoken, OnFailed))];
        _listener = new UnixListener(this, socket, new UnixUser(uint.MaxValue, isPrivileged: true, pollers, long.MaxValue), _logger);
        foreach (UnixPoller poller in _pollers)
            poller.Start();
        // They are awake until they sleep for the first time.
        OnAwoken();
        _listener.Watch(_pollers[0]);
        ServedPaths.Add(_path);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Nobody new is let in; requests that come from now on are answered with ESHUTDOWN; what has begun ends within the token and is answered; then the
    /// connections are closed.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _listener, null)?.Dispose();
        await _dispatcher.StopAsync(cancellationToken).ConfigureAwait(false);
        // What has been answered is still on its way; a client that does not read is not waited for.
        await WaitAsync(static server => server._connections.Values.All(static connection => connection.IsFlushed), cancellationToken).ConfigureAwait(false);
        // What a client sends from now on fails on its side. What it has sent is read to its end, since a connection that is closed with something unread is
        // reset, and answers with it.
        foreach (UnixConnection connection in _connections.Values)
            connection.EndReading();
        await WaitAsync(static server => server._connections.IsEmpty, cancellationToken).ConfigureAwait(false);
        Dispose();
    }

    /// <summary>Waits for something that comes at once, or not at all.</summary>
    private async Task WaitAsync(Func<UnixSocketServer, bool> condition, CancellationToken cancellation)
    {
        long end = Environment.TickCount64 + (long)s_last.TotalMilliseconds;
        while (!condition(this) && Environment.TickCount64 < end && !cancellation.IsCancellationRequested)
            await Task.Delay(2, CancellationToken.None).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        if (_path is not null && _pollers.Length > 0)
            ServedPaths.Remove(_path);
        _watch.Dispose();
        _sweep.Dispose();
        _listener?.Dispose();
        _listeningPath?.Dispose();
        foreach (UnixHandshake handshake in _handshakes.Keys)
            handshake.Close(Errno.None);
        foreach (UnixConnection connection in _connections.Values)
            connection.Dispose();
        foreach (UnixPoller poller in _pollers)
            poller.Dispose();
    }

    internal UnixUsers Users => _users!;

    /// <summary>A connection has said what it is, or has been told why not.</summary>
    internal void Ended(UnixHandshake handshake) => _handshakes.TryRemove(handshake, out _);

    /// <summary>It is off its user's account.</summary>
    internal void Leave(UnixHandshake handshake) => _users!.Leave(handshake.User, handshake.Refusal != Errno.None);

    /// <summary>A connection's first frame is not there yet; it will not be waited for without end.</summary>
    internal void Waits(UnixHandshake handshake)
    {
        if (handshake.Refusal != Errno.None)
            BoundRefused(handshake);
        // Whoever stops sweeping looks once more who waits: one of us sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sweeping) == 0 && Interlocked.Exchange(ref _sweeping, 1) == 0)
            ChangeTimer(_sweep, SweepInterval);
    }

    /// <summary>Tells a client that it is refused.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="errno">Why.</param>
    /// <param name="asked">Its first frame, whose answer this is; left out where it has not come.</param>
    internal static void Refuse(FileHandle socket, Errno errno, UnixFrame asked = default)
    {
        UnixFrame answer = asked.Kind == UnixFrameKind.Control
            ? new UnixFrame(UnixFrameKind.Answer, asked.Flags, 0, (uint)errno, 0, 0)
            : new UnixFrame(UnixFrameKind.Welcome, UnixFrame.Failed, 0, (uint)errno, 0, 0);
        Send(socket, answer, default);
    }

    /// <summary>Tells a client for which there is no room at all, not even to wait for what it asks.</summary>
    internal static void RefuseNow(FileHandle socket, Errno errno)
    {
        if (UnixReceiver.Current.TryReceive(socket, out ArraySegment<byte> bytes) != UnixReceiveStatus.Frame)
        {
            Refuse(socket, errno);
            return;
        }
        if (bytes.Count >= UnixFrame.Size)
            Refuse(socket, errno, UnixFrame.Read(bytes));
        UnixReceiver.Return(bytes);
    }

    /// <summary>A connection has said what it is.</summary>
    internal void Handle(UnixHandshake handshake, UnixFrame frame, ArraySegment<byte> bytes)
    {
        Ended(handshake);
        if (handshake.Refusal == Errno.None && frame.Kind == UnixFrameKind.Control)
        {
            _ = AnswerAndCloseAsync(handshake, frame, bytes);
            return;
        }
        if (handshake.Refusal == Errno.None && frame.Kind == UnixFrameKind.Hello && TryServeData(handshake, frame, bytes.AsSpan(UnixFrame.Size)))
        {
            UnixReceiver.Return(bytes);
            return;
        }
        if (handshake.Refusal != Errno.None)
            Refuse(handshake.Handle, handshake.Refusal, frame);
        UnixReceiver.Return(bytes);
        Leave(handshake);
        handshake.Handle.Dispose();
    }

    internal void Accept(FileHandle accepted, int descriptor)
    {
        UnixPoller poller = _pollers[_accepted++ % (uint)_pollers.Length];
        UnixCredentials peer = UnixCredentials.Of(accepted);
        Errno refusal = _users!.Enter(peer.Uid, descriptor, out UnixUser user);
        var handshake = new UnixHandshake(this, accepted, user, peer, refusal, poller);
        _handshakes[handshake] = true;
        // A server that stops has ended those that it saw; this one may have come since.
        if (_stopping)
            handshake.Close(Errno.None);
        else
            _pollers[0].GoOn(handshake, hasUsedTurn: false);
    }

    /// <summary>Of the refused that have said nothing only so many are kept; the oldest hears why without having asked.</summary>
    private void BoundRefused(UnixHandshake refused)
    {
        UnixHandshake? oldest = null;
        lock (_refused)
        {
            _refused.Enqueue(refused);
            if (_refused.Count > MaxRefusedWaiting)
                oldest = _refused.Dequeue();
        }
        oldest?.Close(oldest.Refusal);
    }

    private TimeSpan SweepInterval => _options.FirstFrameTimeout < 4 * s_refusedPatience ? _options.FirstFrameTimeout / 4 : s_refusedPatience;

    private void SweepHandshakes()
    {
        foreach (UnixHandshake handshake in _handshakes.Keys)
        {
            if (handshake.Refusal != Errno.None && handshake.Age >= s_refusedPatience.TotalMilliseconds)
                handshake.Close(handshake.Refusal);
            else if (handshake.Age >= _options.FirstFrameTimeout.TotalMilliseconds)
                handshake.Close(Errno.ETIMEDOUT);
        }
        if (_handshakes.IsEmpty)
        {
            Volatile.Write(ref _sweeping, 0);
            Interlocked.MemoryBarrier();
            if (_handshakes.IsEmpty || Interlocked.Exchange(ref _sweeping, 1) != 0)
                return;
        }
        ChangeTimer(_sweep, SweepInterval);
    }

    private bool TryServeData(UnixHandshake handshake, UnixFrame hello, ReadOnlySpan<byte> name)
    {
        FileHandle accepted = handshake.Handle;
        Errno errno = Open(accepted, hello, name, out NetlinkSocket? socket);
        if (socket is null)
        {
            Refuse(accepted, errno);
            return false;
        }
        byte granted = 0;
        UnixErrorWord? errorWord = null;
        FileHandle? errorFile = null;
        if ((hello.Flags & UnixFrame.ErrorWord) != 0 && (errorWord = UnixErrorWord.TryCreate(out errorFile)) is not null)
            granted |= UnixFrame.ErrorWord;
        granted |= (byte)(hello.Flags & (UnixFrame.Credentials | UnixFrame.TellsOfReceives));
        uint id = Interlocked.Increment(ref _lastId);
        UnixPoller poller = _pollers[id % (uint)_pollers.Length];
        var connection = new UnixConnection(accepted, socket, id, poller, handshake.User, handshake.Peer, OnClosed, (granted & UnixFrame.Credentials) != 0, errorWord, _maxReceiveBuffer);
        socket.Account = _accounts.Open(socket.Peer!.UserId, socket);
        _connections[id] = connection;
        var welcome = new UnixFrame(UnixFrameKind.Welcome, granted, 0, id, (uint)connection.Token, (uint)(connection.Token >> 32));
        if (errorFile is null)
        {
            Send(accepted, welcome, default);
        }
        else
        {
            using (errorFile)
                SendWithFile(accepted, welcome, errorFile);
        }
        try
        {
            connection.Start();
        }
        catch (ObjectDisposedException)
        {
            connection.Dispose();
        }
        if (_stopping)
            connection.Dispose();
        return true;
    }

    /// <summary>The machine's own limit of SO_RCVBUF.</summary>
    private static int MachineReceiveBuffer()
    {
        try
        {
            return int.TryParse(File.ReadAllText("/proc/sys/net/core/rmem_max"), out int max) && max > 0 ? max : NetlinkSocket.DefaultReceiveBuffer;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return NetlinkSocket.DefaultReceiveBuffer;
        }
    }

    private void OnClosed(UnixConnection connection)
    {
        _connections.TryRemove(connection.Id, out _);
        _accounts.Close(connection.Netlink.Peer!.UserId, connection.Netlink);
        _users!.Leave(connection.User, wasRefused: false);
    }

    private Errno Open(FileHandle accepted, UnixFrame hello, ReadOnlySpan<byte> name, out NetlinkSocket? socket)
    {
        socket = null;
        if (hello.A != UnixFrame.ProtocolVersion)
            return Errno.EPROTONOSUPPORT;
        if (_dispatcher.IsStopping)
            return Errno.ESHUTDOWN;
        NetRegistry registry = _dispatcher.Registry;
        Net? net = registry.Initial;
        if (!name.IsEmpty)
        {
            if (!NetName.TryRead(name, out string? wanted))
                return Errno.EINVAL;
            net = registry.Find(wanted);
        }
        if (net is null)
            return Errno.ENOENT;
        try
        {
            socket = _dispatcher.OpenSocket(net, UnixPeer.Of(accepted), hello.B, (hello.Flags & UnixFrame.TellsOfReceives) != 0);
        }
        catch (InvalidOperationException)
        {
            return Errno.ENOENT;
        }
        SetOptions(socket, hello.C);
        return Errno.None;
    }

    /// <summary>Switches that HELLO asks for, each by its own number; what is none is as if it had not been asked for.</summary>
    private static void SetOptions(NetlinkSocket socket, uint switches)
    {
        for (; switches != 0; switches &= switches - 1)
        {
            var option = (NetlinkSocketOption)System.Numerics.BitOperations.TrailingZeroCount(switches);
            if (option is not (NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP or NetlinkSocketOption.NETLINK_DROP_MEMBERSHIP))
                socket.SetOption(option, 1);
        }
    }

    private async Task AnswerAndCloseAsync(UnixHandshake asked, UnixFrame control, ArraySegment<byte> bytes)
    {
        using (asked.Handle)
        {
            try
            {
                UnixAnswer answer = await AnswerAsync(asked.Handle, control, bytes.AsMemory(UnixFrame.Size)).ConfigureAwait(false);
                UnixReceiver.Return(bytes);
                Send(asked.Handle, new UnixFrame(UnixFrameKind.Answer, control.Flags, 0, (uint)answer.Errno, answer.B, answer.C), answer.Payload.Span);
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "A control operation failed.");
            }
            finally
            {
                Leave(asked);
            }
        }
    }

    private async ValueTask<UnixAnswer> AnswerAsync(FileHandle accepted, UnixFrame control, ReadOnlyMemory<byte> payload)
    {
        var operation = (UnixControl)control.Flags;
        if (operation >= UnixControl.NetnsAdd)
            return await NetnsControl.AnswerAsync(_dispatcher.Registry, operation, payload, UnixPeer.IsPrivilegedAt(accepted)).ConfigureAwait(false);
        if (_connections.TryGetValue(control.A, out UnixConnection? connection) && connection.Token == (control.B | ((ulong)control.C << 32)))
            return await connection.ControlAsync(operation, payload, accepted).ConfigureAwait(false);
        return new UnixAnswer(Errno.EBADF);
    }

    /// <summary>For the first frame on a connection, which there is room for.</summary>
    private static unsafe void Send(FileHandle socket, UnixFrame frame, ReadOnlySpan<byte> payload)
    {
        Span<byte> bytes = payload.IsEmpty ? stackalloc byte[UnixFrame.Size] : new byte[UnixFrame.Size + payload.Length];
        frame.Write(bytes);
        payload.CopyTo(bytes[UnixFrame.Size..]);
        fixed (byte* first = bytes)
            _ = LinuxSystemCalls.Send(socket, first, (nuint)bytes.Length, LinuxSystemCalls.MSG_DONTWAIT | LinuxSystemCalls.MSG_NOSIGNAL);
    }

    private static unsafe void SendWithFile(FileHandle socket, UnixFrame frame, FileHandle file)
    {
        // struct cmsghdr: its length, level and type; then the descriptor, in room that is a multiple of 8 bytes.
        long* control = stackalloc long[3];
        control[0] = 20;
        ((int*)control)[2] = LinuxSystemCalls.SOL_SOCKET;
        ((int*)control)[3] = LinuxSystemCalls.SCM_RIGHTS;
        ((int*)control)[4] = (int)file.DangerousGetHandle();
        var vector = new LinuxSystemCalls.Vector { Base = (byte*)&frame, Length = UnixFrame.Size };
        var message = new LinuxSystemCalls.BatchedMessage { Header = new LinuxSystemCalls.MessageHeader { Vectors = &vector, VectorCount = 1, Control = (nint)control, ControlLength = 24 } };
        _ = LinuxSystemCalls.SendMany(socket, &message, 1, LinuxSystemCalls.MSG_DONTWAIT | LinuxSystemCalls.MSG_NOSIGNAL);
    }

    private void OnFailed(Exception exception) => _logger.LogError(exception, "A connection failed.");

    /// <summary>While a poller is awake somebody must look whether a handler blocks it.</summary>
    private void OnAwoken()
    {
        // Whoever stops looking asks once more who is awake: one of us sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _watching) == 0 && Interlocked.Exchange(ref _watching, 1) == 0)
            WatchLater();
    }

    private void WatchPollers()
    {
        bool awake = false;
        foreach (UnixPoller poller in _pollers)
        {
            if (poller.ReplaceIfStuck())
                _logger.LogDebug("A handler has blocked its thread for {Time} ms; another one takes over.", s_stuck.TotalMilliseconds);
            awake |= !poller.IsAsleep;
        }
        if (!awake)
        {
            Volatile.Write(ref _watching, 0);
            Interlocked.MemoryBarrier();
            // One that woke up in between thought that somebody looks.
            if (!_pollers.Any(static poller => !poller.IsAsleep) || Interlocked.Exchange(ref _watching, 1) != 0)
                return;
        }
        WatchLater();
    }

    private void WatchLater() => ChangeTimer(_watch, s_stuck);

    private static void ChangeTimer(Timer timer, TimeSpan due)
    {
        try
        {
            timer.Change(due, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The server has stopped.
        }
    }
}

/// <summary>What a control operation answers.</summary>
internal readonly record struct UnixAnswer(Errno Errno, uint B = 0, uint C = 0, ReadOnlyMemory<byte> Payload = default);
