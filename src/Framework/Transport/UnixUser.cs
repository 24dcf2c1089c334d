namespace SmallRtnl;

/// <summary>
/// One uid at the other end of connections: how many it has, what its unfinished requests take, and what it has had of each poller's time.
/// </summary>
internal sealed class UnixUser
{
    private readonly Lock _sync = new();
    private readonly UnixShare[] _shares;
    private readonly long _maxUnfinished;
    private readonly Queue<(UnixPoller Poller, UnixPolled File)> _postponed = new();
    private long _unfinished;

    /// <param name="uid">Who.</param>
    /// <param name="isPrivileged">Root, or the server's own user.</param>
    /// <param name="pollers">How many pollers there are.</param>
    /// <param name="maxUnfinished">From how many bytes of unfinished requests on nothing more is read from it.</param>
    public UnixUser(uint uid, bool isPrivileged, int pollers, long maxUnfinished)
    {
        Uid = uid;
        IsPrivileged = isPrivileged;
        _maxUnfinished = maxUnfinished;
        _shares = new UnixShare[pollers];
        for (int i = 0; i < pollers; i++)
            _shares[i] = new UnixShare();
    }

    public uint Uid { get; }

    public bool IsPrivileged { get; }

    /// <summary>How many connections it has; <see cref="UnixUsers"/> counts.</summary>
    public int Connections { get; set; }

    /// <summary>How many know of it, those included that are being refused; <see cref="UnixUsers"/> counts.</summary>
    public int References { get; set; }

    /// <summary>Whether nothing more is to be read from it at present.</summary>
    public bool HasTooMuchUnfinished => Volatile.Read(ref _unfinished) >= _maxUnfinished;

    /// <summary>What is ready of it at a poller.</summary>
    public UnixShare ShareAt(int poller) => _shares[poller];

    /// <summary>Notes a request that has been read and has not come to its end within its turn.</summary>
    public void AddUnfinished(int bytes) => Interlocked.Add(ref _unfinished, bytes);

    /// <summary>Such a request has come to its end. Those who waited for it may go on once there is room for several.</summary>
    public void RemoveUnfinished(int bytes)
    {
        if (Interlocked.Add(ref _unfinished, -bytes) > _maxUnfinished / 2)
            return;
        lock (_sync)
        {
            while (_postponed.TryDequeue(out (UnixPoller Poller, UnixPolled File) next))
                next.Poller.GoOn(next.File, hasUsedTurn: true);
        }
    }

    /// <summary>Where the user's unfinished requests take too much: gives the file its next turn when that has changed, so that it reads nothing until then.</summary>
    public bool TryPostpone(UnixPoller poller, UnixPolled file)
    {
        lock (_sync)
        {
            // Whoever makes room looks for us under this lock.
            if (!HasTooMuchUnfinished)
                return false;
            _postponed.Enqueue((poller, file));
            return true;
        }
    }
}

/// <summary>A user's part of one poller; that one's queue guards it.</summary>
internal sealed class UnixShare
{
    /// <summary>Files that have become ready.</summary>
    public Queue<UnixPolled> Fresh { get; } = new();

    /// <summary>Files that used up a turn and have more to do.</summary>
    public Queue<UnixPolled> Behind { get; } = new();

    /// <summary>What the user has had, or would have had if it had not been idle.</summary>
    public long Used { get; set; }

    /// <summary>What the first and the second queue have had since both have something in them.</summary>
    public (long Fresh, long Behind) UsedSince { get; set; }

    public bool IsEmpty => Fresh.Count == 0 && Behind.Count == 0;
}
