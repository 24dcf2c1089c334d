using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// RTNL itself: entered shared by per-net work and exclusively by <see cref="RtnlLock.Rtnl"/>. Phase-fair in batches: an exclusive
/// phase serves the exclusives that were queued when it began, at most <see cref="MaxExclusiveBatch"/> of them, then every waiting
/// shared entry is let in, so neither side starves and a few unconverted handlers do not cost each converted one its turn.
/// </summary>
/// <remarks>Thread-safe. The owner of an entry is an <see cref="RtnlContext"/>, never a thread.</remarks>
public sealed class RtnlGate
{
    /// <summary>No exclusive holds it or waits: shared entries need nothing but their stripe.</summary>
    private const int Open = 0;

    /// <summary>An exclusive holds it and nobody waits: it may open the gate by a compare-and-swap alone.</summary>
    private const int Closed = 1;

    /// <summary>Exclusives hold it or wait, or others wait for them: every step goes through the monitor.</summary>
    private const int Crowded = 2;

    private readonly object _sync = new();
    private readonly StripedCounter _shared;
    private readonly LockWaiterQueue _exclusiveWaiters = new();
    private readonly LockWaiterQueue _sharedWaiters = new();
    private int _state;
    private bool _exclusiveHeld;
    private int _batchLeft;
    private RtnlContext? _owner;

    internal RtnlGate(RtnlMode mode, int maxExclusiveBatch, int stripes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxExclusiveBatch);
        _shared = new StripedCounter(stripes > 0 ? stripes : Environment.ProcessorCount);
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

    /// <summary>How often the whole was entered; counted by its holder, who is alone.</summary>
    internal long ExclusiveEntries { get; private set; }

    /// <summary>How often it was entered shared.</summary>
    internal long SharedEntries => _shared.Total();

    /// <summary>How many of the exclusive entries were for the word PerNet, in the modes that take it so; counted by the holder.</summary>
    internal long NestedEntries { get; set; }

    /// <summary>What its locks cost; null for a gate without a host.</summary>
    internal RtnlStatistics? Statistics { get; set; }

    /// <summary>Who holds the whole of it; a racy read unless the reader is the owner.</summary>
    internal RtnlContext? Owner => Volatile.Read(ref _owner);

