using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SmallRtnl;

/// <summary>
/// All namespaces of a host. Namespaces join and leave under the gate, shared, so that a holder of the whole of RTNL sees a fixed set.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class NetRegistry
{
    private const int MaxSlots = 256;

    private readonly IPernetSubsystem[] _subsystems;
    private readonly ILogger _logger;
    private readonly Lock _sync = new();
    // Read without the lock: one word each.
    private Nets _nets = new(default, default);
    private TaskCompletionSource _teardownsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _teardowns;
    private uint _lastId;

    /// <summary>Makes a registry with its initial namespace.</summary>
    public NetRegistry(RtnlGate gate, IEnumerable<IPernetSubsystem> subsystems, ILogger<NetRegistry>? logger = null)
    {
        Gate = gate;
        _subsystems = [.. subsystems];
        _logger = logger ?? NullLogger<NetRegistry>.Instance;
        Initial = Build(0, null);
        Initial.TryAddUser();
        _nets = _nets.With(Initial);
    }

    /// <summary>RTNL.</summary>
    public RtnlGate Gate { get; }

    /// <summary>The initial namespace (init_net); it never dies.</summary>
    public Net Initial { get; }

    /// <summary>Sockets that listen to every namespace their own one has an id for (NETLINK_LISTEN_ALL_NSID).</summary>
    internal AllNsidListeners AllNsidListeners { get; } = new();

    internal bool IsTearingDown
    {
        get
        {
            lock (_sync)
                return _teardowns > 0;
        }
    }

    /// <summary>The living namespaces in order of id.</summary>
    public PersistentList<Net> All() => Volatile.Read(ref _nets).ById;

    /// <summary>The names in ordinal order.</summary>
    public IEnumerable<string> Names()
    {
        foreach (Net net in Volatile.Read(ref _nets).ByName)
            yield return net.Name!;
    }

    /// <summary>The namespace with a name; null where there is none.</summary>
    public Net? Find(string name) => Volatile.Read(ref _nets).Find(name);

    /// <summary>Creates a named namespace.</summary>
    /// <returns>False where the name is taken.</returns>
    /// <exception cref="ArgumentException">The name cannot be one: it is that of a file, UTF-8 of 1 to 255 bytes, without control characters.</exception>
    [Excludes(RtnlLock.PerNet)]
    public bool TryCreate(string name, out Net net)
    {
        ValueTask<(bool IsNew, Net Net)> creating = CreateAsync(name);
        (bool isNew, net) = creating.IsCompleted ? creating.Result : creating.AsTask().GetAwaiter().GetResult();
        return isNew;
    }

    /// <summary>Creates a named namespace; waiting for the gate blocks no thread.</summary>
    /// <returns>The namespace of that name, and whether it is a new one.</returns>
    /// <exception cref="ArgumentException">The name cannot be one: it is that of a file, UTF-8 of 1 to 255 bytes, without control characters.</exception>
    /// <exception cref="RtnlAssertionException">The owner noted on this thread holds a lock.</exception>
    [Excludes(RtnlLock.PerNet)]
    public async ValueTask<(bool IsNew, Net Net)> CreateAsync(string name)
    {
        if (!NetName.IsValid(name))
            throw new ArgumentException($"'{name}' cannot name a namespace.", nameof(name));
        if (RtnlContext.Current is { IsLocked: true } holder)
            throw new RtnlAssertionException($"A namespace joins the registry under RTNL, shared, which a request that holds a lock would wait for; {holder.DescribeHeld()}.");
        if (Find(name) is { } known)
            return (false, known);
        Net created = Build(Interlocked.Increment(ref _lastId), name);
        created.TryAddUser();
        using var context = RtnlContext.Create();
        await context.EnterRegistryAsync(Gate).ConfigureAwait(false);
        try
        {
            lock (_sync)
            {
                if (_nets.Find(name) is { } existing)
                    return (false, existing);
                Volatile.Write(ref _nets, _nets.With(created));
            }
        }
        finally
        {
            context.ExitRegistry(Gate);
        }
        return (true, created);
    }

    /// <summary>Removes a name. The namespace lives on while sockets are in it, as with <c>ip netns del</c>.</summary>
    /// <returns>False where there is no such name.</returns>
    public bool TryDelete(string name)
    {
        Net? net;
        lock (_sync)
        {
            net = _nets.Find(name);
            if (net is null)
                return false;
            Volatile.Write(ref _nets, _nets.WithoutName(net));
        }
        net.RemoveUser();
        return true;
    }

    /// <summary>Completes once no teardown is under way. Must be called with nothing held.</summary>
    /// <param name="context">Who waits; left out, the owner noted on this thread: one whose lease crosses awaits has to be named.</param>
    /// <exception cref="RtnlAssertionException">The owner holds a lock.</exception>
    [Excludes(RtnlLock.PerNet)]
    public Task FlushTeardownsAsync(RtnlContext? context = null)
    {
        if ((context ?? RtnlContext.Current) is { HeldWord: not HeldLock.None } holder)
        {
            throw RtnlContext.Refusal(
                $"A teardown that this would wait for needs a lock this request holds; {holder.DescribeHeld()}.",
                Lockdep.IsEnabled ? Lockdep.ExplainRefusal(holder, LockdepWait.TeardownFlush, this) : null);
        }
        LockdepWait.TeardownFlush.Waiting(context, this);
        lock (_sync)
            return _teardowns == 0 ? Task.CompletedTask : _teardownsDone.Task;
    }

    internal void QueueTeardown(Net net)
    {
        lock (_sync)
        {
            if (_teardowns++ == 0)
                _teardownsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Item1.TearDownAsync(state.Item2), (this, net), preferLocal: false);
    }

    internal void PostFailed(Net net, Exception exception) => _logger.LogError(exception, "Work posted to namespace {Net} failed.", net);

    private Net Build(uint id, string? name)
    {
        var net = new Net(this, id, name);
        // Each publication copies the table, so it is trimmed to the slots in use.
        object?[] slots = ArrayPool<object?>.Shared.Rent(MaxSlots);
        try
        {
            // Whoever had it before may have left something.
            Array.Clear(slots);
            var init = new PernetInit(net, slots);
            init.Add(NsidTable.Empty);
            foreach (IPernetSubsystem subsystem in _subsystems)
                subsystem.Init(init);
            net.Publish(slots[..(Array.FindLastIndex(slots, static slot => slot is not null) + 1)]);
        }
        finally
        {
            ArrayPool<object?>.Shared.Return(slots, clearArray: true);
        }
        return net;
    }

    private async Task TearDownAsync(Net net)
    {
        try
        {
            using var context = RtnlContext.Create();
            using LockdepWait.Work work = LockdepWait.TeardownFlush.BeginWork(context, this);
            await context.AcquireNetAsync(net, CancellationToken.None).ConfigureAwait(false);
            Exit(context, net);

            await context.EnterRegistryAsync(Gate).ConfigureAwait(false);
            try
            {
                lock (_sync)
                    Volatile.Write(ref _nets, _nets.Without(net));
            }
            finally
            {
                context.ExitRegistry(Gate);
            }
            ForgetNsids(net);
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "The teardown of namespace {Net} failed.", net);
        }
        finally
        {
            lock (_sync)
            {
                if (--_teardowns == 0)
                    _teardownsDone.TrySetResult();
            }
        }
    }

    /// <summary>A subsystem that fails, which it must not, keeps the namespace neither in the registry nor in its peers' tables.</summary>
    private void Exit(RtnlContext context, Net net)
    {
        try
        {
            context.RunPosted(net, context =>
            {
                for (int i = _subsystems.Length - 1; i >= 0; i--)
                    _subsystems[i].Exit(context, net);
            });
            context.RunAfter();
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "The teardown of namespace {Net} failed.", net);
        }
    }

    /// <summary>Every namespace that has an id for the dead one drops it (<c>unhash_nsid</c>), each under its own RTNL.</summary>
    private static void ForgetNsids(Net dead)
    {
        foreach (Net net in dead.Knowers)
            ForgetNsid(net, dead);
        foreach ((_, Net peer) in dead.Snapshot.Get<NsidTable>().Assignments)
            peer.RemoveKnower(dead);
    }

    /// <summary>Behind whatever the knower is about to publish: only under its lock it is certain which id it has.</summary>
    internal static void ForgetNsid(Net knower, Net dead) => knower.Posts.Post(context =>
    {
        NsidTable table = context.Read<NsidTable>(knower);
        if (table.IdOf(dead) != NsidTable.NotAssigned)
            context.Stage(knower, table.Without(dead));
    });

    /// <summary>One version of who is there: by id, and those that have a name by that.</summary>
    private sealed class Nets(PersistentList<Net> byId, PersistentList<Net> byName)
    {
        public PersistentList<Net> ById => byId;

        public PersistentList<Net> ByName => byName;

        public Net? Find(string name) => byName.TryFind<string, NameOrder>(in name, out int at) ? byName[at] : null;

        public Nets With(Net net)
        {
            uint id = net.Id;
            _ = byId.TryFind<uint, IdOrder>(in id, out int at);
            PersistentList<Net> ids = byId.WithInserted(at, net);
            if (net.Name is not { } name)
                return new(ids, byName);
            _ = byName.TryFind<string, NameOrder>(in name, out at);
            return new(ids, byName.WithInserted(at, net));
        }

        public Nets WithoutName(Net net)
        {
            string name = net.Name!;
            return byName.TryFind<string, NameOrder>(in name, out int at) ? new(byId, byName.WithRemoved(at)) : this;
        }

        public Nets Without(Net net)
        {
            uint id = net.Id;
            return byId.TryFind<uint, IdOrder>(in id, out int at) ? new(byId.WithRemoved(at), byName) : this;
        }
    }

    private readonly struct IdOrder : IKeyOrder<Net, uint>
    {
        public static int Compare(Net item, in uint key) => item.Id.CompareTo(key);
    }

    private readonly struct NameOrder : IKeyOrder<Net, string>
    {
        public static int Compare(Net item, in string key) => string.CompareOrdinal(item.Name, key);
    }
}
