using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// A network namespace: its versioned state, its own RTNL, its multicast groups, its outbox and its post queue.
/// </summary>
/// <remarks>
/// Thread-safe. Alive while a name or a socket refers to it, as in the kernel; the last of these to go starts its teardown, which runs
/// under its own RTNL. A dead namespace is kept in memory by whoever still refers to it.
/// </remarks>
public sealed class Net
{
    private const int Dead = -1;

    private NetSnapshot _snapshot;
    private int _users;

    // Made when they are needed: most namespaces are never listened to, and have nothing posted to them.
    private NetOutbox? _outbox;
    private NetPostQueue? _posts;
    private MulticastGroups? _groups;
    private NetKnowers? _knowers;

    internal Net(NetRegistry registry, uint id, string? name)
    {
        Registry = registry;
        Gate = registry.Gate;
        Id = id;
        Name = name;
        _snapshot = NetSnapshot.Nothing;
    }

    /// <summary>A stable ordinal given at creation, never used again; the initial namespace is 0. The lock order among namespaces.</summary>
    public uint Id { get; }

    /// <summary>The name it is registered under; null for one without.</summary>
    public string? Name { get; }

    /// <summary>The registry it belongs to.</summary>
    public NetRegistry Registry { get; }

    /// <summary>The latest published version. Safe to read at any time; immutable.</summary>
    public NetSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Whether its teardown has begun.</summary>
    public bool IsDead => Volatile.Read(ref _users) == Dead;

    /// <summary>How many names and sockets keep it alive.</summary>
    public int Users => Math.Max(0, Volatile.Read(ref _users));

    /// <summary>The registry's gate, one step nearer.</summary>
    internal RtnlGate Gate { get; }

    internal NetMutex Mutex { get; } = new();

    internal NetOutbox Outbox => Volatile.Read(ref _outbox) ?? Make(ref _outbox, new NetOutbox(this));

    internal bool HasPostedWork => Volatile.Read(ref _posts) is { IsBusy: true };

    internal NetPostQueue Posts => Volatile.Read(ref _posts) ?? Make(ref _posts, new NetPostQueue(this));

    internal MulticastGroups Groups => Volatile.Read(ref _groups) ?? Make(ref _groups, new MulticastGroups());

    /// <summary>The namespaces that have an id for this one, or had one, in ascending order: whom its end concerns. Safe to read at any time.</summary>
    public PersistentList<Net> Knowers => Volatile.Read(ref _knowers)?.All ?? default;

    /// <summary>The order in which several namespaces are locked: the initial one first, then ascending id.</summary>
    public static int CompareLockOrder(Net left, Net right) => left.Id.CompareTo(right.Id);

