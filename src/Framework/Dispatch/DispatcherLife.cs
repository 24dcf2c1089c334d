using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SmallRtnl;

/// <summary>
/// A dispatcher's end: what begins from now on is refused, what has begun is waited for, with the work that it has posted. Costs a request nothing but the look at
/// one field: who is busy is asked of the sockets, when somebody wants to know.
/// </summary>
internal sealed class DispatcherLife(RtnlDispatcher dispatcher, ILogger logger)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<NetlinkSocket, bool> _sockets = new();
    private readonly Lock _sync = new();
    private Task? _stopping;
    private volatile bool _isStopping;
    private volatile bool _isOver;

    /// <summary>Whether requests are refused.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Whether nothing is waited for any more: a dump that nobody has read to its end ends.</summary>
    public bool IsOver => _isOver;

    public void Opened(NetlinkSocket socket) => _sockets[socket] = true;

    public void Closed(NetlinkSocket socket) => _sockets.TryRemove(socket, out _);

    /// <summary>Ends it, once, within the first one's time; whoever asks again waits with the first, for no longer than asked.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        Task stopping;
        lock (_sync)
            stopping = _stopping ??= EndAsync(cancellation);
        try
        {
            await stopping.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time is over, and the first one says so.
        }
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        _isStopping = true;
        // A request counts itself in before it looks at the mark: one of us sees the other.
        Interlocked.MemoryBarrier();
        int busy;
        while ((busy = Busy()) > 0 && !cancellation.IsCancellationRequested)
            await Task.Delay(s_look, CancellationToken.None).ConfigureAwait(false);
        if (busy > 0)
            logger.LogError("The host stops although {Count} requests or pieces of posted work have not ended in time; they may meet what is disposed already.", busy);
        _isOver = true;
    }

    /// <summary>How much is under way.</summary>
    private int Busy()
    {
        int busy = 0;
        foreach ((NetlinkSocket socket, _) in _sockets)
        {
            if (socket.IsBusy)
                busy++;
        }
        foreach (Net net in dispatcher.Registry.All())
        {
            if (net.HasPostedWork)
                busy++;
        }
        return busy + (dispatcher.Registry.IsTearingDown ? 1 : 0);
    }
}
