using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// An owner of locks: a request, or a piece of ordinary code that made itself one with <see cref="Create"/>. Carries what it holds, what it
/// has staged, and what is to happen once its locks are gone.
/// </summary>
/// <remarks>Used by one flow of control at a time; it may move between threads.</remarks>
public class RtnlContext : IDisposable
{
    [ThreadStatic]
    private static RtnlContext? t_current;

    private readonly Staging _staging;
    // One net, the common case; several are in the set.
    private Net? _heldNet;
    private NetLockSet _held;
    private RtnlGate? _gate;
    private NetSnapshot? _pinned;
    private Net? _pinnedNet;
    private int _stripe;
    private uint _acquisitions;
    private long _heldSince;
    private bool _acquiring;

    internal RtnlContext(LockdepCall created = default)
    {
        _staging = new Staging(this);
        if (Lockdep.IsEnabled)
            HeldLocks = new LockdepOwner(this, created);
    }

    /// <summary>The owner whose handler runs on this thread; null where none does.</summary>
    public static RtnlContext? Current => t_current;

    internal LockWaiter Waiter { get; } = new();

    /// <summary>What lockdep knows of it; null while lockdep is off.</summary>
    internal LockdepOwner? HeldLocks { get; }

    /// <summary>Where the gate has counted this owner's shared entry.</summary>
    internal int SharedStripe
    {
        set => _stripe = value;
    }

    internal HeldLock HeldWord { get; private set; }

    /// <summary>Moves with every release, so that a lease disposed twice is recognised.</summary>
    internal uint LeaseVersion { get; private set; }

    /// <summary>Whether a lock word is held that permits staging.</summary>
    public bool IsLocked => HeldWord >= HeldLock.PerNet;

    /// <summary>Whether the requester asked for a copy of the notifications that it causes (NLM_F_ECHO).</summary>
    public bool WantsEcho => EchoSocket is not null;

