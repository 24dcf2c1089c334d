namespace SmallRtnl;

/// <summary>
/// RTNL itself: entered shared by per-net work and exclusively by <see cref="RtnlLock.Rtnl"/>. Phase-fair in batches: an exclusive
/// phase serves the exclusives that were queued when it began, at most <see cref="MaxExclusiveBatch"/> of them, then every waiting
/// shared entry is let in, so neither side starves and a few unconverted handlers do not cost each converted one its turn.
/// </summary>
/// <remarks>Thread-safe. The owner of an entry is an <see cref="RtnlContext"/>, never a thread.</remarks>
public sealed class RtnlGate
{
    private readonly object _sync = new();
    private LockWaiterQueue _exclusiveWaiters;
    private LockWaiterQueue _sharedWaiters;
    private int _sharedCount;
    private int _batchLeft;
    private RtnlContext? _owner;

    internal RtnlGate(RtnlMode mode, int maxExclusiveBatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxExclusiveBatch);
        Mode = mode;
        MaxExclusiveBatch = maxExclusiveBatch;
    }

    /// <summary>What <see cref="RtnlLock.PerNet"/> takes.</summary>
    public RtnlMode Mode { get; }

    /// <summary>How many exclusives an exclusive phase serves at most while shared entries wait.</summary>
    public int MaxExclusiveBatch { get; }

    /// <summary>Takes the whole of RTNL; blocks the thread while it waits.</summary>
    /// <exception cref="RtnlAssertionException">The context holds a lock already.</exception>
    public RtnlLease Lock(RtnlContext context)
    {
        RtnlContext.Wait(context.AcquireRtnlAsync(this, CancellationToken.None));
        return new RtnlLease(context);
    }

    /// <summary>Takes the whole of RTNL if nobody is in the way.</summary>
    public bool TryLock(RtnlContext context, out RtnlLease lease)
    {
        if (!context.TryAcquireRtnl(this))
        {
            lease = default;
            return false;
        }
        lease = new RtnlLease(context);
        return true;
    }

    /// <summary>Takes the whole of RTNL; waiting blocks no thread.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    public ValueTask<AsyncRtnlLease> LockAsync(RtnlContext context, CancellationToken cancellation = default) =>
        AsyncRtnlLease.AfterAsync(context.AcquireRtnlAsync(this, cancellation), context);

    /// <summary>
    /// Locks the namespace that <paramref name="device"/> is in: reads it, locks, looks again, and starts afresh if the
    /// object moved meanwhile (<c>rtnl_net_dev_lock</c>).
    /// </summary>
    public RtnlLease LockNetOf(INetObject device, RtnlContext context)
    {
        while (true)
        {
            Net net = NetOf(device);
            RtnlLease lease = net.Lock(context);
            if (ReferenceEquals(net, device.Net))
                return lease;
            lease.Dispose();
        }
    }

    /// <summary>Like <see cref="LockNetOf"/>, without blocking a thread.</summary>
    public async ValueTask<AsyncRtnlLease> LockNetOfAsync(INetObject device, RtnlContext context, CancellationToken cancellation = default)
    {
        while (true)
        {
            Net net = NetOf(device);
            AsyncRtnlLease lease = await net.LockAsync(context, cancellation).ConfigureAwait(false);
            if (ReferenceEquals(net, device.Net))
                return lease;
            lease.Dispose();
        }
    }

    /// <summary>Visits every namespace under RTNL, which the context must hold.</summary>
    public static void ForEachNet(NetRegistry registry, RtnlContext context, Action<Net> visit)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(visit);
        RtnlAssert.Held(context);
        foreach (Net net in registry.All())
            visit(net);
    }

    internal bool TryEnterExclusive(RtnlContext context)
    {
        lock (_sync)
        {
            if (_owner is not null || _sharedCount > 0 || _sharedWaiters.Count > 0 || _exclusiveWaiters.Count > 0)
                return false;
            _owner = context;
            return true;
        }
    }

    internal bool TryEnterShared()
    {
        lock (_sync)
        {
            if (_owner is not null || _exclusiveWaiters.Count > 0)
                return false;
            _sharedCount++;
            return true;
        }
    }

    internal ValueTask EnterExclusiveAsync(RtnlContext context, CancellationToken cancellation)
    {
        lock (_sync)
        {
            if (_owner is null && _sharedCount == 0 && _exclusiveWaiters.Count == 0)
            {
                _owner = context;
                _batchLeft = 0;
                return default;
            }
            return Enqueue(ref _exclusiveWaiters, context, exclusive: true, cancellation);
        }
    }

    internal ValueTask EnterSharedAsync(RtnlContext context, CancellationToken cancellation)
    {
        lock (_sync)
        {
            if (_owner is null && _exclusiveWaiters.Count == 0)
            {
                _sharedCount++;
                return default;
            }
            return Enqueue(ref _sharedWaiters, context, exclusive: false, cancellation);
        }
    }

    internal void ExitExclusive()
    {
        lock (_sync)
        {
            _owner = null;
            // A batch is what was queued when the phase began; it ends early only to let waiting shared entries in.
            if (_exclusiveWaiters.Count > 0 && (_sharedWaiters.Count == 0 || _batchLeft > 0))
            {
                if (_batchLeft > 0)
                    _batchLeft--;
                GrantExclusive();
            }
            else
            {
                GrantAllShared();
            }
        }
    }

    internal void ExitShared()
    {
        lock (_sync)
        {
            if (--_sharedCount == 0 && _exclusiveWaiters.Count > 0)
                BeginExclusivePhase();
        }
    }

    private Net NetOf(INetObject device)
    {
        Net net = device.Net;
        return ReferenceEquals(net.Registry.Gate, this) ? net : throw new ArgumentException("The object belongs to another host's RTNL.", nameof(device));
    }

    private void BeginExclusivePhase()
    {
        _batchLeft = Math.Min(_exclusiveWaiters.Count, MaxExclusiveBatch) - 1;
        GrantExclusive();
    }

    private void GrantExclusive()
    {
        LockWaiter next = _exclusiveWaiters.Dequeue()!;
        _owner = next.Context;
        next.Grant();
    }

    private void GrantAllShared()
    {
        _batchLeft = 0;
        while (_sharedWaiters.Dequeue() is { } waiter)
        {
            _sharedCount++;
            waiter.Grant();
        }
    }

    private ValueTask Enqueue(ref LockWaiterQueue queue, RtnlContext context, bool exclusive, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        LockWaiter waiter = context.Waiter;
        ValueTask waiting = waiter.Prepare();
        waiter.Context = context;
        waiter.Exclusive = exclusive;
        queue.Enqueue(waiter);
        return cancellation.CanBeCanceled ? WaitCancellableAsync(waiter, waiting, cancellation) : waiting;
    }

    private async ValueTask WaitCancellableAsync(LockWaiter waiter, ValueTask waiting, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var (gate, waiter) = ((RtnlGate, LockWaiter))state!;
                gate.Cancel(waiter, token);
            },
            (this, waiter));
        await waiting.ConfigureAwait(false);
    }

    private void Cancel(LockWaiter waiter, CancellationToken cancellation)
    {
        lock (_sync)
        {
            if (!waiter.IsQueued)
                return;
            if (waiter.Exclusive)
            {
                _exclusiveWaiters.Remove(waiter);
                // The last exclusive that held shared entries back has gone.
                if (_exclusiveWaiters.Count == 0 && _owner is null)
                    GrantAllShared();
            }
            else
            {
                _sharedWaiters.Remove(waiter);
            }
        }
        waiter.Cancel(cancellation);
    }
}
