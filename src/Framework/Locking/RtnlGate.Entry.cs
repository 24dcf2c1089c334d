using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <content>
/// The state machine of entries and exits. The model checker compiles this file by itself (tests/Engine.Tests): it must need nothing of
/// the framework but the waiters and the counter.
/// </content>
public sealed partial class RtnlGate
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

    /// <summary>How often the whole was entered; counted by its holder, who is alone.</summary>
    internal long ExclusiveEntries { get; private set; }

    /// <summary>How often it was entered shared.</summary>
    internal long SharedEntries => _shared.Total();

    /// <summary>How many of the exclusive entries were for the word PerNet, in the modes that take it so; counted by the holder.</summary>
    internal long NestedEntries { get; set; }

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
