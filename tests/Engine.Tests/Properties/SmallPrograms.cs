using SmallRtnl.Engine.Tests.Exploration;
using CancellationToken = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationToken;
using CancellationTokenSource = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationTokenSource;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>Programs small enough for every schedule: of the gate, of a mutex, and of sets with the gate. One core, so that no stripe need be chosen.</summary>
internal static class SmallPrograms
{
    /// <summary>An exclusive, a shared entry, and a third that is the one or the other or only tries.</summary>
    public static readonly EngineProgram GateOfThree = Gate("three entries", maxExclusiveBatch: 1, static (scheduler, gate, inside) =>
    {
        Spawn(scheduler, gate, "exclusive", entry => GatePrograms.Exclusive(entry, inside));
        Spawn(scheduler, gate, "shared", entry => GatePrograms.Shared(entry, inside));
        int kind = scheduler.Choose(3);
        Spawn(scheduler, gate, "third", entry =>
        {
            if (kind == 0)
                GatePrograms.Exclusive(entry, inside);
            else if (kind == 1)
                GatePrograms.Shared(entry, inside);
            else
                Try(entry, inside);
        });
    });

    public static readonly EngineProgram GateOfFour = Gate("two exclusives and two shared", maxExclusiveBatch: 2, static (scheduler, gate, inside) =>
    {
        for (int i = 0; i < 2; i++)
        {
            Spawn(scheduler, gate, $"exclusive{i}", entry => GatePrograms.Exclusive(entry, inside));
            Spawn(scheduler, gate, $"shared{i}", entry => GatePrograms.Shared(entry, inside));
        }
    });

    public static readonly EngineProgram GateTries = Gate("two that try and two shared", maxExclusiveBatch: 2, static (scheduler, gate, inside) =>
    {
        for (int i = 0; i < 2; i++)
        {
            Spawn(scheduler, gate, $"try{i}", entry => Try(entry, inside));
            Spawn(scheduler, gate, $"shared{i}", entry => GatePrograms.Shared(entry, inside));
        }
    });

    public static readonly EngineProgram GateTwice = Gate("two that enter in both ways", maxExclusiveBatch: 2, static (scheduler, gate, inside) =>
    {
        Spawn(scheduler, gate, "shared, then exclusive", entry =>
        {
            GatePrograms.Shared(entry, inside);
            GatePrograms.Exclusive(entry, inside);
        });
        Spawn(scheduler, gate, "exclusive, then shared", entry =>
        {
            GatePrograms.Exclusive(entry, inside);
            GatePrograms.Shared(entry, inside);
        });
    });

    /// <summary>Behind a shared or an exclusive holder, before a shared entry.</summary>
    public static readonly EngineProgram GateCancelledExclusive = Gate("a cancelled exclusive between two", maxExclusiveBatch: 2, static (scheduler, gate, inside) =>
    {
        var cancellation = new CancellationTokenSource();
        bool holdsShared = scheduler.Choose(2) == 0;
        Spawn(scheduler, gate, "holder", entry =>
        {
            if (holdsShared)
                GatePrograms.Shared(entry, inside);
            else
                GatePrograms.Exclusive(entry, inside);
        });
        Spawn(scheduler, gate, "cancelled exclusive", entry =>
        {
            if (Waits.Granted(entry.EnterExclusiveAsync(cancellation.Token)))
            {
                inside.Rtnl();
                entry.ExitExclusive();
            }
        });
        Spawn(scheduler, gate, "shared", entry => GatePrograms.Shared(entry, inside));
        scheduler.Spawn("canceller", cancellation.Cancel);
    });

    public static readonly EngineProgram GateCancelledShared = Gate("a cancelled shared entry between two exclusives", maxExclusiveBatch: 2, static (scheduler, gate, inside) =>
    {
        var cancellation = new CancellationTokenSource();
        Spawn(scheduler, gate, "exclusive0", entry => GatePrograms.Exclusive(entry, inside));
        Spawn(scheduler, gate, "cancelled shared", entry =>
        {
            if (Waits.Granted(entry.EnterSharedAsync(cancellation.Token)))
            {
                inside.Shared();
                entry.ExitShared();
            }
        });
        Spawn(scheduler, gate, "exclusive1", entry => GatePrograms.Exclusive(entry, inside));
        scheduler.Spawn("canceller", cancellation.Cancel);
    });

    /// <summary>More exclusives than a batch, and a shared entry that waits for one batch at most, and for the one whose turn had come.</summary>
    public static readonly EngineProgram GateBatch = Gate("more exclusives than a batch, and a shared entry", maxExclusiveBatch: 1, static (scheduler, gate, inside) =>
    {
        int granted = 0;
        for (int i = 0; i < 3; i++)
        {
            Spawn(scheduler, gate, $"exclusive{i}", entry =>
            {
                Scheduler.Await(entry.EnterExclusiveAsync());
                granted++;
                inside.Rtnl();
                entry.ExitExclusive();
            });
        }
        Spawn(scheduler, gate, "shared", entry =>
        {
            ValueTask entering = entry.EnterSharedAsync();
            int before = granted;
            Scheduler.Await(entering);
            Scheduler.Check(granted - before <= 2, $"A waiting shared entry saw {granted - before} exclusives granted; the batch is 1.");
            inside.Shared();
            entry.ExitShared();
        });
    });

