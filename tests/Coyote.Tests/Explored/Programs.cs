// Compiled with the engine's source by the tests, never in this project: here the types are those of the engine that Coyote controls.
namespace SmallRtnl;

using Microsoft.Coyote.Random;
using Microsoft.Coyote.Runtime;
using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.Logging;
using SmallRtnl.Coyote.Tests.Shims;

/// <summary>Small programs whose every schedule must keep a property. A task that never ends is a failure of its own.</summary>
public static class Programs
{
    private const int Batch = 2;

    public static Func<Task> Bind(string name, string mode)
    {
        RtnlMode bound = Enum.Parse<RtnlMode>(mode);
        // Generic types are initialised where they are used first; a schedule in which that happened would not happen again.
        _ = CreateRegistry(bound);
        return name switch
        {
            nameof(Exclusion) => () => Exclusion(bound),
            nameof(Sets) => () => Sets(bound),
            nameof(Cancel) => () => Cancel(bound),
            nameof(CancelEnds) => () => CancelEnds(bound),
            nameof(Teardown) => () => Teardown(bound),
            nameof(Posts) => () => Posts(bound),
            nameof(MovingDevice) => () => MovingDevice(bound),
            nameof(Fairness) => Fairness,
            nameof(Overtaking) => Overtaking,
            nameof(NotControlled) => NotControlled,
            _ => throw new ArgumentException($"There is no program '{name}'."),
        };
    }

    /// <summary>RTNL against namespaces, a namespace against itself, by each way of asking.</summary>
    private static async Task Exclusion(RtnlMode mode)
    {
        NetRegistry registry = CreateRegistry(mode);
        Net a = await Create(registry, "a"), b = await Create(registry, "b");
        var inside = new Occupancy();
        await All(
            Task.Run(() => Rtnl(registry.Gate, inside)),
            Task.Run(() => Locked([a], inside)),
            Task.Run(() => Locked([b, a], inside)),
            Task.Run(() =>
            {
                using var context = RtnlContext.Create();
                using RtnlLease lease = a.Lock(context);
                inside.Nets(a);
            }),
            Task.Run(() =>
            {
                using var context = RtnlContext.Create();
                if (NetLockSet.Of(a, b).TryLock(context, out RtnlLease lease))
                {
                    inside.Nets(a, b);
                    lease.Dispose();
                }
                if (registry.Gate.TryLock(context, out lease))
                {
                    inside.Rtnl();
                    lease.Dispose();
                }
            }));
        AssertIdle(registry, a, b);
    }

    /// <summary>Sets of one, two and three, named in any order: all are served.</summary>
    private static async Task Sets(RtnlMode mode)
    {
        NetRegistry registry = CreateRegistry(mode);
        Net a = await Create(registry, "a"), b = await Create(registry, "b"), c = await Create(registry, "c");
        var inside = new Occupancy();
        await All(
            Task.Run(() => Locked([c, b, a], inside)),
            Task.Run(() => Locked([b, registry.Initial], inside)),
            Task.Run(() => Locked([a, c, a], inside)),
            Task.Run(() => Locked([b], inside)),
            Task.Run(() => Rtnl(registry.Gate, inside)));
        AssertIdle(registry, a, b, c, registry.Initial);
    }

    /// <summary>A set and, or not, RTNL are cancelled at any time: who was cancelled holds nothing, everybody else goes on.</summary>
    private static async Task Cancel(RtnlMode mode)
    {
        NetRegistry registry = CreateRegistry(mode);
        Net a = await Create(registry, "a"), b = await Create(registry, "b");
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        CancellationToken whole = Generator.Create().NextBoolean() ? cancellation.Token : CancellationToken.None;
        await All(
            Task.Run(async () =>
            {
                using var context = RtnlContext.Create();
                try
                {
                    using AsyncRtnlLease lease = await NetLockSet.Of(b, a).LockAsync(context, cancellation.Token);
                    inside.Nets(a, b);
                }
                catch (OperationCanceledException)
                {
                }
                Specification.Assert(!context.Holds(a) && !context.Holds(b), "An owner holds something after its release.");
            }),
            Task.Run(async () =>
            {
                using var context = RtnlContext.Create();
                try
                {
                    using AsyncRtnlLease lease = await registry.Gate.LockAsync(context, whole);
                    inside.Rtnl();
                }
                catch (OperationCanceledException)
                {
                    Specification.Assert(whole.CanBeCanceled, "A wait was cancelled by another's token.");
                }
            }),
            Task.Run(() => Locked([b], inside)),
            Task.Run(() => Locked([a, b], inside)),
            Task.Run(cancellation.Cancel));
        AssertIdle(registry, a, b);
    }

