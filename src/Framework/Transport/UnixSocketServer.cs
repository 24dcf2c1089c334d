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

    // How long a stop waits for clients to take what has been answered.
    private static readonly TimeSpan s_last = TimeSpan.FromSeconds(1);

    private readonly RtnlDispatcher _dispatcher;
    private readonly ILogger _logger;
    private readonly string? _path;
    private readonly TimeSpan _busyPoll;
    private readonly ConcurrentDictionary<uint, UnixConnection> _connections = new();
    private readonly ConcurrentDictionary<UnixHandshake, bool> _handshakes = new();
    private readonly Timer _watch;
    private UnixPoller[] _pollers = [];
    private ListeningPath? _listeningPath;
    private Listener? _listener;
    private uint _lastId;
    private uint _accepted;
    private int _watching;
    private volatile bool _stopping;

    /// <summary>Makes a server; it listens once started, if the options name a path.</summary>
    public UnixSocketServer(RtnlDispatcher dispatcher, IOptions<RtnetlinkOptions> options, ILogger<UnixSocketServer> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _dispatcher = dispatcher;
        _logger = logger;
        _path = options.Value.SocketPath;
        _busyPoll = options.Value.BusyPoll;
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
        _pollers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new UnixPoller(_busyPoll, OnAwoken, OnFailed))];
        _listener = new Listener(this, socket);
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
        _listener?.Dispose();
        _listeningPath?.Dispose();
        foreach (UnixHandshake handshake in _handshakes.Keys)
            handshake.Close();
        foreach (UnixConnection connection in _connections.Values)
            connection.Dispose();
        foreach (UnixPoller poller in _pollers)
            poller.Dispose();
    }

    internal void Ended(UnixHandshake handshake) => _handshakes.TryRemove(handshake, out _);

    /// <summary>A connection has said what it is.</summary>
    internal void Handle(UnixHandshake handshake, UnixFrame frame, ArraySegment<byte> bytes)
    {
        Ended(handshake);
        ReadOnlyMemory<byte> payload = bytes.AsMemory(UnixFrame.Size);
        switch (frame.Kind)
        {
            case UnixFrameKind.Hello:
                ServeData(handshake.Handle, frame, payload.Span);
                UnixReceiver.Return(bytes);
                break;
            case UnixFrameKind.Control:
                _ = AnswerAndCloseAsync(handshake.Handle, frame, bytes);
                break;
            default:
                handshake.Handle.Dispose();
                break;
        }
    }

    private void Accept(FileHandle accepted)
    {
        UnixPoller poller = _pollers[_accepted++ % (uint)_pollers.Length];
        var handshake = new UnixHandshake(this, accepted, poller);
        _handshakes[handshake] = true;
        // A server that stops has ended those that it saw; this one may have come since.
        if (_stopping)
            handshake.Close();
        else
            handshake.Start();
    }

    private void ServeData(FileHandle accepted, UnixFrame hello, ReadOnlySpan<byte> name)
    {
        Errno errno = Open(accepted, hello, name, out NetlinkSocket? socket);
        if (socket is null)
        {
            Send(accepted, new UnixFrame(UnixFrameKind.Welcome, UnixFrame.Failed, 0, (uint)errno, 0, 0), default);
            accepted.Dispose();
            return;
        }
        SetSendBuffer(accepted);
        uint id = Interlocked.Increment(ref _lastId);
        UnixPoller poller = _pollers[id % (uint)_pollers.Length];
        var connection = new UnixConnection(accepted, socket, id, poller, closed => _connections.TryRemove(closed.Id, out _));
        _connections[id] = connection;
        Send(accepted, new UnixFrame(UnixFrameKind.Welcome, 0, 0, id, (uint)connection.Token, (uint)(connection.Token >> 32)), default);
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
    }

    private static unsafe void SetSendBuffer(FileHandle accepted)
    {
        int size = 1 << 20;
        _ = LinuxSystemCalls.SetSocketOption(accepted, LinuxSystemCalls.SOL_SOCKET, LinuxSystemCalls.SO_SNDBUF, &size, sizeof(int));
    }

    private Errno Open(FileHandle accepted, UnixFrame hello, ReadOnlySpan<byte> name, out NetlinkSocket? socket)
    {
        socket = null;
        if (hello.A != UnixFrame.ProtocolVersion)
            return Errno.EPROTONOSUPPORT;
        if (_dispatcher.IsStopping)
            return Errno.ESHUTDOWN;
        NetRegistry registry = _dispatcher.Registry;
        Net? net = name.IsEmpty ? registry.Initial : registry.Find(System.Text.Encoding.UTF8.GetString(name));
        if (net is null)
            return Errno.ENOENT;
        try
        {
            socket = _dispatcher.OpenSocket(net, UnixPeer.IsPrivileged(accepted), hello.B);
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

    private async Task AnswerAndCloseAsync(FileHandle accepted, UnixFrame control, ArraySegment<byte> bytes)
    {
        using (accepted)
        {
            try
            {
                UnixAnswer answer = await AnswerAsync(accepted, control, bytes.AsMemory(UnixFrame.Size)).ConfigureAwait(false);
                UnixReceiver.Return(bytes);
                Send(accepted, new UnixFrame(UnixFrameKind.Answer, control.Flags, 0, (uint)answer.Errno, answer.B, answer.C), answer.Payload.Span);
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "A control operation failed.");
            }
        }
    }

    private async ValueTask<UnixAnswer> AnswerAsync(FileHandle accepted, UnixFrame control, ReadOnlyMemory<byte> payload)
    {
        var operation = (UnixControl)control.Flags;
        if (operation >= UnixControl.NetnsAdd)
            return await NetnsControl.AnswerAsync(_dispatcher.Registry, operation, payload, UnixPeer.IsPrivileged(accepted)).ConfigureAwait(false);
        if (_connections.TryGetValue(control.A, out UnixConnection? connection) && connection.Token == (control.B | ((ulong)control.C << 32)))
            return await connection.ControlAsync(operation, payload).ConfigureAwait(false);
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

    private void WatchLater()
    {
        try
        {
            _watch.Change(s_stuck, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The server has stopped.
        }
    }

    /// <summary>Accepts connections, on a poller's thread.</summary>
    private sealed class Listener(UnixSocketServer server, Socket socket) : IPolled, IDisposable
    {
        // Not the owner: the socket is.
        private readonly Socket _socket = socket;
        private UnixPoller? _poller;
        private int _slot;

        public FileHandle Handle { get; } = new((int)socket.Handle, ownsHandle: false);

        public void Watch(UnixPoller poller)
        {
            _poller = poller;
            _slot = poller.Watch(this, 0, readable: true, writable: false);
        }

        public void OnReadable()
        {
            try
            {
                while (true)
                {
                    int accepted = LinuxSystemCalls.Accept(Handle, 0, 0, LinuxSystemCalls.SOCK_NONBLOCK | LinuxSystemCalls.SOCK_CLOEXEC);
                    if (accepted < 0)
                        break;
                    server.Accept(new FileHandle(accepted));
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            if (LinuxSystemCalls.LastError is LinuxSystemCalls.EAGAIN or LinuxSystemCalls.EINTR || server._stopping)
                return;
            // Out of descriptors, most likely: those that are open go on.
            server._logger.LogWarning("A connection could not be accepted: {Error}.", Marshal.GetPInvokeErrorMessage(LinuxSystemCalls.LastError));
            Pause();
        }

        public void OnWritable()
        {
            // Nothing is written to a listener.
        }

        public void Dispose()
        {
            if (_slot != 0)
                _poller!.Watch(this, _slot, readable: false, writable: false);
            Handle.Dispose();
            _socket.Dispose();
        }

        /// <summary>The connection that could not be accepted is still there, and would be told of without end.</summary>
        private void Pause()
        {
            int slot = _slot;
            _slot = 0;
            _poller!.Watch(this, slot, readable: false, writable: false);
            _ = ResumeAsync();
        }

        private async Task ResumeAsync()
        {
            await Task.Delay(10).ConfigureAwait(false);
            if (!server._stopping)
                _slot = _poller!.Watch(this, 0, readable: true, writable: false);
        }
    }
}

/// <summary>What a control operation answers.</summary>
internal readonly record struct UnixAnswer(Errno Errno, uint B = 0, uint C = 0, ReadOnlyMemory<byte> Payload = default);
