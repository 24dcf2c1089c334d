using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// An owner of locks: a request, or a piece of ordinary code that made itself one with <see cref="Create"/>. Carries what it holds, what it
/// has staged, and what is to happen once its locks are gone.
/// </summary>
/// <remarks>Used by one flow of control at a time; it may move between threads.</remarks>
public partial class RtnlContext : IDisposable
{
    // Made by the first change: many owners only lock.
    private Staging? _staging;
    private bool _hasStaged;
    private NetSnapshot? _pinned;
    private Net? _pinnedNet;

    internal RtnlContext(LockdepCall created = default)
    {
        Waiter = new LockWaiter(this);
        if (Lockdep.IsEnabled)
            HeldLocks = new LockdepOwner(this, created);
    }

    /// <summary>The owner whose handler runs on this thread; null where none does.</summary>
    public static RtnlContext? Current => ThreadNote.Here.Owner;

    internal LockWaiter Waiter { get; }

    /// <summary>What lockdep knows of it; null while lockdep is off.</summary>
    internal LockdepOwner? HeldLocks { get; }

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

    /// <summary>
    /// Notes on this thread that the code that follows is this owner's, so that assertions without an argument, and those that nobody writes, find it. Needed in
    /// ordinary code behind <c>await net.LockAsync(context)</c> alone: a lease that travels from thread to thread leaves no note by itself.
    /// </summary>
    public RtnlNote OnThisThread() => new(this);

    /// <summary>Whether this owner holds the namespace's RTNL; RTNL as a whole counts as every namespace's.</summary>
    public bool Holds(Net net) => HeldWord == HeldLock.Rtnl || (HeldWord == HeldLock.PerNet && (ReferenceEquals(net, _heldNet) || _held.Contains(net)));

    /// <summary>A subsystem's state in a namespace: what this owner has staged, else what it sees published.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(Net net)
        where T : class => NetSnapshot.Get<T>(SlotsOf(net));

    /// <summary>Stages new state of a subsystem; published with everything else when the request has succeeded.</summary>
    /// <exception cref="RtnlAssertionException">The namespace's RTNL is not held, whatever the assertion policy.</exception>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Stage<T>(Net net, T value)
        where T : class => NetSnapshot.Set(SlotsToStage(net), value);

    /// <summary>Stages a notification to a namespace's multicast group; it leaves, in order, if the request succeeds.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Notify<T>(Net net, int group, RtmType type, in T message, NetlinkFlags flags = NetlinkFlags.None)
        where T : struct, INetlinkMessage<T>
    {
        if (!Holds(net))
            throw new RtnlAssertionException($"A notification of namespace {net} needs its RTNL, which keeps notifications in order; {DescribeHeld()}.");
        Changes.Notify(net, group, type, in message, flags, EchoSocket, NotifyPortId, NotifySequence);
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
        Changes.Notify(net, group, type, in message, flags, echo: null, portId: 0, sequence: 0);
    }

    /// <summary>
    /// Whether a notification to a namespace's group would reach anybody (<c>rtnl_notify_needed</c>): a listener, or the requester that wants an
    /// echo. Where not, <see cref="Notify"/> and <see cref="Announce"/> do nothing, and the message need not be made.
    /// </summary>
    public bool IsHeard(Net net, int group) => WantsEcho || Staging.IsHeard(net, group);

    /// <summary>
    /// Runs an action under the same locks once the handler has succeeded, just before what it staged is published: for what follows from
    /// the whole of a change rather than from one of its steps.
    /// </summary>
    public void OnCommit(Action<RtnlContext> action) => Changes.OnCommit(action);

    /// <summary>Runs an action once all locks are gone, if the request succeeds.</summary>
    public void Defer([RequiresLock(RtnlLock.Unlocked)] Action action) => Changes.Defer(action);

    /// <summary>Runs an action under another namespace's own RTNL, after this owner's locks are gone, if the request succeeds.</summary>
    public void Post(Net net, [RequiresLock(RtnlLock.PerNet, Net = nameof(net))] Action<RtnlContext> action) => Changes.Post(net, action);