    /// <summary>Takes the namespace's RTNL; blocks the thread while it waits.</summary>
    [Acquires(RtnlLock.PerNet)]
    public RtnlLease Lock(
        RtnlContext context,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member, blocks: true);
        if (!context.TryAcquireFreeNet(this))
            context.AcquireNet(this);
        return new RtnlLease(context);
    }

    /// <summary>Takes the namespace's RTNL if nobody is in the way (<c>rtnl_net_trylock</c>, but without blocking at all).</summary>
    [Acquires(RtnlLock.PerNet)]
    public bool TryLock(
        RtnlContext context,
        out RtnlLease lease,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null) =>
        new NetLockSet(this).TryLock(context, out lease, file, line, member);

    /// <summary>Takes the namespace's RTNL if it can be had within a time; blocks the thread while it waits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not <see cref="Timeout.InfiniteTimeSpan"/>, or too long for a timer.</exception>
    [Acquires(RtnlLock.PerNet)]
    public bool TryLock(
        RtnlContext context,
        TimeSpan timeout,
        out RtnlLease lease,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null) =>
        new NetLockSet(this).TryLock(context, timeout, out lease, file, line, member);

    /// <summary>Takes the namespace's RTNL if it can be had within a time; waiting blocks no thread.</summary>
    /// <returns>Null once the time is over: nothing is held.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    [Acquires(RtnlLock.PerNet)]
    public ValueTask<AsyncRtnlLease?> TryLockAsync(
        RtnlContext context,
        TimeSpan timeout,
        CancellationToken cancellation = default,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null) =>
        new NetLockSet(this).TryLockAsync(context, timeout, cancellation, file, line, member);

    /// <summary>Takes the namespace's RTNL; waiting blocks no thread (<c>rtnl_net_lock_killable</c>).</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    [Acquires(RtnlLock.PerNet)]
    public ValueTask<AsyncRtnlLease> LockAsync(
        RtnlContext context,
        CancellationToken cancellation = default,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member);
        return context.TryAcquireFreeNet(this)
            ? new ValueTask<AsyncRtnlLease>(new AsyncRtnlLease(context))
            : context.LeaseNetAsync(this, cancellation);
    }

    /// <summary>Begins a read-side section on the latest published version; it takes no lock and waits for nobody.</summary>
    /// <exception cref="RtnlAssertionException">The context is waiting for a lock.</exception>
    public SnapshotSection ReadSnapshot(RtnlContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SnapshotSection(this, context);
    }

    /// <summary>
    /// Runs an action under this namespace's own RTNL, with an owner of its own, some time soon: for timers and other work that no request
    /// causes. What it stages is published when it returns; if it throws, nothing is.
    /// </summary>
    public void Post([RequiresLock(RtnlLock.PerNet)] Action<RtnlContext> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Posts.Post(action);
    }

    /// <summary>Completes once everything posted to this namespace has run. Must be called with nothing held.</summary>
    /// <param name="context">Who waits; left out, the owner noted on this thread: one whose lease crosses awaits has to be named.</param>
    /// <exception cref="RtnlAssertionException">The owner holds a lock, which that work may need.</exception>
    [Excludes(RtnlLock.PerNet)]
    public Task FlushAsync(RtnlContext? context = null) => Posts.FlushAsync(context);

    /// <inheritdoc/>
    public override string ToString() => Name ?? (Id == 0 ? "init_net" : $"net#{Id}");

    /// <summary>Whether somebody listens to a group of its own.</summary>
    internal bool HasListeners(int group) => Volatile.Read(ref _groups) is { } groups && groups.HasListeners(group);

    /// <summary>A socket has joined groups, or left some: one that never joined any leaves no trace.</summary>
    internal void UpdateMembership(NetlinkSocket socket)
    {
        if (socket.GroupMask != 0 || Volatile.Read(ref _groups) is not null)
            Groups.Update(socket);
    }

    /// <summary>Another namespace has an id for this one now.</summary>
    internal void AddKnower(Net knower) => (Volatile.Read(ref _knowers) ?? Make(ref _knowers, new NetKnowers())).Add(knower);

    /// <summary>Another namespace is gone, and its ids with it.</summary>
    internal void RemoveKnower(Net knower) => Volatile.Read(ref _knowers)?.Remove(knower);

    /// <summary>Keeps it alive, unless it is dying already.</summary>
    internal bool TryAddUser()
    {
        int users = Volatile.Read(ref _users);
        while (users != Dead)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    /// <summary>Lets go of it; the last to do so starts the teardown.</summary>
    internal void RemoveUser()
    {
        int users = Volatile.Read(ref _users);
        while (true)
        {
            // Once it is dead nobody can become a user: the teardown is certain, and there is one.
            int seen = Interlocked.CompareExchange(ref _users, users == 1 ? Dead : users - 1, users);
            if (seen == users)
                break;
            users = seen;
        }
        if (users == 1)
            Registry.QueueTeardown(this);
    }

    internal void Publish(object?[] slots)
    {
        NsidTable nsids = NetSnapshot.Get<NsidTable>(slots);
        NetSnapshot before = Snapshot;
        if (before.Generation > 0 && !ReferenceEquals(nsids, before.Get<NsidTable>()))
            nsids.TellNewcomers(this);
        Volatile.Write(ref _snapshot, new NetSnapshot(slots, before.Generation + 1));
    }

    private static T Make<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;
}