    internal bool TryEnterExclusive(RtnlContext context)
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Open) != Open)
            return false;
        // The gate is closed: a shared entry that this scan misses sees so and steps back.
        if (_shared.IsZero())
        {
            _owner = context;
            ExclusiveEntries++;
            return true;
        }
        Reopen();
        return false;
    }

    /// <summary>Enters shared on the caller's stripe.</summary>
    /// <param name="stripe">Where it was counted: the exit may run on another core.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnterShared(out int stripe)
    {
        stripe = _shared.CurrentStripe();
        _shared.Enter(stripe);
        // Entering is a full fence, and so is closing: of an entry and a closing that race at least one sees the other.
        if (Volatile.Read(ref _state) == Open)
            return true;
        StepBack(stripe);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StepBack(int stripe)
    {
        _shared.TakeBack(stripe);
        if (Volatile.Read(ref _state) != Open)
            ServeAfterExit();
    }

    internal ValueTask EnterExclusiveAsync(RtnlContext context, CancellationToken cancellation)
    {
        if (TryEnterExclusive(context))
            return default;
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        LockWaiter waiter = context.Waiter;
        ValueTask waiting;
        lock (_sync)
        {
            // An exclusive that holds it by the fast path is among us from now on.
            if (Interlocked.Exchange(ref _state, Crowded) == Closed)
                _exclusiveHeld = true;
            waiting = waiter.Prepare(context);
            waiter.Exclusive = true;
            _exclusiveWaiters.Enqueue(waiter);
            ServeDrained();
        }
        return cancellation.CanBeCanceled ? waiter.WaitAsync(waiting, new CancelWait(this), cancellation) : waiting;
    }

    internal ValueTask EnterSharedAsync(RtnlContext context, CancellationToken cancellation)
    {
        if (TryEnterShared(out int stripe))
        {
            context.SharedStripe = stripe;
            return default;
        }
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        LockWaiter waiter = context.Waiter;
        ValueTask waiting;
        lock (_sync)
        {
            while (Volatile.Read(ref _state) != Crowded)
            {
                if (TryEnterShared(out stripe))
                {
                    context.SharedStripe = stripe;
                    return default;
                }
                if (Interlocked.CompareExchange(ref _state, Crowded, Closed) == Closed)
                    _exclusiveHeld = true;
            }
            waiting = waiter.Prepare(context);
            waiter.Exclusive = false;
            _sharedWaiters.Enqueue(waiter);
        }
        return cancellation.CanBeCanceled ? waiter.WaitAsync(waiting, new CancelWait(this), cancellation) : waiting;
    }

    internal void ExitExclusive()
    {
        _owner = null;
        if (Interlocked.CompareExchange(ref _state, Open, Closed) == Closed)
            return;
        lock (_sync)
        {
            _exclusiveHeld = false;
            // A batch is what was queued when the phase began; it ends early only to let waiting shared entries in.
            if (_exclusiveWaiters.Count > 0 && (_sharedWaiters.Count == 0 || _batchLeft > 0))
            {
                if (_batchLeft > 0)
                    _batchLeft--;
                GrantExclusive();
            }
            else
            {
                AdmitShared();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ExitShared(int stripe)
    {
        _shared.Exit(stripe);
        if (Volatile.Read(ref _state) != Open)
            ServeAfterExit();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ServeAfterExit()
    {
        lock (_sync)
            ServeDrained();
    }

    /// <summary>An exclusive phase begins once the last shared holder has gone. Under the monitor.</summary>
    private void ServeDrained()
    {
        if (_exclusiveHeld || _exclusiveWaiters.Count == 0 || !_shared.IsZero())
            return;
        _batchLeft = Math.Min(_exclusiveWaiters.Count, MaxExclusiveBatch) - 1;
        GrantExclusive();
    }

    /// <summary>A fast exclusive found shared holders inside: it takes its closing back, and serves who came to wait meanwhile.</summary>
    private void Reopen()
    {
        if (Interlocked.CompareExchange(ref _state, Open, Closed) == Closed)
            return;
        lock (_sync)
        {
            // Whoever made it crowded took us for a holder.
            _exclusiveHeld = false;
            if (_exclusiveWaiters.Count == 0)
                AdmitShared();
            else
                ServeDrained();
        }
    }

    private void GrantExclusive()
    {
        LockWaiter next = _exclusiveWaiters.Dequeue()!;
        _exclusiveHeld = true;
        ExclusiveEntries++;
        _owner = next.Context;
        next.Grant();
    }

    /// <summary>Lets every waiting shared entry in; without exclusives behind them the gate is open again.</summary>
    private void AdmitShared()
    {
        _batchLeft = 0;
        while (_sharedWaiters.Dequeue() is { } waiter)
        {
            int stripe = _shared.CurrentStripe();
            _shared.Enter(stripe);
            waiter.Context!.SharedStripe = stripe;
            waiter.Grant();
        }
        if (_exclusiveWaiters.Count == 0)
            Volatile.Write(ref _state, Open);
        else
            ServeDrained();
    }

    private Net NetOf(INetObject device)
    {
        Net net = device.Net;
        return ReferenceEquals(net.Registry.Gate, this) ? net : throw new ArgumentException("The object belongs to another host's RTNL.", nameof(device));
    }

    private readonly struct CancelWait(RtnlGate gate) : ILockWaitCanceller
    {
        public bool TryRemove(LockWaiter waiter)
        {
            lock (gate._sync)
            {
                if (!waiter.IsQueued)
                    return false;
                if (!waiter.Exclusive)
                {
                    gate._sharedWaiters.Remove(waiter);
                    return true;
                }
                gate._exclusiveWaiters.Remove(waiter);
                // The last exclusive that held shared entries back has gone.
                if (gate._exclusiveWaiters.Count == 0 && !gate._exclusiveHeld)
                    gate.AdmitShared();
                return true;
            }
        }
    }
}
