using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// One namespace's own RTNL: FIFO, granted to requests rather than threads. Free, it is one compare-and-swap to take and one to
/// release. Contended, a release hands the lock to the first waiter, so nobody barges in and no herd is woken.
/// </summary>
/// <remarks>12 bytes beside the object's header: the state, and the queue, which is made when somebody waits for the first time.</remarks>
internal sealed class NetMutex : ILockQueue
{
    private const int Free = 0;

    /// <summary>Held, nobody waits: the holder may release it by a compare-and-swap alone.</summary>
    private const int Held = 1;

    /// <summary>Held, and the queue is not empty, or was not when last seen: the release must look, under the monitor.</summary>
    private const int HeldWithWaiters = 2;

    private int _state;
    private LockWaiterQueue? _waiters;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAcquire() => Interlocked.CompareExchange(ref _state, Held, Free) == Free;

    /// <summary>Takes it for the waiter's owner, or queues the waiter.</summary>
    public LockOutcome TakeOrQueue(LockWaiter waiter)
    {
        lock (this)
        {
            while (true)
            {
                // Once the state says that somebody waits, no release goes past the monitor, which is ours.
                int state = Volatile.Read(ref _state);
                if (state == HeldWithWaiters || (state == Held && Interlocked.CompareExchange(ref _state, HeldWithWaiters, Held) == Held))
                    break;
                if (state == Free && TryAcquire())
                    return LockOutcome.Taken;
            }
            if (!waiter.TryStandIn(this))
                return LockOutcome.Cancelled;
            (_waiters ??= new LockWaiterQueue()).Enqueue(waiter);
            return LockOutcome.Queued;
        }
    }

    /// <summary>Takes it alone, as a lock of users' own.</summary>
    public ValueTask AcquireAsync(RtnlContext context, CancellationToken cancellation)
    {
        if (TryAcquire())
            return default;
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        LockWaiter waiter = context.Waiter;
        waiter.Prepare(isStaged: false, mayLeave: false, cancellation);
        return TakeOrQueue(waiter) == LockOutcome.Taken ? default : waiter.WaitAsync();
    }

    /// <summary>Takes it alone; blocks the thread while it waits.</summary>
    public void Acquire(RtnlContext context)
    {
        context.Waiter.Prepare(isStaged: false, mayLeave: false, CancellationToken.None);
        if (TakeOrQueue(context.Waiter) != LockOutcome.Taken)
            context.Waiter.TryBlock(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Releases it, to the first waiter if there is one.</summary>
    /// <param name="now">The time, if the caller knows it; 0: not known.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release(long now = 0)
    {
        if (Interlocked.CompareExchange(ref _state, Free, Held) != Held)
            HandOver(now);
    }

    bool ILockQueue.TryRemove(LockWaiter waiter)
    {
        lock (this)
        {
            if (!waiter.IsQueued)
                return false;
            _waiters!.Remove(waiter);
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandOver(long now)
    {
        LockWaiter? next;
        lock (this)
        {
            // No queue where the only one who was about to wait had been cancelled.
            next = _waiters?.Dequeue();
            // Still HeldWithWaiters if others wait; the new holder's release looks again.
            if (next is null)
                Volatile.Write(ref _state, Free);
            else if (_waiters!.Count == 0)
                Volatile.Write(ref _state, Held);
        }
        next?.Grant(now);
    }
}