    /// <summary>What blocks the cancelled one goes only once it has ended: a cancellation that is overlooked at any step is a deadlock.</summary>
    private static async Task CancelEnds(RtnlMode mode)
    {
        NetRegistry registry = CreateRegistry(mode);
        Net a = await Create(registry, "a"), b = await Create(registry, "b"), c = await Create(registry, "c");
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        using var keeper = RtnlContext.Create();
        Specification.Assert(c.TryLock(keeper, out _), "A free namespace is refused.");
        bool wantsKept = Generator.Create().NextBoolean();
        Task cancelled = Task.Run(async () =>
        {
            using var context = RtnlContext.Create();
            try
            {
                NetLockSet wanted = wantsKept ? NetLockSet.Of(c, a) : NetLockSet.Of(b, a);
                using AsyncRtnlLease lease = await wanted.LockAsync(context, cancellation.Token);
                Specification.Assert(!wantsKept, "A namespace that is held was granted.");
            }
            catch (OperationCanceledException)
            {
            }
        });
        await All(
            Task.Run(() => Locked([a], inside)),
            Task.Run(() => Rtnl(registry.Gate, inside)),
            Task.Run(cancellation.Cancel),
            Task.Run(async () =>
            {
                await cancelled;
                keeper.ReleaseLocks();
            }));
        AssertIdle(registry, a, b, c);
    }

    /// <summary>A namespace dies while others wait for it, keep it alive, or freeze the registry.</summary>
    private static async Task Teardown(RtnlMode mode)
    {
        var subsystem = new Subsystem();
        NetRegistry registry = CreateRegistry(mode, subsystem);
        Net net = await Create(registry, "blue");
        var inside = new Occupancy();
        int exits = 0;
        subsystem.Exiting = dying =>
        {
            Specification.Assert(dying == net, "Another namespace than the deleted one was torn down.");
            Specification.Assert(dying.IsDead && dying.Users == 0, "A namespace that is in use is torn down.");
            exits++;
            inside.Nets(dying);
        };
        await All(
            Task.Run(() => registry.TryDelete("blue")),
            Task.Run(async () =>
            {
                using var context = RtnlContext.Create();
                using AsyncRtnlLease lease = await net.LockAsync(context);
                Specification.Assert(exits == 0 || net.IsDead, "A waiter does not see that the namespace is gone.");
                inside.Nets(net);
            }),
            Task.Run(async () =>
            {
                if (!net.TryAddUser())
                {
                    Specification.Assert(net.IsDead, "A living namespace refuses a user.");
                    return;
                }
                using var context = RtnlContext.Create();
                using (AsyncRtnlLease lease = await net.LockAsync(context))
                {
                    Specification.Assert(exits == 0 && !net.IsDead, "A namespace was torn down under its user.");
                    inside.Nets(net);
                }
                net.RemoveUser();
            }),
            Task.Run(async () =>
            {
                using var context = RtnlContext.Create();
                using AsyncRtnlLease lease = await registry.Gate.LockAsync(context);
                int before = registry.All().Count();
                inside.Rtnl();
                Specification.Assert(registry.All().Count() == before, "A namespace left while RTNL was held.");
            }));
        await registry.FlushTeardownsAsync();
        Specification.Assert(exits == 1, $"A namespace was torn down {exits} times.");
        Specification.Assert(net.IsDead && net.Users == 0, "A namespace that was deleted lives.");
        Specification.Assert(!registry.All().Contains(net), "A dead namespace is listed.");
        AssertIdle(registry, net);
    }

    /// <summary>What was posted before a flush began has run when it ends, one after another under the namespace's lock.</summary>
    private static async Task Posts(RtnlMode mode)
    {
        NetRegistry registry = CreateRegistry(mode);
        Net net = await Create(registry, "a");
        var inside = new Occupancy();
        int ran = 0;
        async Task PostAsync()
        {
            bool mine = false;
            net.Post(context =>
            {
                Specification.Assert(!mine, "Posted work ran twice.");
                Specification.Assert(context.Holds(net), "Posted work runs without its namespace's lock.");
                inside.Nets(net);
                ran++;
                mine = true;
            });
            await net.FlushAsync();
            Specification.Assert(mine, "A flush ended before what was posted.");
        }
        await All(Task.Run(PostAsync), Task.Run(PostAsync), Task.Run(() => Locked([net], inside)), Task.Run(() => Rtnl(registry.Gate, inside)));
        Specification.Assert(ran == 2, $"{ran} of 2 pieces of posted work ran.");
        AssertIdle(registry, net);
    }

