using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace SmallRtnl;

/// <summary>
/// A contended owner in a lock's queue: a node, not a thread. One belongs to each <see cref="RtnlContext"/>, which waits for at
/// most one lock at a time, so queueing allocates nothing. Continuations never run inline on the releaser.
/// </summary>
/// <remarks>
/// An acquisition of several steps (the namespaces' mutexes, the gate) is carried on by whoever grants one: the owner's own code runs again
/// only when it has all of them.
/// </remarks>
internal sealed class LockWaiter(RtnlContext context) : IValueTaskSource, IValueTaskSource<AsyncRtnlLease>, IThreadPoolWorkItem
{
    /// <summary>Nobody has come to wait for the end yet.</summary>
    private const int Pending = 0;

    /// <summary>A continuation is registered.</summary>
    private const int Awaited = 1;

    /// <summary>A thread is blocked.</summary>
    private const int Blocked = 2;

    /// <summary>The locks are the owner's.</summary>
    private const int Granted = 3;

    /// <summary>Cancelled; nothing is held.</summary>
    private const int Failed = 4;

    // Counts the versions, and runs continuations that want a context; the others need none of its steps. Not readonly: a mutable struct.
    private ManualResetValueTaskSourceCore<bool> _core;
    private Action<object?>? _continuation;
    private object? _state;
    private CancellationToken _cancellation;
    private ILockQueue? _queue;
    private int _phase;
    private bool _isStaged;
    private bool _mayLeave;
    private bool _isCancelled;

    /// <summary>The owner-to-be.</summary>
    public RtnlContext Context => context;

    /// <summary>Whether it asks for exclusive entry; net mutexes ignore it.</summary>
    public bool Exclusive { get; set; }

    /// <summary>Whether it stands in a queue; guarded by that queue's monitor.</summary>
    public bool IsQueued { get; set; }

    public LockWaiter? Next { get; set; }

    public LockWaiter? Previous { get; set; }

    /// <summary>The end of the wait, where nothing can cancel it.</summary>
    public ValueTask<AsyncRtnlLease> Lease => new(this, _core.Version);

    private ValueTask Task => new(this, _core.Version);

    /// <summary>Grants a chain that a lock has taken out of its queue, once its monitor has been left.</summary>
    /// <param name="first">The first, linked by <see cref="Next"/>; null for none.</param>
    /// <param name="now">When the lock was released; 0: not known.</param>
    public static void GrantAll(LockWaiter? first, long now)
    {
        while (first is not null)
        {
            // Granted, it may queue again at once.
            LockWaiter? next = first.Next;
            first.Next = null;
            first.Grant(now);
            first = next;
        }
    }

    /// <summary>Makes it ready to wait once more.</summary>
    /// <param name="isStaged">Whether the owner has more to acquire when it is granted.</param>
    /// <param name="mayLeave">Whether a blocked thread may give up.</param>
    /// <param name="cancellation">What may cancel the wait.</param>
    public void Prepare(bool isStaged, bool mayLeave, CancellationToken cancellation)
    {
        _core.Reset();
        _phase = Pending;
        _isStaged = isStaged;
        _cancellation = cancellation;
        _mayLeave = mayLeave || cancellation.CanBeCanceled;
        _isCancelled = false;
        _queue = null;
    }

    /// <summary>What a lock asks, under its monitor, before it queues the waiter: a cancellation from now on finds it there.</summary>
    /// <returns>False where it has been cancelled already.</returns>
    public bool TryStandIn(ILockQueue queue)
    {
        if (!_mayLeave)
            return true;
        // A full fence, and so is setting the flag: either the canceller sees the queue or this sees the flag.
        Interlocked.Exchange(ref _queue, queue);
        return !Volatile.Read(ref _isCancelled);
    }

    /// <summary>Hands a lock over.</summary>
    /// <param name="now">When it was released; 0: not known.</param>
    public void Grant(long now)
    {
        if (_isStaged)
            context.Advance(now);
        else
            Complete();
    }

    /// <summary>The owner has all it asked for: wakes it.</summary>
    public void Complete() => End(Granted);

    /// <summary>Gives up what was acquired so far, and tells the owner.</summary>
    public void Abandon()
    {
        if (_isStaged)
            context.AbandonAcquisition();
        End(Failed);
    }

    /// <summary>Waits without blocking a thread; leaves the queue if cancelled before the grant.</summary>
    public ValueTask WaitAsync() => _cancellation.CanBeCanceled ? WaitCancellableAsync() : Task;

