using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// One namespace's own RTNL: FIFO, granted to requests rather than threads. Free, it is one compare-and-swap to take and one to
/// release. Contended, a release hands the lock to the first waiter, so nobody barges in and no herd is woken.
/// </summary>
/// <remarks>12 bytes beside the object's header: the state, and the queue, which is made when somebody waits for the first time.</remarks>
internal sealed class NetMutex
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

    public ValueTask AcquireAsync(RtnlContext context, CancellationToken cancellation)
    {
        if (TryAcquire())
            return default;
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        LockWaiter waiter = context.Waiter;
        ValueTask waiting;
        lock (this)
        {
            while (true)
            {
                if (TryAcquire())
                    return default;
                // Once the state says that somebody waits, no release goes past the monitor, which is ours.
                if (Volatile.Read(ref _state) == HeldWithWaiters || Interlocked.CompareExchange(ref _state, HeldWithWaiters, Held) == Held)
                    break;
            }
            waiting = waiter.Prepare(context);
            (_waiters ??= new LockWaiterQueue()).Enqueue(waiter);
        }
        return cancellation.CanBeCanceled ? waiter.WaitAsync(waiting, new CancelWait(this), cancellation) : waiting;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Held) != Held)
            HandOver();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandOver()
    {
        LockWaiter? next;
        lock (this)
        {
            next = _waiters!.Dequeue();
            // Still HeldWithWaiters if others wait; the new holder's release looks again.
            if (next is null)
                Volatile.Write(ref _state, Free);
            else if (_waiters.Count == 0)
                Volatile.Write(ref _state, Held);
        }
        next?.Grant();
    }

    private readonly struct CancelWait(NetMutex mutex) : ILockWaitCanceller
    {
        /// <summary>A waiter that was granted meanwhile has left the queue: the grant has won, and the lock is the caller's to release.</summary>
        public bool TryRemove(LockWaiter waiter)
        {
            lock (mutex)
            {
                if (!waiter.IsQueued)
                    return false;
                mutex._waiters!.Remove(waiter);
                return true;
            }
        }
    }
}
