using System.Collections.Concurrent;
using System.Diagnostics;

namespace SmallRtnl;

/// <summary>
/// What the sockets of one user hold unread, all together, and how much that may be. A socket counts in whole <see cref="Step"/>s, rounded
/// down: what every socket may hold beside is bounded by how many there may be.
/// </summary>
internal sealed class ReceiveAccount(long limit)
{
    /// <summary>In what steps a socket's share is counted, so that the users of it on several processors seldom meet.</summary>
    public const int Step = 16_384;

    // A reader that has caught up is noticed when its socket is looked at again, and all of them are looked at no more often than this.
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<NetlinkSocket, bool> _sockets = new();
    private long _bytes;
    private long _lastRecount;

    /// <summary>How much the sockets may hold together.</summary>
    public long Limit => limit;

    /// <summary>How much they hold.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public bool IsEmpty => _sockets.IsEmpty;

    public void Add(NetlinkSocket socket) => _sockets[socket] = true;

    public void Remove(NetlinkSocket socket) => _sockets.TryRemove(socket, out _);

    /// <summary>Notes that a share has become larger or smaller.</summary>
    public void Change(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Whether a share may become so much larger.</summary>
    public bool HasRoom(long bytes) => Interlocked.Read(ref _bytes) + bytes <= limit;

    /// <summary>Looks what the sockets' readers have read meanwhile. The caller holds no socket's lock.</summary>
    /// <returns>False where that has been done a moment ago.</returns>
    public bool Recount()
    {
        long last = Interlocked.Read(ref _lastRecount);
        long now = Stopwatch.GetTimestamp();
        if (last != 0 && Stopwatch.GetElapsedTime(last, now) < s_between)
            return false;
        if (Interlocked.CompareExchange(ref _lastRecount, now, last) != last)
            return false;
        foreach ((NetlinkSocket socket, _) in _sockets)
            socket.Recount();
        return true;
    }
}