    /// <summary>Whoever locks through a device holds the namespace it is in, however it moves.</summary>
    private static async Task MovingDevice(RtnlMode mode)
    {
        NetRegistry registry = CreateRegistry(mode);
        Net a = await Create(registry, "a"), b = await Create(registry, "b");
        var device = new Device { Net = a };
        var inside = new Occupancy();
        await All(
            Task.Run(async () =>
            {
                using var context = RtnlContext.Create();
                foreach (Net target in (Net[])[b, a, b])
                {
                    using AsyncRtnlLease lease = await NetLockSet.Of(a, b).LockAsync(context);
                    device.Net = target;
                    inside.Nets(a, b);
                }
            }),
            Task.Run(async () =>
            {
                using var context = RtnlContext.Create();
                using AsyncRtnlLease lease = await registry.Gate.LockNetOfAsync(device, context);
                AssertStays(device, context, inside);
            }),
            Task.Run(() =>
            {
                using var context = RtnlContext.Create();
                using RtnlLease lease = registry.Gate.LockNetOf(device, context);
                AssertStays(device, context, inside);
            }));
        AssertIdle(registry, a, b);
    }

    private static void AssertStays(Device device, RtnlContext context, Occupancy inside)
    {
        Net net = device.Net;
        Specification.Assert(context.Holds(net), "The device is in another namespace than the one that is held.");
        inside.Nets(net);
        Specification.Assert(device.Net == net, "The device moved while its namespace was held.");
    }

    /// <summary>While a shared entry waits at most a batch of exclusives is granted, and the one whose turn had come.</summary>
    private static async Task Fairness()
    {
        int batch = 1 + Generator.Create().NextInteger(2);
        var gate = new RtnlGate(RtnlMode.PerNet, batch, stripes: 2);
        var inside = new Occupancy();
        int granted = 0;
        var tasks = new Task[4];
        for (int i = 0; i < 3; i++)
        {
            tasks[i] = Task.Run(async () =>
            {
                var context = RtnlContext.Create();
                for (int turn = 0; turn < 2; turn++)
                {
                    await gate.EnterExclusiveAsync(context, CancellationToken.None);
                    granted++;
                    inside.Rtnl();
                    gate.ExitExclusive();
                }
            });
        }
        tasks[3] = Task.Run(async () =>
        {
            var context = RtnlContext.Create();
            for (int turn = 0; turn < 2; turn++)
            {
                ValueTask entering = gate.EnterSharedAsync(context, CancellationToken.None);
                int before = granted;
                await entering;
                int seen = granted - before;
                Specification.Assert(seen <= batch + 1, $"A waiting shared entry saw {seen} exclusives granted; the batch is {batch}.");
                inside.Shared();
                context.ExitRegistry(gate);
            }
        });
        await All(tasks);
        AssertIdle(gate);
    }

    /// <summary>A waiting exclusive is overtaken by a shared entry at most once for each phase that lies before its own.</summary>
    private static async Task Overtaking()
    {
        var gate = new RtnlGate(RtnlMode.PerNet, maxExclusiveBatch: 1, stripes: 2);
        var inside = new Occupancy();
        int[] entered = new int[2];
        var tasks = new Task[4];
        for (int i = 0; i < 2; i++)
        {
            tasks[i] = Task.Run(async () =>
            {
                var context = RtnlContext.Create();
                ValueTask entering = gate.EnterExclusiveAsync(context, CancellationToken.None);
                int[] before = [.. entered];
                await entering;
                // One that was under way, and one for the exclusive ahead.
                for (int shared = 0; shared < entered.Length; shared++)
                {
                    int seen = entered[shared] - before[shared];
                    Specification.Assert(seen <= 2, $"A waiting exclusive saw one shared entry granted {seen} times.");
                }
                inside.Rtnl();
                gate.ExitExclusive();
            });
            int number = i;
            tasks[2 + i] = Task.Run(async () =>
            {
                var context = RtnlContext.Create();
                for (int turn = 0; turn < 4; turn++)
                {
                    await gate.EnterSharedAsync(context, CancellationToken.None);
                    entered[number]++;
                    inside.Shared();
                    context.ExitRegistry(gate);
                }
            });
        }
        await All(tasks);
        AssertIdle(gate);
    }