    /// <summary>Waits by blocking the thread, which is woken without the thread pool's help and cannot be interrupted.</summary>
    /// <param name="timeout">How long at most; where not for ever the waiter was prepared to leave.</param>
    /// <returns>False once the time is over: nothing is held.</returns>
    public bool TryBlock(TimeSpan timeout)
    {
        var spinner = default(SpinWait);
        while (!spinner.NextSpinWillYield && Volatile.Read(ref _phase) == Pending)
            spinner.SpinOnce();
        long deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        if (Interlocked.CompareExchange(ref _phase, Blocked, Pending) == Pending && !TrySleep(deadline))
        {
            // Not under the monitor, which whoever grants may want. Where the grant wins it wakes us.
            Cancel();
            TrySleep(long.MaxValue);
        }
        return Volatile.Read(ref _phase) == Granted;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    AsyncRtnlLease IValueTaskSource<AsyncRtnlLease>.GetResult(short token)
    {
        GetResult(token);
        return new AsyncRtnlLease(context);
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        ValueTaskSourceStatus status = _core.GetStatus(token);
        if (status != ValueTaskSourceStatus.Pending)
            return status;
        return Volatile.Read(ref _phase) switch
        {
            Granted => ValueTaskSourceStatus.Succeeded,
            Failed => ValueTaskSourceStatus.Canceled,
            _ => ValueTaskSourceStatus.Pending,
        };
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (Volatile.Read(ref _phase) == Awaited)
            throw new InvalidOperationException("The acquisition is awaited already.");
        if (flags == ValueTaskSourceOnCompletedFlags.None)
        {
            _state = state;
            _continuation = continuation;
        }
        else
        {
            _core.OnCompleted(continuation, state, token, flags);
        }
        // Where it ended meanwhile, whoever ended it saw nobody to wake.
        if (Interlocked.CompareExchange(ref _phase, Awaited, Pending) != Pending)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>Runs the continuation on the thread pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (_continuation is { } continuation)
        {
            object? state = _state;
            _continuation = null;
            _state = null;
            continuation(state);
            return;
        }
        if (_phase == Failed)
            _core.SetException(new OperationCanceledException(_cancellation));
        else
            _core.SetResult(true);
    }

    private void GetResult(short token)
    {
        ValueTaskSourceStatus status = GetStatus(token);
        // Once: a later use of the same value task must not end what a later wait has got.
        if (status != ValueTaskSourceStatus.Pending)
            _core.Reset();
        switch (status)
        {
            case ValueTaskSourceStatus.Succeeded:
                break;
            case ValueTaskSourceStatus.Canceled:
                throw new OperationCanceledException(_cancellation);
            default:
                throw new InvalidOperationException("The lock has not been granted yet.");
        }
    }

    /// <returns>False where the time was over before the end.</returns>
    private bool TrySleep(long deadline)
    {
        bool isInterrupted = false;
        try
        {
            lock (this)
            {
                while (Volatile.Read(ref _phase) == Blocked)
                {
                    try
                    {
                        long left = deadline == long.MaxValue ? Timeout.Infinite : Math.Clamp(deadline - Environment.TickCount64, 0, int.MaxValue);
                        if (!Monitor.Wait(this, (int)left))
                            return Volatile.Read(ref _phase) != Blocked;
                    }
                    catch (ThreadInterruptedException)
                    {
                        // As with rtnl_lock(): whoever came back without the lock would not know what becomes of it.
                        isInterrupted = true;
                    }
                }
                return true;
            }
        }
        finally
        {
            if (isInterrupted)
                Thread.CurrentThread.Interrupt();
        }
    }

    private void End(int phase)
    {
        switch (Interlocked.Exchange(ref _phase, phase))
        {
            case Awaited:
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
                break;
            case Blocked:
                lock (this)
                    Monitor.Pulse(this);
                break;
        }
    }

    private void Cancel()
    {
        Interlocked.Exchange(ref _isCancelled, true);
        // Where it stands in none whoever is about to put it into the next one sees the flag. It cannot stand in another than is read here:
        // whoever queued it there saw no flag, so this sees what they wrote before they looked.
        if (Volatile.Read(ref _queue) is { } queue && queue.TryRemove(this))
            Abandon();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitCancellableAsync()
    {
        ValueTask waiting = Task;
        await using CancellationTokenRegistration registration = _cancellation.UnsafeRegister(static (state, _) => ((LockWaiter)state!).Cancel(), this);
        await waiting.ConfigureAwait(false);
    }
}
