using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <content>How an owner comes to hold a lock word, and lets go of it.</content>
public partial class RtnlContext
{
    // One net, the common case; several are in the set.
    private Net? _heldNet;
    private NetLockSet _held;
    private RtnlGate? _gate;
    private int _stripe;
    private uint _acquisitions;
    private RtnlContext? _asker;
    private uint _askerVersion;
    private long _heldSince;
    private long _waited;
    // Read before what is held and written after it: an owner that does not await its acquisition meets one or the other.
    private bool _acquiring;

    // The acquisition that is waited for. While it is, whoever grants one of its steps owns these.
    private HeldLock _wanted;
    // One net, the common case; several are in the set.
    private Net? _wantedNet;
    private NetLockSet _wantedNets;
    private RtnlGate? _wantedGate;
    private int _taken;
    private long _waitingSince;

    /// <summary>Where the gate has counted this owner's shared entry.</summary>
    internal int SharedStripe
    {
        set => _stripe = value;
    }

    /// <summary>The gate of what it holds.</summary>
    internal RtnlGate? HeldGate => _heldNet?.Gate ?? _gate;

    /// <summary>Out of whose code its request was sent, while that holds what it held then; null where nobody's did, or it has let go.</summary>
    internal RtnlContext? Asker => _asker is { } asker && asker.HeldWord >= HeldLock.PerNet && asker.LeaseVersion == _askerVersion ? asker : null;

    /// <summary>Notes out of whose code its request is sent.</summary>
    internal void SentBy(RtnlContext? running)
    {
        // What an unlocked handler waits for, its own asker waits for.
        _asker = running is { HeldWord: >= HeldLock.PerNet } ? running : running?.Asker;
        _askerVersion = _asker?.LeaseVersion ?? 0;
    }

    /// <summary>Whether it waits for a lock.</summary>
    internal bool IsAcquiring => Volatile.Read(ref _acquiring);

    /// <summary>One flow of control uses an owner, so it waits for one lock at a time.</summary>
    internal void ThrowIfAcquiring()
    {
        if (IsAcquiring)
            throw new RtnlAssertionException("A lock was asked for while another acquisition is under way; an owner waits for one lock at a time.");
    }

    internal void BeginUserWait() => _acquiring = true;

    internal void EndUserWait() => Volatile.Write(ref _acquiring, false);

    internal ValueTask AcquireRtnlAsync(RtnlGate gate, CancellationToken cancellation) =>
        TryBeginRtnl(gate, cancellation) ? default : Waiter.WaitAsync();

    internal ValueTask<AsyncRtnlLease> LeaseRtnlAsync(RtnlGate gate, CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
            return AsyncRtnlLease.AfterAsync(AcquireRtnlAsync(gate, cancellation), this);
        return TryBeginRtnl(gate, cancellation) ? new ValueTask<AsyncRtnlLease>(new AsyncRtnlLease(this)) : Waiter.Lease;
    }

    /// <summary>Takes the whole; blocks the thread while it waits, so long at most.</summary>
    /// <returns>False once the time is over.</returns>
    internal bool TryAcquireRtnl(RtnlGate gate, TimeSpan timeout) =>
        TryBeginRtnl(gate, CancellationToken.None, mayLeave: timeout != Timeout.InfiniteTimeSpan, blocks: true) || Waiter.TryBlock(timeout);

