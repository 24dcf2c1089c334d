using SmallRtnl.Engine.Tests.Exploration;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>How programs wait.</summary>
internal static class Waits
{
    /// <summary>Waits for a lock.</summary>
    /// <returns>False where the wait was cancelled.</returns>
    public static bool Granted(ValueTask acquiring)
    {
        try
        {
            Scheduler.Await(acquiring);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>Checks that whoever was seen to wait before another one came is served before it.</summary>
internal sealed class ArrivalOrder
{
    private readonly List<Arrival> _waiting = [];
    private int _clock;

    /// <summary>Acquires, checks, and lets <paramref name="use"/> use and release it.</summary>
    public void Serve(Func<ValueTask> acquire, Action use)
    {
        int came = ++_clock;
        ValueTask acquiring = acquire();
        var arrival = new Arrival(++_clock);
        if (!acquiring.IsCompleted)
            _waiting.Add(arrival);
        Scheduler.Await(acquiring);
        _waiting.Remove(arrival);
        Scheduler.Check(!_waiting.Exists(other => other.WaitsSince < came), "A waiter is overtaken by one that came later.");
        use();
    }

    private sealed class Arrival(int waitsSince)
    {
        public int WaitsSince { get; } = waitsSince;
    }
}
