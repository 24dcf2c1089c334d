namespace SmallRtnl;

/// <summary>
/// The files of a poller that are ready: next is one of the user that has had the least time. One who has been idle comes at once, and gains
/// nothing from having been so. Among a user's own, those that have become ready have half of its time, and those that used up a turn the rest.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="poller">Whose queue it is, by number.</param>
internal sealed class UnixReadyQueue(int poller)
{
    private readonly Lock _sync = new();
    // Few are ready at once: looking through them costs less than keeping them in order.
    private readonly List<UnixShare> _active = [];
    private long _clock;
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Adds a file, or notes what else it is ready for.</summary>
    /// <param name="file">The file.</param>
    /// <param name="events">For what.</param>
    /// <param name="isBehind">Whether it has just used up a turn.</param>
    public void Add(UnixPolled file, uint events, bool isBehind)
    {
        lock (_sync)
        {
            bool waits = file.Events != 0;
            file.Events |= events;
            if (waits)
                return;
            UnixShare share = file.User.ShareAt(poller);
            if (share.IsEmpty)
            {
                share.Used = Math.Max(share.Used, _clock);
                _active.Add(share);
            }
            if (share.Fresh.Count == 0 || share.Behind.Count == 0)
                share.UsedSince = default;
            (isBehind ? share.Behind : share.Fresh).Enqueue(file);
            _count++;
        }
    }

    /// <summary>Takes the file whose turn it is.</summary>
    /// <param name="file">The file; it may be added again meanwhile.</param>
    /// <param name="events">For what it is ready.</param>
    /// <param name="isBehind">What <see cref="Charge"/> has to be told.</param>
    /// <returns>False where there is none.</returns>
    public bool TryTake(out UnixPolled file, out uint events, out bool isBehind)
    {
        lock (_sync)
        {
            if (_count == 0)
            {
                file = null!;
                events = 0;
                isBehind = false;
                return false;
            }
            int next = 0;
            for (int i = 1; i < _active.Count; i++)
            {
                if (_active[i].Used < _active[next].Used)
                    next = i;
            }
            UnixShare share = _active[next];
            _clock = share.Used;
            isBehind = share.Fresh.Count == 0 || (share.Behind.Count > 0 && share.UsedSince.Behind < share.UsedSince.Fresh);
            file = (isBehind ? share.Behind : share.Fresh).Dequeue();
            events = file.Events;
            file.Events = 0;
            if (share.IsEmpty)
                _active.RemoveAt(next);
            _count--;
            return true;
        }
    }

    /// <summary>Puts the time that a turn took on its user's account.</summary>
    public void Charge(UnixUser user, bool isBehind, long time)
    {
        lock (_sync)
        {
            UnixShare share = user.ShareAt(poller);
            share.Used += time;
            share.UsedSince = isBehind ? (share.UsedSince.Fresh, share.UsedSince.Behind + time) : (share.UsedSince.Fresh + time, share.UsedSince.Behind);
        }
    }
}
