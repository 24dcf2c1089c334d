using System.Collections.Concurrent;
using System.Net.Sockets;
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
    private const UnixFileMode ReadWriteForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly RtnlDispatcher _dispatcher;
    private readonly ILogger _logger;
    private readonly string? _path;
    private readonly ConcurrentDictionary<uint, UnixConnection> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private Socket? _listener;
    private Task? _accepting;
    private uint _lastId;
    private bool _disposed;

    /// <summary>Makes a server; it listens once started, if the options name a path.</summary>
    public UnixSocketServer(RtnlDispatcher dispatcher, IOptions<RtnetlinkOptions> options, ILogger<UnixSocketServer> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _dispatcher = dispatcher;
        _logger = logger;
        _path = options.Value.SocketPath;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">Another server listens there.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_path is null)
            return Task.CompletedTask;
        RemoveStale(_path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        // Reading is for everybody; who may configure is decided by the peer's credentials.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_path, ReadWriteForAll);
        _listener.Listen(4096);
        _accepting = AcceptAsync(_listener);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        if (_accepting is not null)
            await _accepting.ConfigureAwait(false);
        foreach (UnixConnection connection in _connections.Values)
            connection.Dispose();
        if (_listener is not null && _path is not null)
            File.Delete(_path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        // A host that was cancelled is disposed without having been stopped.
        _stopping.Cancel();
        _listener?.Dispose();
        foreach (UnixConnection connection in _connections.Values)
            connection.Dispose();
        _stopping.Dispose();
    }

    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }
        throw new IOException($"Another server listens on {path}.");
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket accepted = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                // Not here: what its client has sent already would be handled before the next connection is accepted.
                _ = Task.Run(() => ServeAsync(accepted), CancellationToken.None);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                if (_stopping.IsCancellationRequested)
                    return;
                // Out of descriptors, most likely: those that are open go on.
                _logger.LogWarning(exception, "A connection could not be accepted.");
                await Task.Delay(10).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        try
        {
            using (accepted)
            {
                byte[] buffer = GC.AllocateUninitializedArray<byte>(UnixFrame.Size + 4096);
                int length = await accepted.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token).ConfigureAwait(false);
                if (length < UnixFrame.Size)
                    return;
                UnixFrame frame = UnixFrame.Read(buffer);
                ReadOnlyMemory<byte> payload = buffer.AsMemory(UnixFrame.Size, length - UnixFrame.Size);
                if (frame.Kind == UnixFrameKind.Hello)
                    await ServeDataAsync(accepted, frame, payload).ConfigureAwait(false);
                else if (frame.Kind == UnixFrameKind.Control)
                    await AnswerAsync(accepted, frame, payload).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or the server goes.
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "A connection failed.");
        }
    }

    private async Task ServeDataAsync(Socket accepted, UnixFrame hello, ReadOnlyMemory<byte> payload)
    {
        Errno errno = Open(accepted, hello, payload.Span, out NetlinkSocket? socket);
        byte[] welcome = new byte[UnixFrame.Size];
        if (socket is null)
        {
            new UnixFrame(UnixFrameKind.Welcome, UnixFrame.Failed, 0, (uint)errno, 0, 0).Write(welcome);
            await accepted.SendAsync(welcome, SocketFlags.None, _stopping.Token).ConfigureAwait(false);
            return;
        }
        using var connection = new UnixConnection(accepted, socket, Interlocked.Increment(ref _lastId));
        _connections[connection.Id] = connection;
        try
        {
            // A server that stops has ended those that it saw; this one may have come since.
            _stopping.Token.ThrowIfCancellationRequested();
            new UnixFrame(UnixFrameKind.Welcome, 0, 0, connection.Id, (uint)connection.Token, (uint)(connection.Token >> 32)).Write(welcome);
            await accepted.SendAsync(welcome, SocketFlags.None, _stopping.Token).ConfigureAwait(false);
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _connections.TryRemove(connection.Id, out _);
        }
    }

    private Errno Open(Socket accepted, UnixFrame hello, ReadOnlySpan<byte> name, out NetlinkSocket? socket)
    {
        socket = null;
        if (hello.A != UnixFrame.ProtocolVersion)
            return Errno.EPROTONOSUPPORT;
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

    private async Task AnswerAsync(Socket accepted, UnixFrame control, ReadOnlyMemory<byte> payload)
    {
        var operation = (UnixControl)control.Flags;
        UnixAnswer answer;
        if (operation >= UnixControl.NetnsAdd)
        {
            answer = await NetnsControl.AnswerAsync(_dispatcher.Registry, operation, payload, UnixPeer.IsPrivileged(accepted)).ConfigureAwait(false);
        }
        else if (_connections.TryGetValue(control.A, out UnixConnection? connection) && connection.Token == (control.B | ((ulong)control.C << 32)))
        {
            answer = await connection.ControlAsync(operation, payload).ConfigureAwait(false);
        }
        else
        {
            answer = new UnixAnswer(Errno.EBADF);
        }
        byte[] frame = new byte[UnixFrame.Size + answer.Payload.Length];
        new UnixFrame(UnixFrameKind.Answer, control.Flags, 0, (uint)answer.Errno, answer.B, answer.C).Write(frame);
        answer.Payload.CopyTo(frame.AsMemory(UnixFrame.Size));
        await accepted.SendAsync(frame, SocketFlags.None, _stopping.Token).ConfigureAwait(false);
    }
}

/// <summary>What a control operation answers.</summary>
internal readonly record struct UnixAnswer(Errno Errno, uint B = 0, uint C = 0, ReadOnlyMemory<byte> Payload = default);
