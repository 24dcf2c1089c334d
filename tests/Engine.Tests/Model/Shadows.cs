namespace SmallRtnl;

// What the engine's files name by these names they get from here: each step that another task can see is a scheduling point.
#pragma warning disable CS0420 // The steps are taken one at a time.

internal static class Interlocked
{
    public static int CompareExchange(ref int location, int value, int comparand)
    {
        Scheduler.Point();
        int seen = location;
        if (seen == comparand)
            location = value;
        return seen;
    }

    public static int Exchange(ref int location, int value)
    {
        Scheduler.Point();
        int seen = location;
        location = value;
        return seen;
    }

    public static long Add(ref long location, long value)
    {
        Scheduler.Point();
        return location += value;
    }
}

internal static class Volatile
{
    public static int Read(ref int location)
    {
        Scheduler.Point();
        return location;
    }

    public static long Read(ref long location)
    {
        Scheduler.Point();
        return location;
    }

    public static T Read<T>(ref T location)
        where T : class?
    {
        Scheduler.Point();
        return location;
    }

    public static void Write(ref int location, int value)
    {
        Scheduler.Point();
        location = value;
    }
}

internal static class Thread
{
    // Every task runs on a core of its own, and comes out on another one than it went in.
    public static int GetCurrentProcessorId() => Scheduler.CurrentTask;
}

/// <summary>What <c>lock</c> becomes: a monitor whose waiting the scheduler knows of. Re-entrant, as the real one.</summary>
internal sealed class ModelMonitor
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<object, ModelMonitor> s_monitors = [];

    private int _owner = -1;
    private int _depth;

    public static Section Enter(object target)
    {
        ModelMonitor monitor = s_monitors.GetValue(target, static _ => new ModelMonitor());
        int task = Scheduler.CurrentTask;
        Scheduler.BlockUntil(() => monitor._owner < 0 || monitor._owner == task);
        monitor._owner = task;
        monitor._depth++;
        return new Section(monitor);
    }

    internal readonly struct Section(ModelMonitor monitor) : System.IDisposable
    {
        public void Dispose()
        {
            if (--monitor._depth == 0)
                monitor._owner = -1;
        }
    }
}

/// <summary>A waiter as the engine knows it, woken through the scheduler.</summary>
internal sealed class LockWaiter
{
    private System.Func<bool>? _tryRemove;
    private bool _cancelling;

    public RtnlContext? Context { get; private set; }

    public bool Exclusive { get; set; }

    public bool IsQueued { get; set; }

    public LockWaiter? Next { get; set; }

    public LockWaiter? Previous { get; set; }

    public bool Granted { get; private set; }

    public bool Cancelled { get; private set; }

    public System.Threading.Tasks.ValueTask Prepare(RtnlContext context)
    {
        Context = context;
        Granted = Cancelled = false;
        return new System.Threading.Tasks.ValueTask(new System.Threading.Tasks.TaskCompletionSource().Task);
    }

    public void Grant()
    {
        Scheduler.Point();
        if (Granted || Cancelled)
            Scheduler.Fail("A waiter was granted twice, or after it had been cancelled.");
        Granted = true;
    }

    public System.Threading.Tasks.ValueTask WaitAsync<TCanceller>(System.Threading.Tasks.ValueTask waiting, TCanceller canceller, System.Threading.CancellationToken cancellation)
        where TCanceller : struct, ILockWaitCanceller
    {
        _tryRemove = () => canceller.TryRemove(this);
        return waiting;
    }

    public void Cancel()
    {
        _cancelling = true;
        if (_tryRemove is { } tryRemove && tryRemove())
            Cancelled = true;
        _cancelling = false;
    }

    /// <summary>What disposing the registration does: no later cancellation reaches this wait, and one that is under way is waited for.</summary>
    public void EndWait()
    {
        Scheduler.BlockUntil(() => !_cancelling);
        _tryRemove = null;
    }
}

internal interface ILockWaitCanceller
{
    bool TryRemove(LockWaiter waiter);
}

/// <summary>An owner, with just what the engine asks of it.</summary>
internal sealed class RtnlContext
{
    public LockWaiter Waiter { get; } = new();

    public int SharedStripe { get; set; }
}

public sealed partial class RtnlGate
{
    internal RtnlGate(int maxExclusiveBatch, int stripes)
    {
        _shared = new StripedCounter(stripes);
        MaxExclusiveBatch = maxExclusiveBatch;
    }

    public int MaxExclusiveBatch { get; }
}
