using System.Collections.Immutable;
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
    private ImmutableSortedDictionary<uint, Net> _nets = ImmutableSortedDictionary<uint, Net>.Empty;
    private ImmutableSortedDictionary<string, Net> _names = ImmutableSortedDictionary.Create<string, Net>(StringComparer.Ordinal);
    private TaskCompletionSource _teardownsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _teardowns;
    private uint _lastId;

    /// <summary>Makes a registry with its initial namespace.</summary>
    public NetRegistry(RtnlGate gate, IEnumerable<IPernetSubsystem> subsystems, ILogger<NetRegistry>? logger = null)
    {
        Gate = gate;
        _subsystems = [.. subsystems];
        _logger = logger ?? NullLogger<NetRegistry>.Instance;
        Initial = Build(null);
        Initial.TryAddUser();
        _nets = _nets.Add(Initial.Id, Initial);
    }

    /// <summary>RTNL.</summary>
    public RtnlGate Gate { get; }

    /// <summary>The initial namespace (init_net); it never dies.</summary>
    public Net Initial { get; }

    /// <summary>Sockets that listen to every namespace their own one has an id for (NETLINK_LISTEN_ALL_NSID).</summary>
    internal AllNsidListeners AllNsidListeners { get; } = new();

    /// <summary>The living namespaces in order of id.</summary>
    public IEnumerable<Net> All() => Volatile.Read(ref _nets).Values;

    /// <summary>The names in ordinal order.</summary>
    public IEnumerable<string> Names() => Volatile.Read(ref _names).Keys;

    /// <summary>The namespace with a name; null where there is none.</summary>
    public Net? Find(string name) => Volatile.Read(ref _names).GetValueOrDefault(name);

    /// <summary>Creates a named namespace.</summary>
    /// <returns>False where the name is taken.</returns>
    /// <exception cref="ArgumentException">The name cannot be a file's name.</exception>
    [Excludes(RtnlLock.PerNet)]
    public bool TryCreate(string name, out Net net)
    {
        ValueTask<(bool IsNew, Net Net)> creating = CreateAsync(name);
        (bool isNew, net) = creating.IsCompleted ? creating.Result : creating.AsTask().GetAwaiter().GetResult();
        return isNew;
    }

    /// <summary>Creates a named namespace; waiting for the gate blocks no thread.</summary>
    /// <returns>The namespace of that name, and whether it is a new one.</returns>
    /// <exception cref="ArgumentException">The name cannot be a file's name.</exception>
    /// <exception cref="RtnlAssertionException">The owner noted on this thread holds a lock.</exception>
    [Excludes(RtnlLock.PerNet)]
    public async ValueTask<(bool IsNew, Net Net)> CreateAsync(string name)
    {
        if (!IsValidName(name))
            throw new ArgumentException($"'{name}' cannot name a namespace.", nameof(name));
        if (RtnlContext.Current is { IsLocked: true } holder)
            throw new RtnlAssertionException($"A namespace joins the registry under RTNL, shared, which a request that holds a lock would wait for; {holder.DescribeHeld()}.");
        if (Find(name) is { } known)
            return (false, known);
        Net created = Build(name);
        created.TryAddUser();
        using var context = RtnlContext.Create();
        await context.EnterRegistryAsync(Gate).ConfigureAwait(false);
        try
        {
            lock (_sync)
            {
                if (_names.TryGetValue(name, out Net? existing))
                    return (false, existing);
                _names = _names.Add(name, created);
                _nets = _nets.Add(created.Id, created);
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
            if (!_names.TryGetValue(name, out net))
                return false;
            _names = _names.Remove(name);
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

    private static bool IsValidName(string name) =>
        name.Length is > 0 and <= 255 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\0') < 0;

    private Net Build(string? name)
    {
        uint id = name is null && _nets.IsEmpty ? 0 : Interlocked.Increment(ref _lastId);
        var net = new Net(this, id, name);
        // Each publication copies the table, so it is trimmed to the slots in use.
        object?[] slots = new object?[MaxSlots];
        var init = new PernetInit(net, slots);
        init.Add(NsidTable.Empty);
        foreach (IPernetSubsystem subsystem in _subsystems)
            subsystem.Init(init);
        net.Publish(slots[..(Array.FindLastIndex(slots, static slot => slot is not null) + 1)]);
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
                    _nets = _nets.Remove(net.Id);
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
    private void ForgetNsids(Net dead)
    {
        foreach (Net net in All())
        {
            if (net.Snapshot.Get<NsidTable>().IdOf(dead) == NsidTable.NotAssigned)
                continue;
            net.Posts.Post(context =>
            {
                NsidTable table = context.Read<NsidTable>(net);
                context.Stage(net, table.Without(dead));
            });
        }
    }
}
