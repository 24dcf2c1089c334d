using System.Threading.Tasks.Sources;

namespace SmallRtnl;

/// <summary>
/// A contended request in a lock's queue: a node, not a thread. One belongs to each <see cref="RtnlContext"/>, which waits for at
/// most one lock at a time, so queueing allocates nothing. Continuations never run inline on the releaser.
/// </summary>
internal sealed class LockWaiter : IValueTaskSource
{
    // Not readonly: the core is a mutable struct.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>The owner-to-be.</summary>
    public RtnlContext? Context { get; private set; }

    /// <summary>Whether the gate's waiter asks for exclusive entry; net mutexes ignore it.</summary>
    public bool Exclusive { get; set; }

    /// <summary>Whether it stands in a queue; guarded by that queue's monitor.</summary>
    public bool IsQueued { get; set; }

    public LockWaiter? Next { get; set; }

    public LockWaiter? Previous { get; set; }

    /// <summary>Makes it ready to wait once more.</summary>
    public ValueTask Prepare(RtnlContext context)
    {
        Context = context;
        _core.Reset();
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Hands the lock over.</summary>
    public void Grant() => _core.SetResult(true);

    /// <summary>Waits, and leaves the queue if cancelled before the grant.</summary>
    public async ValueTask WaitAsync<TCanceller>(ValueTask waiting, TCanceller canceller, CancellationToken cancellation)
        where TCanceller : struct, ILockWaitCanceller
    {
        await using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var (waiter, canceller) = ((LockWaiter, TCanceller))state!;
                if (canceller.TryRemove(waiter))
                    waiter._core.SetException(new OperationCanceledException(token));
            },
            (this, canceller));
        await waiting.ConfigureAwait(false);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

/// <summary>Takes a waiter out of its lock's queue.</summary>
internal interface ILockWaitCanceller
{
    /// <summary>Removes the waiter.</summary>
    /// <returns>False where it was granted already.</returns>
    bool TryRemove(LockWaiter waiter);
}