    /// <summary>Ends the owner; it must hold nothing, and wait for nothing.</summary>
    /// <exception cref="RtnlAssertionException">It held a lock, which has been released; or it waits for one, and lives on.</exception>
    public void Dispose()
    {
        if (IsAcquiring)
            throw new RtnlAssertionException("An owner was disposed while it waits for a lock, which would be granted to nobody: await the acquisition, or cancel it.");
        IsEnded = true;
        if (HeldWord != HeldLock.None)
        {
            string held = DescribeHeld();
            LockdepException? report = Lockdep.IsEnabled ? Lockdep.ExplainLeak(this) : null;
            ReleaseLocks();
            // Its lease, which would have restored the note before it, is not disposed any more.
            if (ReferenceEquals(Current, this))
                RestoreNote(null);
            throw Refusal($"An owner was disposed with a lock held; {held}.", report);
        }
        if (Lockdep.IsEnabled)
            Lockdep.Disposing(this);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether it has been disposed.</summary>
    internal bool IsEnded { get; private set; }

    internal virtual NetlinkSocket? EchoSocket => null;

    internal virtual uint NotifyPortId => 0;

    internal virtual uint NotifySequence => 0;

    private object?[] SlotsOf(Net net)
    {
        if (_hasStaged && _staging!.TryGetSlots(net, out object?[]? slots))
            return slots;
        return SnapshotOf(net).Slots;
    }

    private object?[] SlotsToStage(Net net)
    {
        if (!Holds(net))
            throw new RtnlAssertionException($"State of namespace {net} cannot be staged without its RTNL; {DescribeHeld()}.");
        return Changes.SlotsFor(net);
    }

    private Staging Changes
    {
        get
        {
            _hasStaged = true;
            return _staging ??= new Staging(this);
        }
    }

    /// <summary>Whose request it is, for the statistics; null for ordinary code.</summary>
    internal HandlerStatistics? Handler { get; set; }

    /// <summary>Who it is, in a report.</summary>
    internal virtual string DescribeOwner() => "An owner of ordinary code, or posted work,";

    internal string DescribeHeld() => Lockdep.IsEnabled ? $"{DescribeWord()} ({HeldLocks!.Describe()})" : DescribeWord();

    private string DescribeWord() => HeldWord switch
    {
        HeldLock.None => "this request holds nothing",
        HeldLock.Snapshot => "this request reads a snapshot",
        HeldLock.Rtnl => "this request holds RTNL",
        _ => $"this request holds the RTNL of {DescribeNets()}",
    };

    /// <summary>Whether its note stands for a lease or a section of ordinary code, not for a handler.</summary>
    internal bool IsNotedByLease { get; set; }

    /// <summary>Whom a note may go back to: leases that are disposed out of order leave nobody noted who holds nothing.</summary>
    internal static RtnlContext? StillHolding(RtnlContext? previous) => previous is { HeldWord: not HeldLock.None } ? previous : null;

    /// <summary>Where the lock is asked for that comes next: what lockdep's reports name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CalledFrom(string? file, int line, string? member, bool blocks = false)
    {
        if (Lockdep.IsEnabled)
            HeldLocks!.NextCall = new LockdepCall(file, line, member, blocks);
    }

    /// <summary>Leaves the note by which argument-less assertions find the owner.</summary>
    /// <returns>The note it replaces, for <see cref="RestoreNote"/>.</returns>
    internal RtnlContext? Note()
    {
        ThreadNote here = ThreadNote.Here;
        RtnlContext? previous = here.Owner;
        here.Owner = this;
        return previous;
    }

    internal static void RestoreNote(RtnlContext? previous) => ThreadNote.Here.Owner = previous;

    /// <summary>An exception with the richer report of lockdep behind it, where there is one.</summary>
    internal static RtnlAssertionException Refusal(string message, LockdepException? report) =>
        report is null ? new RtnlAssertionException(message) : new RtnlAssertionException(message, report);

    internal void PinSnapshot(Net net)
    {
        if (!ReferenceEquals(_pinnedNet, net))
            _pinnedNet = net;
        NetSnapshot snapshot = net.Snapshot;
        if (!ReferenceEquals(_pinned, snapshot))
            _pinned = snapshot;
        HeldWord = HeldLock.Snapshot;
    }

    internal NetSnapshot SnapshotOf(Net net) => HeldWord == HeldLock.Snapshot && ReferenceEquals(net, _pinnedNet) ? _pinned! : net.Snapshot;

    internal void UnpinSnapshot()
    {
        // Net and version stay noted: what is pinned next will be the same, more often than not.
        if (HeldWord == HeldLock.Snapshot)
            HeldWord = HeldLock.None;
    }

    private protected void ForgetPinned()
    {
        _pinned = null;
        _pinnedNet = null;
    }

    /// <summary>Whether anything waits for <see cref="Commit"/>, or for <see cref="RunAfter"/> behind it.</summary>
    internal bool HasStaged => _hasStaged;

    /// <summary>Publishes what was staged, under the locks, and appends its notifications to the outboxes.</summary>
    internal void Commit()
    {
        if (_hasStaged)
            _staging!.Commit();
    }

    /// <summary>Drops everything staged: nothing has happened.</summary>
    internal void Rollback()
    {
        if (!_hasStaged)
            return;
        _hasStaged = false;
        _staging!.Rollback();
    }

    /// <summary>The After phase: deliveries, deferred actions and posts. Nothing may be held.</summary>
    internal void RunAfter()
    {
        if (!_hasStaged || !_staging!.IsCommitted)
            return;
        _hasStaged = false;
        _staging.RunAfter();
    }

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
