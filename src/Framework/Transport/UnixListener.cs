using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace SmallRtnl;

/// <summary>Accepts connections, on a poller's thread, a turn at a time like everybody else.</summary>
internal sealed class UnixListener : UnixPolled, IDisposable
{
    private readonly UnixSocketServer _server;
    // Not the owner: the socket is.
    private readonly Socket _socket;
    private readonly ILogger _logger;
    private FileHandle? _spare;
    private UnixPoller? _poller;
    private int _slot;
    private long _warned = -1000;
    private volatile bool _disposed;

    public UnixListener(UnixSocketServer server, Socket socket, UnixUser user, ILogger logger)
        : base(new FileHandle((int)socket.Handle, ownsHandle: false), user)
    {
        _server = server;
        _socket = socket;
        _logger = logger;
        _spare = OpenSpare();
    }

    public void Watch(UnixPoller poller)
    {
        _poller = poller;
        _slot = poller.Watch(this, 0, readable: true, writable: false);
    }

    public override void OnReadable(bool hasHungUp)
    {
        int error;
        try
        {
            var turn = default(WorkTurn);
            do
            {
                error = TryAccept();
            }
            while (error == 0 && !turn.IsOver());
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        if (error is 0 or LinuxSystemCalls.EAGAIN or LinuxSystemCalls.EINTR or LinuxSystemCalls.ECONNABORTED || _disposed)
            return;
        if (Environment.TickCount64 - _warned > 1000)
        {
            _warned = Environment.TickCount64;
            _logger.LogWarning("A connection could not be accepted: {Error}.", Marshal.GetPInvokeErrorMessage(error));
        }
        // Those that are open go on; whoever waits is told at least.
        if (error is not (LinuxSystemCalls.EMFILE or LinuxSystemCalls.ENFILE) || !TryRefuseOne())
            Pause();
    }

    public void Dispose()
    {
        _disposed = true;
        if (_slot != 0)
            _poller!.Watch(this, _slot, readable: false, writable: false);
        Handle.Dispose();
        _socket.Dispose();
        _spare?.Dispose();
    }

    /// <summary>A descriptor to give up when there is no other.</summary>
    private static FileHandle? OpenSpare() =>
        LinuxSystemCalls.Open("/dev/null", LinuxSystemCalls.O_CLOEXEC) is >= 0 and int spare ? new FileHandle(spare) : null;

    /// <returns>0, or the errno.</returns>
    private int TryAccept()
    {
        int accepted = LinuxSystemCalls.Accept(Handle, 0, 0, LinuxSystemCalls.SOCK_NONBLOCK | LinuxSystemCalls.SOCK_CLOEXEC);
        if (accepted < 0)
            return LinuxSystemCalls.LastError;
        _server.Accept(new FileHandle(accepted), accepted);
        return 0;
    }

    /// <summary>Somebody else in the process has used up the reserve: the spare descriptor is room for one who is told so.</summary>
    private bool TryRefuseOne()
    {
        if (_spare is null)
        {
            _spare = OpenSpare();
            if (_spare is null)
                return false;
        }
        _spare.Dispose();
        _spare = null;
        int accepted = LinuxSystemCalls.Accept(Handle, 0, 0, LinuxSystemCalls.SOCK_NONBLOCK | LinuxSystemCalls.SOCK_CLOEXEC);
        if (accepted >= 0)
        {
            using var refused = new FileHandle(accepted);
            UnixSocketServer.RefuseNow(refused, Errno.ENFILE);
        }
        _spare = OpenSpare();
        return accepted >= 0;
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
        if (!_disposed)
            _slot = _poller!.Watch(this, 0, readable: true, writable: false);
    }
}