    /// <summary>Waits by what Coyote does not know.</summary>
    private static async Task NotControlled() => await Task.WhenAll([Task.Run(static () => { }), Task.Run(static () => { })]);

    /// <summary>Coyote knows the overload for an array, not the one for a span, which a list of arguments would be.</summary>
    private static Task All(params Task[] tasks) => Task.WhenAll(tasks);

    private static NetRegistry CreateRegistry(RtnlMode mode, Subsystem subsystem = null)
    {
        subsystem ??= new Subsystem();
        return new NetRegistry(new RtnlGate(mode, Batch, stripes: 2), [subsystem], subsystem);
    }

    private static async Task<Net> Create(NetRegistry registry, string name) => (await registry.CreateAsync(name)).Net;

    private static async Task Rtnl(RtnlGate gate, Occupancy inside)
    {
        using var context = RtnlContext.Create();
        using AsyncRtnlLease lease = await gate.LockAsync(context);
        inside.Rtnl();
    }

    private static async Task Locked(Net[] nets, Occupancy inside)
    {
        using var context = RtnlContext.Create();
        using AsyncRtnlLease lease = nets.Length == 1 ? await nets[0].LockAsync(context) : await NetLockSet.Of(nets).LockAsync(context);
        foreach (Net net in nets)
            Specification.Assert(context.Holds(net), "A set was granted without one of its namespaces.");
        inside.Nets([.. nets.Distinct()]);
    }

    /// <summary>Nothing is held any more: each lock is free on its fast path.</summary>
    private static void AssertIdle(NetRegistry registry, params Net[] nets)
    {
        using var context = RtnlContext.Create();
        Specification.Assert(registry.Gate.TryLock(context, out RtnlLease whole), "RTNL is not free at the end.");
        whole.Dispose();
        foreach (Net net in nets)
        {
            Specification.Assert(net.TryLock(context, out RtnlLease lease), "A namespace is not free at the end.");
            lease.Dispose();
        }
    }

    private static void AssertIdle(RtnlGate gate)
    {
        var context = RtnlContext.Create();
        Specification.Assert(gate.TryEnterExclusive(context), "The gate is not free at the end.");
        gate.ExitExclusive();
        Specification.Assert(gate.EnterSharedAsync(context, CancellationToken.None).IsCompletedSuccessfully, "The gate is not open at the end.");
        context.ExitRegistry(gate);
    }

    /// <summary>Who is inside: whole of RTNL against everything, a namespace against itself.</summary>
    private sealed class Occupancy
    {
        private readonly HashSet<Net> _nets = [];
        private bool _rtnl;
        private int _shared;

        public void Rtnl()
        {
            Specification.Assert(!_rtnl, "Two hold RTNL exclusively.");
            Specification.Assert(_nets.Count == 0 && _shared == 0, "RTNL is granted exclusively while a namespace is held.");
            _rtnl = true;
            SchedulingPoint.Interleave();
            _rtnl = false;
        }

        public void Shared()
        {
            Specification.Assert(!_rtnl, "RTNL is entered shared while it is held exclusively.");
            _shared++;
            SchedulingPoint.Interleave();
            _shared--;
        }

        public void Nets(params Net[] nets)
        {
            Specification.Assert(!_rtnl, "A namespace is granted while RTNL is held exclusively.");
            foreach (Net net in nets)
                Specification.Assert(_nets.Add(net), "A namespace is held twice.");
            SchedulingPoint.Interleave();
            foreach (Net net in nets)
                _nets.Remove(net);
        }
    }

    private sealed class Device : INetObject
    {
        private Net _net;

        public Net Net
        {
            get => Volatile.Read(ref _net);
            set => Volatile.Write(ref _net, value);
        }
    }

    private sealed class Subsystem : IPernetSubsystem, ILogger<NetRegistry>
    {
        public Action<Net> Exiting { get; set; }

        public void Init(PernetInit init)
        {
        }

        public void Exit(RtnlContext context, Net net)
        {
            Specification.Assert(context.Holds(net), "A teardown runs without its namespace's lock.");
            Exiting?.Invoke(net);
        }

        public IDisposable BeginScope<TState>(TState state) => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        // What the engine logs is an exception that nobody else would see.
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception exception, Func<TState, Exception, string> formatter) =>
            Specification.Assert(false, $"{formatter(state, exception)} {exception}");
    }
}