    public static readonly EngineProgram MutexOfThree = new("mutex: three waiters", static (scheduler, engine) =>
    {
        ILockUnderTest mutex = engine.CreateMutex();
        var inside = new Occupancy();
        for (int i = 0; i < 3; i++)
        {
            IWaiterUnderTest waiter = mutex.CreateWaiter();
            scheduler.Spawn($"waiter{i}", () => MutexPrograms.Use(mutex, waiter, inside));
        }
        MutexPrograms.AtEndIdle(scheduler, mutex);
    });

    public static readonly EngineProgram MutexCancelled = MutexWithCancelled("a holder, a waiter and its canceller", others: 1);

    public static readonly EngineProgram MutexCancelledBetween = MutexWithCancelled("a cancelled waiter between two", others: 2);

    public static readonly EngineProgram WordsAndWhole = Host("two of one namespace and the whole", [[1], [1]], whole: true);

    public static readonly EngineProgram SetsAndWhole = Host("sets that overlap and the whole", [[1, 2], [2, 3]], whole: true);

    public static readonly EngineProgram SetsInBothOrders = Host("sets named in both orders", [[1, 2], [2, 1], [2]], whole: false);

    public static readonly EngineProgram CancelledSet = new("host, PerNet: a cancelled set between two of its namespaces, small", static (scheduler, engine) =>
    {
        IHostUnderTest host = engine.CreateHost(ExploredMode.PerNet, maxExclusiveBatch: 2);
        INetUnderTest a = host.Create("a")!, b = host.Create("b")!;
        scheduler.Cores = 1;
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        IOwnerUnderTest first = host.CreateOwner(), cancelled = host.CreateOwner(), last = host.CreateOwner();
        scheduler.Spawn("b", () => HostPrograms.Locked(first, [b], inside));
        scheduler.Spawn("cancelled", () =>
        {
            if (Waits.Granted(cancelled.LockAsync([a, b], cancellation.Token)))
            {
                inside.Nets(a.Number, b.Number);
                cancelled.Unlock();
            }
        });
        scheduler.Spawn("canceller", cancellation.Cancel);
        scheduler.Spawn("a", () => HostPrograms.Locked(last, [a], inside));
        HostPrograms.AtEndIdle(scheduler, host, a, b);
    });

    private static EngineProgram Gate(string name, int maxExclusiveBatch, Action<Scheduler, IGateUnderTest, Occupancy> build) => new($"gate: {name}", (scheduler, engine) =>
    {
        scheduler.Cores = 1;
        IGateUnderTest gate = engine.CreateGate(maxExclusiveBatch, stripes: 1);
        build(scheduler, gate, new Occupancy());
        GatePrograms.AtEndIdle(scheduler, gate);
    });

    private static EngineProgram MutexWithCancelled(string name, int others) => new($"mutex: {name}", (scheduler, engine) =>
    {
        ILockUnderTest mutex = engine.CreateMutex();
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        for (int i = 0; i < others; i++)
        {
            IWaiterUnderTest other = mutex.CreateWaiter();
            scheduler.Spawn($"waiter{i}", () => MutexPrograms.Use(mutex, other, inside));
        }
        IWaiterUnderTest cancelled = mutex.CreateWaiter();
        scheduler.Spawn("cancelled", () =>
        {
            if (Waits.Granted(cancelled.AcquireAsync(cancellation.Token)))
            {
                inside.Nets(0);
                mutex.Release();
            }
        });
        scheduler.Spawn("canceller", cancellation.Cancel);
        MutexPrograms.AtEndIdle(scheduler, mutex);
    });

    private static EngineProgram Host(string name, int[][] sets, bool whole) => new($"host, PerNet: {name}, small", (scheduler, engine) =>
    {
        scheduler.Cores = 1;
        IHostUnderTest host = engine.CreateHost(ExploredMode.PerNet, maxExclusiveBatch: 2);
        INetUnderTest[] nets = [host.Initial, host.Create("a")!, host.Create("b")!, host.Create("c")!];
        var inside = new Occupancy();
        for (int i = 0; i < sets.Length; i++)
        {
            INetUnderTest[] set = [.. sets[i].Select(net => nets[net])];
            IOwnerUnderTest owner = host.CreateOwner();
            scheduler.Spawn($"set{i}", () => HostPrograms.Locked(owner, set, inside));
        }
        if (whole)
        {
            IOwnerUnderTest rtnl = host.CreateOwner();
            scheduler.Spawn("rtnl", () =>
            {
                Scheduler.Await(rtnl.LockRtnlAsync());
                inside.Rtnl();
                rtnl.Unlock();
            });
        }
        HostPrograms.AtEndIdle(scheduler, host, nets);
    });

    private static void Spawn(Scheduler scheduler, IGateUnderTest gate, string name, Action<IGateEntryUnderTest> body)
    {
        IGateEntryUnderTest entry = gate.CreateEntry();
        scheduler.Spawn(name, () => body(entry));
    }

    private static void Try(IGateEntryUnderTest entry, Occupancy inside)
    {
        if (!entry.TryEnterExclusive())
            return;
        inside.Rtnl();
        entry.ExitExclusive();
    }
}