    /// <summary>Makes an owner for ordinary code. Reports name it by its maker.</summary>
    public static RtnlContext Create([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0, [CallerMemberName] string? member = null) =>
        new(new LockdepCall(file, line, member));

    /// <summary>Whether this owner holds the namespace's RTNL; RTNL as a whole counts as every namespace's.</summary>
    public bool Holds(Net net) => HeldWord == HeldLock.Rtnl || (HeldWord == HeldLock.PerNet && (ReferenceEquals(net, _heldNet) || _held.Contains(net)));

    /// <summary>A subsystem's state in a namespace: what this owner has staged, else what it sees published.</summary>
    public T Read<T>(Net net)
        where T : class
    {
        if (_staging.TryGetSlots(net, out object?[]? slots))
            return NetSnapshot.Get<T>(slots);
        return ReferenceEquals(net, _pinnedNet) ? _pinned!.Get<T>() : net.Snapshot.Get<T>();
    }

    /// <summary>Stages new state of a subsystem; published with everything else when the request has succeeded.</summary>
    /// <exception cref="RtnlAssertionException">The namespace's RTNL is not held, whatever the assertion policy.</exception>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Stage<T>(Net net, T value)
        where T : class
    {
        if (!Holds(net))
            throw new RtnlAssertionException($"State of namespace {net} cannot be staged without its RTNL; {DescribeHeld()}.");
        NetSnapshot.Set(_staging.SlotsFor(net), value);
    }

    /// <summary>Stages a notification to a namespace's multicast group; it leaves, in order, if the request succeeds.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Notify<T>(Net net, int group, RtmType type, in T message, NetlinkFlags flags = NetlinkFlags.None)
        where T : struct, INetlinkMessage<T>
    {
        if (!Holds(net))
            throw new RtnlAssertionException($"A notification of namespace {net} needs its RTNL, which keeps notifications in order; {DescribeHeld()}.");
        _staging.Notify(net, group, type, in message, flags, EchoSocket, NotifyPortId, NotifySequence);
    }

    /// <summary>
    /// Stages a notification of what happened by itself, as a consequence: it names no requester (port id and sequence are 0) and nobody
    /// gets an NLM_F_ECHO copy.
    /// </summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Announce<T>(Net net, int group, RtmType type, in T message, NetlinkFlags flags = NetlinkFlags.None)
        where T : struct, INetlinkMessage<T>
    {
        if (!Holds(net))
            throw new RtnlAssertionException($"A notification of namespace {net} needs its RTNL, which keeps notifications in order; {DescribeHeld()}.");
        _staging.Notify(net, group, type, in message, flags, echo: null, portId: 0, sequence: 0);
    }

    /// <summary>
    /// Runs an action under the same locks once the handler has succeeded, just before what it staged is published: for what follows from
    /// the whole of a change rather than from one of its steps.
    /// </summary>
    public void OnCommit(Action<RtnlContext> action) => _staging.OnCommit(action);

    /// <summary>Runs an action once all locks are gone, if the request succeeds.</summary>
    public void Defer([RequiresLock(RtnlLock.Unlocked)] Action action) => _staging.Defer(action);

    /// <summary>Runs an action under another namespace's own RTNL, after this owner's locks are gone, if the request succeeds.</summary>
    public void Post(Net net, [RequiresLock(RtnlLock.PerNet, Net = nameof(net))] Action<RtnlContext> action) => _staging.Post(net, action);

    /// <summary>Ends the owner; it must hold nothing.</summary>
    public void Dispose()
    {
        if (HeldWord != HeldLock.None)
        {
            string held = DescribeHeld();
            LockdepException? report = Lockdep.IsEnabled ? Lockdep.ExplainLeak(this) : null;
            ReleaseLocks();
            throw Refusal($"An owner was disposed with a lock held; {held}.", report);
        }
        if (Lockdep.IsEnabled)
            Lockdep.Disposing(this);
        GC.SuppressFinalize(this);
    }

    internal virtual NetlinkSocket? EchoSocket => null;

    internal virtual uint NotifyPortId => 0;

    internal virtual uint NotifySequence => 0;

    /// <summary>Whose request it is, for the statistics; null for ordinary code.</summary>
    internal HandlerStatistics? Handler { get; set; }

    internal string DescribeHeld() => HeldWord switch
    {
        HeldLock.None => "this request holds nothing",
        HeldLock.Snapshot => "this request reads a snapshot",
        HeldLock.Rtnl => "this request holds RTNL",
        _ => $"this request holds the RTNL of {DescribeNets()}",
    };

    /// <summary>Leaves the note by which argument-less assertions find the owner.</summary>
    /// <returns>The note it replaces, for <see cref="RestoreNote"/>.</returns>
    internal RtnlContext? Note()
    {
        RtnlContext? previous = t_current;
        t_current = this;
        return previous;
    }

    internal static void RestoreNote(RtnlContext? previous) => t_current = previous;

    internal static void Wait(ValueTask acquiring)
    {
        if (acquiring.IsCompleted)
            acquiring.GetAwaiter().GetResult();
        else
            acquiring.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>An exception with the richer report of lockdep behind it, where there is one.</summary>
    internal static RtnlAssertionException Refusal(string message, LockdepException? report) =>
        report is null ? new RtnlAssertionException(message) : new RtnlAssertionException(message, report);

    /// <summary>One flow of control uses an owner, so it waits for one lock at a time.</summary>
    internal void ThrowIfAcquiring()
    {
        if (_acquiring)
            throw new RtnlAssertionException("A lock was asked for while another acquisition is under way; an owner waits for one lock at a time.");
    }

    internal void BeginUserWait() => _acquiring = true;

    internal void EndUserWait() => _acquiring = false;

    internal void PinSnapshot(Net net)
    {
        _pinnedNet = net;
        _pinned = net.Snapshot;
        HeldWord = HeldLock.Snapshot;
    }

    internal NetSnapshot SnapshotOf(Net net) => ReferenceEquals(net, _pinnedNet) ? _pinned! : net.Snapshot;

    internal void UnpinSnapshot()
    {
        _pinned = null;
        _pinnedNet = null;
        if (HeldWord == HeldLock.Snapshot)
            HeldWord = HeldLock.None;
    }

    internal ValueTask AcquireRtnlAsync(RtnlGate gate, CancellationToken cancellation)
    {
        BeginAcquire(gate, default, isTry: false);
        if (gate.TryEnterExclusive(this))
        {
            Granted(HeldLock.Rtnl, gate, default);
            return default;
        }
        return Awaited(this, gate, cancellation);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        static async ValueTask Awaited(RtnlContext context, RtnlGate gate, CancellationToken cancellation)
        {
            try
            {
                long since = Stopwatch.GetTimestamp();
                await gate.EnterExclusiveAsync(context, cancellation).ConfigureAwait(false);
                context.RecordWait(gate, HeldLock.Rtnl, since);
                context.Granted(HeldLock.Rtnl, gate, default);
            }
            catch when (Lockdep.IsEnabled)
            {
                Lockdep.NotGranted(context);
                throw;
            }
            finally
            {
                context._acquiring = false;
            }
        }
    }

    internal bool TryAcquireRtnl(RtnlGate gate)
    {
        BeginAcquire(gate, default, isTry: true);
        bool entered = gate.TryEnterExclusive(this);
        if (entered)
            Granted(HeldLock.Rtnl, gate, default);
        else if (Lockdep.IsEnabled)
            Lockdep.NotGranted(this);
        _acquiring = false;
        return entered;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueTask AcquireNetAsync(Net net, CancellationToken cancellation) =>
        TryAcquireFreeNet(net) ? default : AcquireNetsAsync(new NetLockSet(net), cancellation);

    /// <summary>What nearly every request does, without the loop over a set: one net in mode PerNet, nobody in the way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAcquireFreeNet(Net net)
    {
        RtnlGate gate = net.Gate;
        if (gate.Mode != RtnlMode.PerNet || HeldWord != HeldLock.None || _acquiring || !net.Mutex.TryAcquire())
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

    internal ValueTask AcquireNetsAsync(in NetLockSet nets, CancellationToken cancellation)
    {
        BeginAcquire(nets[0].Gate, in nets, isTry: false);
        return TryEnterNets(in nets) ? default : AcquireNetsSlowAsync(nets, cancellation);
    }

    /// <summary>All of them or none. In mode PerNet the nets come first and the gate last, so that nobody holds the gate while queueing for a net.</summary>
    internal bool TryAcquireNets(in NetLockSet nets)
    {
        // An empty set throws here, before the owner takes itself for one that acquires.
        BeginAcquire(nets[0].Gate, in nets, isTry: true);
        bool entered = TryEnterNets(in nets);
        _acquiring = false;
        if (!entered && Lockdep.IsEnabled)
            Lockdep.NotGranted(this);
        return entered;
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
                ReleaseMutexes(in nets, locked);
                if (gate.Mode == RtnlMode.Nested)
                    gate.ExitExclusive();
            }
        }
        if (entered)
            Granted(HeldLock.PerNet, gate, in nets);
        return entered;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ReleaseLocks()
    {
        if (_heldNet is { } net)
        {
            if (RtnlStatistics.IsEnabled && _heldSince != 0)
                RecordHold(net.Gate);
            LeaseVersion++;
            HeldWord = HeldLock.None;
            _heldNet = null;
            net.Gate.ExitShared(_stripe);
            net.Mutex.Release();
            if (Lockdep.IsEnabled)
                Lockdep.ReleasedWord(this);
            return;
        }
        ReleaseOtherLocks();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReleaseOtherLocks()
    {
        if (RtnlStatistics.IsEnabled && _heldSince != 0)
            RecordHold(_gate!);
        LeaseVersion++;
        HeldLock word = HeldWord;
        HeldWord = HeldLock.None;
        RtnlGate? gate = _gate;
        _gate = null;
        switch (word)
        {
            case HeldLock.Rtnl:
                gate!.ExitExclusive();
                break;
            case HeldLock.PerNet:
                NetLockSet held = _held;
                _held = default;
                if (gate!.Mode == RtnlMode.PerNet)
                    gate.ExitShared(_stripe);
                if (gate.Mode != RtnlMode.BigLock)
                    ReleaseMutexes(in held, held.Count);
                if (gate.Mode != RtnlMode.PerNet)
                    gate.ExitExclusive();
                break;
            case HeldLock.Snapshot:
                UnpinSnapshot();
                break;
        }
        if (Lockdep.IsEnabled)
            Lockdep.ReleasedWord(this);
    }

    /// <summary>Publishes what was staged, under the locks, and appends its notifications to the outboxes.</summary>
    internal void Commit() => _staging.Commit();

    /// <summary>Drops everything staged: nothing has happened.</summary>
    internal void Rollback() => _staging.Rollback();

    /// <summary>The After phase: deliveries, deferred actions and posts. Nothing may be held.</summary>
    internal void RunAfter() => _staging.RunAfter();

    /// <summary>Runs posted work under the lock that has just been acquired, publishes it, and releases.</summary>
    internal void RunPosted(Net net, Action<RtnlContext> action)
    {
        RtnlContext? previous = Note();
        try
        {
            RtnlAssert.NetHeld(net, this);
            action(this);
            Commit();
        }
        catch
        {
            Rollback();
            throw;
        }
        finally
        {
            RestoreNote(previous);
            ReleaseLocks();
        }
    }

    internal ValueTask EnterRegistryAsync(RtnlGate gate)
    {
        if (Lockdep.IsEnabled)
            Lockdep.EnteringRegistry(this, gate);
        return gate.EnterSharedAsync(this, CancellationToken.None);
    }

    internal void ExitRegistry(RtnlGate gate)
    {
        gate.ExitShared(_stripe);
        if (Lockdep.IsEnabled)
            Lockdep.LeftRegistry(this, gate);
    }

    private static void ReleaseMutexes(in NetLockSet nets, int count)
    {
        for (int i = count - 1; i >= 0; i--)
            nets[i].Mutex.Release();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AcquireNetsSlowAsync(NetLockSet nets, CancellationToken cancellation)
    {
        RtnlGate gate = nets[0].Gate;
        int locked = 0;
        bool exclusive = false;
        long since = Stopwatch.GetTimestamp();
        try
        {
            if (gate.Mode != RtnlMode.PerNet)
            {
                await gate.EnterExclusiveAsync(this, cancellation).ConfigureAwait(false);
                exclusive = true;
            }
            if (gate.Mode != RtnlMode.BigLock)
            {
                for (; locked < nets.Count; locked++)
                    await nets[locked].Mutex.AcquireAsync(this, cancellation).ConfigureAwait(false);
            }
            if (gate.Mode == RtnlMode.PerNet)
                await gate.EnterSharedAsync(this, cancellation).ConfigureAwait(false);
            RecordWait(gate, HeldLock.PerNet, since);
            Granted(HeldLock.PerNet, gate, in nets);
        }
        catch
        {
            ReleaseMutexes(in nets, locked);
            if (exclusive)
                gate.ExitExclusive();
            if (Lockdep.IsEnabled)
                Lockdep.NotGranted(this);
            throw;
        }
        finally
        {
            _acquiring = false;
        }
    }

    private void BeginAcquire(RtnlGate gate, in NetLockSet nets, bool isTry)
    {
        if (HeldWord != HeldLock.None || _acquiring)
        {
            throw Refusal(
                $"A lock was asked for while {(_acquiring ? "another acquisition is under way" : DescribeHeld())}; a handler runs under exactly what its attribute names.",
                Lockdep.IsEnabled ? Lockdep.ExplainRefusal(this, gate, in nets) : null);
        }
        if (Lockdep.IsEnabled)
            Lockdep.AcquiringWord(this, gate, in nets, isTry);
        _acquiring = true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RecordHold(RtnlGate gate)
    {
        gate.Statistics?.RecordHold(HeldWord, Handler, Stopwatch.GetTimestamp() - _heldSince);
        _heldSince = 0;
    }

    /// <summary>The end of a wait: the wait is always timed, and so is the hold that follows it.</summary>
    private void RecordWait(RtnlGate gate, HeldLock word, long since)
    {
        if (!RtnlStatistics.IsEnabled)
            return;
        _heldSince = Stopwatch.GetTimestamp();
        gate.Statistics?.RecordWait(word, Handler, _heldSince - since);
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

    private void Granted(HeldLock word, RtnlGate gate, in NetLockSet nets)
    {
        // In these modes the word PerNet takes the whole; what was granted is still the word.
        if (word == HeldLock.PerNet && gate.Mode != RtnlMode.PerNet)
            gate.NestedEntries++;
        if (RtnlStatistics.IsEnabled && _heldSince == 0 && (++_acquisitions & RtnlStatistics.SamplingMask) == 0)
            _heldSince = Stopwatch.GetTimestamp();
        _held = nets;
        _gate = gate;
        HeldWord = word;
        _acquiring = false;
    }

    private string DescribeNets()
    {
        var names = new List<string>();
        if (_heldNet is not null)
            names.Add(_heldNet.ToString());
        for (int i = 0; i < _held.Count; i++)
            names.Add(_held[i].ToString());
        return string.Join(", ", names);
    }
}
