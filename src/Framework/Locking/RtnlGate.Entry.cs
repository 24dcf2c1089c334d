using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <content>
/// The state machine of entries and exits.
/// </content>
public sealed partial class RtnlGate : ILockQueue
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
    private long _registryEntries;

    /// <summary>How often the whole was entered; counted by its holder, who is alone.</summary>
    internal long ExclusiveEntries { get; private set; }

    /// <summary>How often it was entered shared.</summary>
    internal long SharedEntries => _shared.Total();

    /// <summary>How many of the shared entries were for the registry, which take no namespace's lock.</summary>
    internal long RegistryEntries => Volatile.Read(ref _registryEntries);

    /// <summary>How many of the exclusive entries were for the word PerNet, in the modes that take it so; counted by the holder.</summary>
    internal long NestedEntries { get; set; }

    /// <summary>Who holds the whole of it; a racy read unless the reader is the owner.</summary>
    internal RtnlContext? Owner => Volatile.Read(ref _owner);

    internal void CountRegistryEntry() => Interlocked.Increment(ref _registryEntries);

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

    /// <summary>Enters exclusively for the waiter's owner, or queues the waiter.</summary>
    internal LockOutcome TakeOrQueueExclusive(LockWaiter waiter)
    {
        if (TryEnterExclusive(waiter.Context))
            return LockOutcome.Taken;
        LockWaiter? granted;
        lock (_sync)
        {
            if (!waiter.TryStandIn(this))
                return LockOutcome.Cancelled;
            // An exclusive that holds it by the fast path is among us from now on.
            if (Interlocked.Exchange(ref _state, Crowded) == Closed)
                _exclusiveHeld = true;
            waiter.Exclusive = true;
            _exclusiveWaiters.Enqueue(waiter);
            granted = ServeDrained();
        }
        LockWaiter.GrantAll(granted, now: 0);
        return LockOutcome.Queued;
    }

    /// <summary>Enters shared for the waiter's owner, or queues the waiter.</summary>
    internal LockOutcome TakeOrQueueShared(LockWaiter waiter)
    {
        if (TryEnterShared(out int stripe))
        {
            waiter.Context.SharedStripe = stripe;
            return LockOutcome.Taken;
        }
        lock (_sync)
        {
            while (Volatile.Read(ref _state) != Crowded)
            {
                if (TryEnterShared(out stripe))
                {
                    waiter.Context.SharedStripe = stripe;
                    return LockOutcome.Taken;
                }
                if (Interlocked.CompareExchange(ref _state, Crowded, Closed) == Closed)
                    _exclusiveHeld = true;
            }
            if (!waiter.TryStandIn(this))
                return LockOutcome.Cancelled;
            waiter.Exclusive = false;
            _sharedWaiters.Enqueue(waiter);
            return LockOutcome.Queued;
        }
    }

    /// <summary>Enters exclusively, and nothing else.</summary>
    internal ValueTask EnterExclusiveAsync(RtnlContext context, CancellationToken cancellation)
    {
        if (TryEnterExclusive(context))
            return default;
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        LockWaiter waiter = context.Waiter;
        waiter.Prepare(isStaged: false, mayLeave: false, cancellation);
        return TakeOrQueueExclusive(waiter) == LockOutcome.Taken ? default : waiter.WaitAsync();
    }

    /// <summary>Enters shared, and nothing else: namespaces that join or leave the registry.</summary>
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
        waiter.Prepare(isStaged: false, mayLeave: false, cancellation);
        return TakeOrQueueShared(waiter) == LockOutcome.Taken ? default : waiter.WaitAsync();
    }

    /// <summary>Leaves; what waits is let in.</summary>
    /// <param name="now">The time, if the caller knows it; 0: not known.</param>
    internal void ExitExclusive(long now = 0)
    {
        _owner = null;
        if (Interlocked.CompareExchange(ref _state, Open, Closed) == Closed)
            return;
        LockWaiter? granted;
        lock (_sync)
        {
            _exclusiveHeld = false;
            // A batch is what was queued when the phase began; it ends early only to let waiting shared entries in.
            if (_exclusiveWaiters.Count > 0 && (_sharedWaiters.Count == 0 || _batchLeft > 0))
            {
                if (_batchLeft > 0)
                    _batchLeft--;
                granted = GrantExclusive();
            }
            else
            {
                granted = AdmitShared();
            }
        }
        LockWaiter.GrantAll(granted, now);
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
        LockWaiter? granted;
        lock (_sync)
            granted = ServeDrained();
        LockWaiter.GrantAll(granted, now: 0);
    }

    /// <summary>An exclusive phase begins once the last shared holder has gone. Under the monitor.</summary>
    /// <returns>Who is to be granted once the monitor has been left.</returns>
    private LockWaiter? ServeDrained()
    {
        if (_exclusiveHeld || _exclusiveWaiters.Count == 0 || !_shared.IsZero())
            return null;
        _batchLeft = Math.Min(_exclusiveWaiters.Count, MaxExclusiveBatch) - 1;
        return GrantExclusive();
    }

    /// <summary>A fast exclusive found shared holders inside: it takes its closing back, and serves who came to wait meanwhile.</summary>
    private void Reopen()
    {
        if (Interlocked.CompareExchange(ref _state, Open, Closed) == Closed)
            return;
        LockWaiter? granted;
        lock (_sync)
        {
            // Whoever made it crowded took us for a holder.
            _exclusiveHeld = false;
            granted = _exclusiveWaiters.Count == 0 ? AdmitShared() : ServeDrained();
        }
        LockWaiter.GrantAll(granted, now: 0);
    }

    private LockWaiter GrantExclusive()
    {
        LockWaiter next = _exclusiveWaiters.Dequeue()!;
        _exclusiveHeld = true;
        ExclusiveEntries++;
        _owner = next.Context;
        return next;
    }

    /// <summary>Lets every waiting shared entry in; without exclusives behind them the gate is open again.</summary>
    /// <returns>Who is to be granted once the monitor has been left.</returns>
    private LockWaiter? AdmitShared()
    {
        _batchLeft = 0;
        LockWaiter? first = null, last = null;
        while (_sharedWaiters.Dequeue() is { } waiter)
        {
            int stripe = _shared.CurrentStripe();
            _shared.Enter(stripe);
            waiter.Context.SharedStripe = stripe;
            if (last is null)
                first = waiter;
            else
                last.Next = waiter;
            last = waiter;
        }
        if (_exclusiveWaiters.Count == 0)
        {
            Volatile.Write(ref _state, Open);
            return first;
        }
        // With somebody let in the exclusives wait for them.
        return first ?? ServeDrained();
    }

    bool ILockQueue.TryRemove(LockWaiter waiter)
    {
        LockWaiter? granted = null;
        lock (_sync)
        {
            if (!waiter.IsQueued)
                return false;
            if (waiter.Exclusive)
            {
                _exclusiveWaiters.Remove(waiter);
                // The last exclusive that held shared entries back has gone.
                if (_exclusiveWaiters.Count == 0 && !_exclusiveHeld)
                    granted = AdmitShared();
            }
            else
            {
                _sharedWaiters.Remove(waiter);
            }
        }
        LockWaiter.GrantAll(granted, now: 0);
        return true;
    }
}
