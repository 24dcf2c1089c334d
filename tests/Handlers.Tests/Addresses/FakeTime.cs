namespace SmallRtnl.Handlers.Tests.Addresses;

/// <summary>A clock that moves when it is told to, with timers that fire then. As the real one it refuses to wait longer than 49 days.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _sync = new();
    private readonly List<FakeTimer> _timers = [];
    private long _now = 1_000_000;

    public override long TimestampFrequency => 1000;

    /// <summary>How many timers are waiting.</summary>
    public int Waiting
    {
        get
        {
            lock (_sync)
                return _timers.Count;
        }
    }

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on, timer by timer; after each the host comes to rest.</summary>
    public async Task AdvanceAsync(TimeSpan by, Func<Task> settle)
    {
        long end = _now + (long)by.TotalMilliseconds;
        while (TakeNext(end) is { } timer)
        {
            timer.Fire();
            await settle();
        }
        Volatile.Write(ref _now, end);
        await settle();
    }

    private FakeTimer? TakeNext(long end)
    {
        lock (_sync)
        {
            FakeTimer? next = _timers.Where(timer => timer.At <= end).MinBy(timer => timer.At);
            if (next is null)
                return null;
            _timers.Remove(next);
            Volatile.Write(ref _now, Math.Max(_now, next.At));
            return next;
        }
    }

    private sealed class FakeTimer(FakeTime time, Action fire) : ITimer
    {
        public long At { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((long)dueTime.TotalMilliseconds, 0xffff_fffe, nameof(dueTime));
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            lock (time._sync)
            {
                time._timers.Remove(this);
                At = time.GetTimestamp() + (long)dueTime.TotalMilliseconds;
                time._timers.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (time._sync)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
