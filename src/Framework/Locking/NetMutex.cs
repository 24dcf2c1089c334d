namespace SmallRtnl;

/// <summary>
/// One namespace's own RTNL: FIFO, granted to requests rather than threads. A release hands the lock to the first waiter, so nobody
/// barges in and no herd is woken.
/// </summary>
internal sealed class NetMutex
{
    private LockWaiterQueue _waiters;
    private RtnlContext? _owner;

    /// <summary>Who holds it; a racy read unless the reader is the owner.</summary>
    public RtnlContext? Owner => Volatile.Read(ref _owner);

    public bool TryAcquire(RtnlContext context)
    {
        lock (this)
        {
            if (_owner is not null)
                return false;
            _owner = context;
            return true;
        }
    }

    public ValueTask AcquireAsync(RtnlContext context, CancellationToken cancellation)
    {
        LockWaiter waiter = context.Waiter;
        ValueTask waiting;
        lock (this)
        {
            if (_owner is null)
            {
                _owner = context;
                return default;
            }
            if (cancellation.IsCancellationRequested)
                return ValueTask.FromCanceled(cancellation);
            waiting = waiter.Prepare();
            waiter.Context = context;
            _waiters.Enqueue(waiter);
        }
        return cancellation.CanBeCanceled ? WaitCancellableAsync(waiter, waiting, cancellation) : waiting;
    }

    public void Release()
    {
        LockWaiter? next;
        lock (this)
        {
            next = _waiters.Dequeue();
            _owner = next?.Context;
        }
        next?.Grant();
    }

    private async ValueTask WaitCancellableAsync(LockWaiter waiter, ValueTask waiting, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var (mutex, waiter) = ((NetMutex, LockWaiter))state!;
                mutex.Cancel(waiter, token);
            },
            (this, waiter));
        await waiting.ConfigureAwait(false);
    }

    private void Cancel(LockWaiter waiter, CancellationToken cancellation)
    {
        // A waiter that was granted meanwhile has left the queue: the grant has won and the lock is the caller's to release.
        lock (this)
        {
            if (!waiter.IsQueued)
                return;
            _waiters.Remove(waiter);
        }
        waiter.Cancel(cancellation);
    }
}
