// Compiled with the engine's source by the tests, never in this project.
namespace SmallRtnl.Coyote.Tests.Shims;

using Microsoft.Coyote.Runtime;

/// <summary>Stands for System.Threading.Lock: a lock statement on it takes its monitor, which Coyote controls.</summary>
public sealed class Lock
{
    public bool IsHeldByCurrentThread => Monitor.IsEntered(this);
}

/// <summary>Stands for System.Threading.ThreadPool: a work item is a task.</summary>
public static class ThreadPool
{
    public static bool UnsafeQueueUserWorkItem(IThreadPoolWorkItem item, bool preferLocal)
    {
        _ = preferLocal;
        Queue(item.Execute);
        return true;
    }

    public static bool UnsafeQueueUserWorkItem<TState>(Action<TState> action, TState state, bool preferLocal)
    {
        _ = preferLocal;
        Queue(() => action(state));
        return true;
    }

    private static void Queue(Action action)
    {
        try
        {
            Task.Run(action);
        }
        catch (InvalidCastException)
        {
            // A schedule that Coyote has ended finishes the task a second time. Where a continuation is being hooked up the exception would
            // reach the thread pool; in a schedule that goes on, the lost work is the deadlock that Coyote reports.
        }
    }
}

/// <summary>Stands for System.Threading.Thread.</summary>
public static class Thread
{
    private const int Cores = 2;

    public static System.Threading.Thread CurrentThread => System.Threading.Thread.CurrentThread;

    /// <summary>Any core at any time: a task moves between two calls as threads do.</summary>
    public static int GetCurrentProcessorId() => Microsoft.Coyote.Random.Generator.Create().NextInteger(Cores);
}

/// <summary>Stands for System.Threading.Interlocked, to which it adds an exchange of truth values as Coyote knows none.</summary>
public static class Interlocked
{
    public static uint Increment(ref uint location) => System.Threading.Interlocked.Increment(ref location);

    public static int Increment(ref int location) => System.Threading.Interlocked.Increment(ref location);

    public static long Increment(ref long location) => System.Threading.Interlocked.Increment(ref location);

    public static long Add(ref long location, long value) => System.Threading.Interlocked.Add(ref location, value);

    public static int Exchange(ref int location, int value) => System.Threading.Interlocked.Exchange(ref location, value);

    public static T Exchange<T>(ref T location, T value)
        where T : class => System.Threading.Interlocked.Exchange(ref location, value);

    public static int CompareExchange(ref int location, int value, int comparand) => System.Threading.Interlocked.CompareExchange(ref location, value, comparand);

    public static long CompareExchange(ref long location, long value, long comparand) => System.Threading.Interlocked.CompareExchange(ref location, value, comparand);

    public static T CompareExchange<T>(ref T location, T value, T comparand)
        where T : class => System.Threading.Interlocked.CompareExchange(ref location, value, comparand);

    public static bool Exchange(ref bool location, bool value)
    {
        SchedulingPoint.Interleave();
        (bool before, location) = (location, value);
        return before;
    }
}

/// <summary>
/// Stands for System.Threading.CancellationTokenSource, whose registrations wait for a running callback on a pool thread that nobody controls.
/// Callbacks run on who cancels.
/// </summary>
public sealed class CancellationTokenSource
{
    private readonly List<Callback> _callbacks = [];
    private bool _cancelled;

    public CancellationToken Token => new(this);

    internal bool IsCancelled => _cancelled;

    public void Cancel()
    {
        SchedulingPoint.Interleave();
        if (_cancelled)
            return;
        _cancelled = true;
        while (_callbacks.Count > 0)
        {
            Callback callback = _callbacks[^1];
            _callbacks.RemoveAt(_callbacks.Count - 1);
            callback.IsRunning = true;
            SchedulingPoint.Interleave();
            callback.Action(callback.State, Token);
            callback.IsRunning = false;
            callback.Ended.SetResult();
        }
    }

    internal CancellationTokenRegistration Register(Action<object, CancellationToken> action, object state)
    {
        SchedulingPoint.Interleave();
        if (_cancelled)
        {
            action(state, Token);
            return default;
        }
        var callback = new Callback(action, state);
        _callbacks.Add(callback);
        return new CancellationTokenRegistration(this, callback);
    }

    internal async ValueTask LeaveAsync(Callback callback)
    {
        SchedulingPoint.Interleave();
        if (!_callbacks.Remove(callback) && callback.IsRunning)
            await callback.Ended.Task;
    }

    internal sealed class Callback(Action<object, CancellationToken> action, object state)
    {
        public Action<object, CancellationToken> Action => action;

        public object State => state;

        public bool IsRunning { get; set; }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Stands for System.Threading.CancellationToken.</summary>
public readonly struct CancellationToken
{
    private readonly CancellationTokenSource _source;

    internal CancellationToken(CancellationTokenSource source) => _source = source;

    public static CancellationToken None => default;

    public bool CanBeCanceled => _source is not null;

    public bool IsCancellationRequested
    {
        get
        {
            if (_source is null)
                return false;
            SchedulingPoint.Interleave();
            return _source.IsCancelled;
        }
    }

    public static implicit operator System.Threading.CancellationToken(CancellationToken token) => new(token._source is { IsCancelled: true });

    /// <summary>What is not explored cancels nothing.</summary>
    public static implicit operator CancellationToken(System.Threading.CancellationToken token) => None;

    public void ThrowIfCancellationRequested()
    {
        if (IsCancellationRequested)
            throw new OperationCanceledException();
    }

    public CancellationTokenRegistration UnsafeRegister(Action<object, CancellationToken> callback, object state) => _source?.Register(callback, state) ?? default;
}

/// <summary>Stands for System.Threading.CancellationTokenRegistration.</summary>
public readonly struct CancellationTokenRegistration
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenSource.Callback _callback;

    internal CancellationTokenRegistration(CancellationTokenSource source, CancellationTokenSource.Callback callback)
    {
        _source = source;
        _callback = callback;
    }

    public ValueTask DisposeAsync() => _source is null ? default : _source.LeaveAsync(_callback);
}