    internal bool TryAcquireRtnl(RtnlGate gate)
    {
        BeginAcquire(gate, default, isTry: true);
        bool entered = gate.TryEnterExclusive(this);
        if (entered)
            Granted(HeldLock.Rtnl, gate, default);
        else
            NotGranted();
        return entered;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueTask AcquireNetAsync(Net net, CancellationToken cancellation) =>
        TryAcquireFreeNet(net) || TryBeginNet(net, cancellation) ? default : Waiter.WaitAsync();

    /// <summary>For one net that was not free.</summary>
    internal ValueTask<AsyncRtnlLease> LeaseNetAsync(Net net, CancellationToken cancellation)
    {
        if (TryBeginNet(net, cancellation))
            return new ValueTask<AsyncRtnlLease>(new AsyncRtnlLease(this));
        return cancellation.CanBeCanceled ? AsyncRtnlLease.AfterAsync(Waiter.WaitAsync(), this) : Waiter.Lease;
    }

    /// <summary>For one net that was not free; blocks the thread while it waits.</summary>
    internal void AcquireNet(Net net)
    {
        if (!TryBeginNet(net, CancellationToken.None, blocks: true))
            Waiter.TryBlock(Timeout.InfiniteTimeSpan);
    }

    /// <summary>What nearly every request does, without the loop over a set: one net in mode PerNet, nobody in the way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAcquireFreeNet(Net net)
    {
        RtnlGate gate = net.Gate;
        if (gate.Mode != RtnlMode.PerNet || IsAcquiring || HeldWord != HeldLock.None || !net.Mutex.TryAcquire())
            return false;
        if (!gate.TryEnterShared(out _stripe))
        {
            net.Mutex.Release();
            return false;
        }
        if (Lockdep.IsEnabled)
            CheckFreeNet(net);
        _heldNet = net;
        HeldWord = HeldLock.PerNet;
        if (RtnlStatistics.IsEnabled && (++_acquisitions & RtnlStatistics.SamplingMask) == 0)
            _heldSince = Stopwatch.GetTimestamp();
        return true;
    }

    internal ValueTask AcquireNetsAsync(in NetLockSet nets, CancellationToken cancellation) =>
        TryBeginNets(in nets, cancellation) ? default : Waiter.WaitAsync();

    internal ValueTask<AsyncRtnlLease> LeaseNetsAsync(in NetLockSet nets, CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
            return AsyncRtnlLease.AfterAsync(AcquireNetsAsync(in nets, cancellation), this);
        return TryBeginNets(in nets, cancellation) ? new ValueTask<AsyncRtnlLease>(new AsyncRtnlLease(this)) : Waiter.Lease;
    }

    /// <summary>Takes all of them or none; blocks the thread while it waits, so long at most.</summary>
    /// <returns>False once the time is over.</returns>
    internal bool TryAcquireNets(in NetLockSet nets, TimeSpan timeout) =>
        TryBeginNets(in nets, CancellationToken.None, mayLeave: timeout != Timeout.InfiniteTimeSpan, blocks: true) || Waiter.TryBlock(timeout);

    /// <summary>All of them or none. In mode PerNet the nets come first and the gate last, so that nobody holds the gate while queueing for a net.</summary>
    internal bool TryAcquireNets(in NetLockSet nets)
    {
        // An empty set throws here, before the owner takes itself for one that acquires.
        BeginAcquire(nets[0].Gate, in nets, isTry: true);
        bool entered = TryEnterNets(in nets);
        if (!entered)
            NotGranted();
        return entered;
    }

    /// <summary>Carries an acquisition on whose next step has just been granted. On the thread of whoever released it.</summary>
    /// <param name="now">When that was; 0: not known.</param>
    internal void Advance(long now)
    {
        _taken++;
        switch (TakeSteps())
        {
            case LockOutcome.Taken:
                Complete(now);
                break;
            case LockOutcome.Cancelled:
                Waiter.Abandon();
                break;
        }
    }

    /// <summary>Gives back what a cancelled acquisition had taken so far.</summary>
    internal void AbandonAcquisition()
    {
        for (int step = _taken - 1; step >= 0; step--)
            ReleaseStep(step);
        _wantedNet = null;
        _wantedNets = default;
        NotGranted();
    }

    internal ValueTask EnterRegistryAsync(RtnlGate gate)
    {
        if (Lockdep.IsEnabled)
            Lockdep.EnteringRegistry(this, gate);
        gate.CountRegistryEntry();
        return gate.EnterSharedAsync(this, CancellationToken.None);
    }

    internal void ExitRegistry(RtnlGate gate)
    {
        gate.ExitShared(_stripe);
        if (Lockdep.IsEnabled)
            Lockdep.LeftRegistry(this, gate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ReleaseLocks()
    {
        if (_heldNet is { } net && (!RtnlStatistics.IsEnabled || _heldSince == 0))
        {
            ReleaseNet(net, now: 0);
            return;
        }
        if (HeldWord == HeldLock.Snapshot && !Lockdep.IsEnabled)
        {
            LeaseVersion++;
            UnpinSnapshot();
            return;
        }
        ReleaseTimed();
    }

    /// <returns>Whether it is held; where not, the waiter will be granted.</returns>
    private bool TryBeginRtnl(RtnlGate gate, CancellationToken cancellation, bool mayLeave = false, bool blocks = false)
    {
        BeginAcquire(gate, default, isTry: false);
        if (!gate.TryEnterExclusive(this))
            return TryBegin(HeldLock.Rtnl, gate, net: null, default, mayLeave, blocks, cancellation);
        Granted(HeldLock.Rtnl, gate, default);
        return true;
    }

    private bool TryBeginNets(in NetLockSet nets, CancellationToken cancellation, bool mayLeave = false, bool blocks = false)
    {
        RtnlGate gate = nets[0].Gate;
        BeginAcquire(gate, in nets, isTry: false);
        return TryEnterNets(in nets)
            || TryBegin(HeldLock.PerNet, gate, net: null, in nets, mayLeave, blocks, cancellation);
    }

    private bool TryBeginNet(Net net, CancellationToken cancellation, bool blocks = false)
    {
        RtnlGate gate = net.Gate;
        // What is refused here, what lockdep is told, and what the other modes do with a set of one.
        if (gate.Mode != RtnlMode.PerNet || Lockdep.IsEnabled || IsAcquiring || HeldWord != HeldLock.None)
            return TryBeginNets(new NetLockSet(net), cancellation, blocks: blocks);
        _acquiring = true;
        return TryBegin(HeldLock.PerNet, gate, net, default, mayLeave: false, blocks, cancellation);
    }

    /// <summary>Something is in the way: takes step after step, and queues for the first that cannot be had at once.</summary>
    private bool TryBegin(HeldLock word, RtnlGate gate, Net? net, in NetLockSet nets, bool mayLeave, bool blocks, CancellationToken cancellation)
    {
        // Who waits no longer than a time comes back by itself.
        if (!mayLeave && (Current is { } current && !ReferenceEquals(current, this) ? current : Asker) is { } running)
            CheckSelfWait(running, word, gate, net, in nets, blocks);
        _wanted = word;
        _wantedGate = gate;
        _wantedNet = net;
        if (net is null)
            _wantedNets = nets;
        _taken = 0;
        if (RtnlStatistics.IsEnabled)
            _waitingSince = Stopwatch.GetTimestamp();
        Waiter.Prepare(isStaged: true, mayLeave, cancellation);
        // No canceller knows of it yet.
        if (TakeSteps() != LockOutcome.Taken)
            return false;
        GrantedWanted();
        return true;
    }

    private void CheckSelfWait(RtnlContext running, HeldLock word, RtnlGate gate, Net? net, in NetLockSet nets, bool blocks)
    {
        bool isHeld = net is not null && running.Holds(net);
        for (int i = 0; i < nets.Count; i++)
            isHeld |= running.Holds(nets[i]);
        try
        {
            SelfWait.Check(running, gate, word, isHeld, blocks);
        }
        catch
        {
            NotGranted();
            throw;
        }
    }

    /// <summary>Once a step has queued, everything here belongs to whoever grants it.</summary>
    private LockOutcome TakeSteps()
    {
        RtnlGate gate = _wantedGate!;
        int steps = gate.Mode == RtnlMode.BigLock ? 1 : 1 + (_wantedNet is null ? _wantedNets.Count : 1);
        while (_taken < steps)
        {
            LockOutcome outcome = TakeStep(gate, _taken);
            if (outcome != LockOutcome.Taken)
                return outcome;
            _taken++;
        }
        return LockOutcome.Taken;
    }

    private LockOutcome TakeStep(RtnlGate gate, int step)
    {
        if (MutexOf(gate, step) is { } mutex)
            return mutex.TakeOrQueue(Waiter);
        return _wanted == HeldLock.PerNet && gate.Mode == RtnlMode.PerNet ? gate.TakeOrQueueShared(Waiter) : gate.TakeOrQueueExclusive(Waiter);
    }

    private void ReleaseStep(int step)
    {
        RtnlGate gate = _wantedGate!;
        if (MutexOf(gate, step) is { } mutex)
            mutex.Release();
        else if (_wanted == HeldLock.PerNet && gate.Mode == RtnlMode.PerNet)
            gate.ExitShared(_stripe);
        else
            gate.ExitExclusive();
    }

    /// <summary>In mode PerNet the gate is the last step, in the others the first.</summary>
    private NetMutex? MutexOf(RtnlGate gate, int step)
    {
        int index = _wanted == HeldLock.PerNet && gate.Mode == RtnlMode.PerNet ? step : step - 1;
        if (_wantedNet is { } net)
            return index == 0 ? net.Mutex : null;
        return index >= 0 && index < _wantedNets.Count ? _wantedNets[index].Mutex : null;
    }

    /// <summary>
    /// All steps are taken after a wait: the wait is always timed, and so is the hold that begins. Whoever releases does no more than this for
    /// its successor, who keeps its own books.
    /// </summary>
    private void Complete(long now)
    {
        if (RtnlStatistics.IsEnabled)
        {
            _heldSince = now == 0 ? Stopwatch.GetTimestamp() : now;
            _waited = Math.Max(1, _heldSince - _waitingSince);
        }
        GrantedWanted();
        Waiter.Complete();
    }

    private bool TryEnterNets(in NetLockSet nets)
    {
        RtnlGate gate = nets[0].Gate;
        int locked = 0;
        bool entered = gate.Mode == RtnlMode.PerNet || gate.TryEnterExclusive(this);
        if (entered && gate.Mode != RtnlMode.BigLock)
        {
            while (locked < nets.Count && nets[locked].Mutex.TryAcquire())
                locked++;
            entered = locked == nets.Count;
            if (entered && gate.Mode == RtnlMode.PerNet)
                entered = gate.TryEnterShared(out _stripe);
            if (!entered)
            {
                ReleaseMutexes(in nets, locked, now: 0);
                if (gate.Mode == RtnlMode.Nested)
                    gate.ExitExclusive();
            }
        }
        if (entered)
            Granted(HeldLock.PerNet, gate, in nets);
        return entered;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReleaseNet(Net net, long now)
    {
        LeaseVersion++;
        HeldWord = HeldLock.None;
        _heldNet = null;
        net.Gate.ExitShared(_stripe);
        net.Mutex.Release(now);
        if (Lockdep.IsEnabled)
            Lockdep.ReleasedWord(this);
    }

    /// <summary>
    /// The clock is read before the release and the times are recorded after it: nobody waits for the bookkeeping, nor for who listens to it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReleaseTimed()
    {
        if (!RtnlStatistics.IsEnabled || _heldSince == 0)
        {
            ReleaseWord(now: 0);
            return;
        }
        HeldLock word = HeldWord;
        RtnlGate? gate = _heldNet?.Gate ?? _gate;
        HandlerStatistics? handler = Handler;
        long now = Stopwatch.GetTimestamp();
        long held = now - _heldSince;
        long waited = _waited;
        _heldSince = 0;
        _waited = 0;
        ReleaseWord(now);
        if (gate?.Statistics is not { } statistics)
            return;
        if (waited > 0)
            statistics.RecordWait(word, handler, waited);
        statistics.RecordHold(word, handler, held);
    }

    private void ReleaseWord(long now)
    {
        if (_heldNet is { } net)
        {
            ReleaseNet(net, now);
            return;
        }
        LeaseVersion++;
        HeldLock word = HeldWord;
        HeldWord = HeldLock.None;
        RtnlGate? gate = _gate;
        _gate = null;
        switch (word)
        {
            case HeldLock.Rtnl:
                gate!.ExitExclusive(now);
                break;
            case HeldLock.PerNet:
                NetLockSet held = _held;
                _held = default;
                if (gate!.Mode == RtnlMode.PerNet)
                    gate.ExitShared(_stripe);
                if (gate.Mode != RtnlMode.BigLock)
                    ReleaseMutexes(in held, held.Count, now);
                if (gate.Mode != RtnlMode.PerNet)
                    gate.ExitExclusive(now);
                break;
            case HeldLock.Snapshot:
                UnpinSnapshot();
                break;
        }
        if (Lockdep.IsEnabled)
            Lockdep.ReleasedWord(this);
    }

    private static void ReleaseMutexes(in NetLockSet nets, int count, long now)
    {
        for (int i = count - 1; i >= 0; i--)
            nets[i].Mutex.Release(now);
    }

    private void BeginAcquire(RtnlGate gate, in NetLockSet nets, bool isTry)
    {
        bool acquiring = IsAcquiring;
        if (acquiring || HeldWord != HeldLock.None)
        {
            throw Refusal(
                $"A lock was asked for while {(acquiring ? "another acquisition is under way" : DescribeHeld())}; a handler runs under exactly what its attribute names.",
                Lockdep.IsEnabled ? Lockdep.ExplainRefusal(this, gate, in nets) : null);
        }
        if (Lockdep.IsEnabled)
            Lockdep.AcquiringWord(this, gate, in nets, isTry);
        _acquiring = true;
    }

    /// <summary>On the free path lockdep looks once the locks are taken, which took no waiting; where it throws they are given back.</summary>
    private void CheckFreeNet(Net net)
    {
        try
        {
            Lockdep.AcquiringNet(this, net);
        }
        catch
        {
            net.Gate.ExitShared(_stripe);
            net.Mutex.Release();
            throw;
        }
    }

    private void GrantedWanted()
    {
        if (_wantedNet is not { } net)
        {
            Granted(_wanted, _wantedGate!, in _wantedNets);
            _wantedNets = default;
            return;
        }
        _wantedNet = null;
        if (RtnlStatistics.IsEnabled && _heldSince == 0 && (++_acquisitions & RtnlStatistics.SamplingMask) == 0)
            _heldSince = Stopwatch.GetTimestamp();
        _heldNet = net;
        HeldWord = HeldLock.PerNet;
        Volatile.Write(ref _acquiring, false);
    }

    private void Granted(HeldLock word, RtnlGate gate, in NetLockSet nets)
    {
        // In these modes the word PerNet takes the whole; what was granted is still the word.
        if (word == HeldLock.PerNet && gate.Mode != RtnlMode.PerNet)
            gate.NestedEntries++;
        if (RtnlStatistics.IsEnabled && _heldSince == 0 && (++_acquisitions & RtnlStatistics.SamplingMask) == 0)
            _heldSince = Stopwatch.GetTimestamp();
        if (word == HeldLock.PerNet && gate.Mode == RtnlMode.PerNet && nets.Count == 1)
        {
            _heldNet = nets[0];
        }
        else
        {
            _held = nets;
            _gate = gate;
        }
        HeldWord = word;
        Volatile.Write(ref _acquiring, false);
    }

    private void NotGranted()
    {
        Volatile.Write(ref _acquiring, false);
        if (Lockdep.IsEnabled)
            Lockdep.NotGranted(this);
    }
}
