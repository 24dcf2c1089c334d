using SmallRtnl.Engine.Tests.Exploration;
using CancellationToken = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationToken;
using CancellationTokenSource = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationTokenSource;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>Programs on a host: owners, sets of namespaces, registry, teardown, posts.</summary>
internal static class HostPrograms
{
    public static EngineProgram Exclusion(ExploredMode mode) => new($"host, {mode}: RTNL against namespaces, a namespace against itself", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        INetUnderTest a = host.Create("a")!, b = host.Create("b")!;
        var inside = new Occupancy();
        IOwnerUnderTest rtnl = host.CreateOwner(), one = host.CreateOwner(), two = host.CreateOwner(), both = host.CreateOwner(), trying = host.CreateOwner();
        scheduler.Spawn("rtnl", () =>
        {
            Scheduler.Await(rtnl.LockRtnlAsync());
            inside.Rtnl();
            rtnl.Unlock();
        });
        scheduler.Spawn("a", () => Locked(one, [a], inside));
        scheduler.Spawn("a, without a task", () =>
        {
            two.Lock([a]);
            inside.Nets(a.Number);
            two.Unlock();
        });
        scheduler.Spawn("b and a", () => Locked(both, [b, a], inside));
        scheduler.Spawn("tries", () =>
        {
            if (trying.TryLock(a, b))
            {
                inside.Nets(a.Number, b.Number);
                trying.Unlock();
            }
            if (trying.TryLockRtnl())
            {
                inside.Rtnl();
                trying.Unlock();
            }
        });
        AtEndIdle(scheduler, host, a, b);
    });

    public static EngineProgram Sets(ExploredMode mode) => new($"host, {mode}: no deadlock with sets of one, two and three", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        INetUnderTest a = host.Create("a")!, b = host.Create("b")!, c = host.Create("c")!;
        var inside = new Occupancy();
        INetUnderTest[][] sets = [[c, b, a], [b, host.Initial], [a, c, a], [b]];
        for (int i = 0; i < sets.Length; i++)
        {
            INetUnderTest[] set = sets[i];
            IOwnerUnderTest owner = host.CreateOwner();
            scheduler.Spawn($"set{i}", () => Locked(owner, set, inside));
        }
        IOwnerUnderTest rtnl = host.CreateOwner();
        scheduler.Spawn("rtnl", () =>
        {
            Scheduler.Await(rtnl.LockRtnlAsync());
            inside.Rtnl();
            rtnl.Unlock();
        });
        AtEndIdle(scheduler, host, a, b, c, host.Initial);
    });

    public static EngineProgram Cancel(ExploredMode mode) => new($"host, {mode}: a cancelled set holds nothing, and everybody else goes on", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        INetUnderTest a = host.Create("a")!, b = host.Create("b")!;
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        IOwnerUnderTest cancelled = host.CreateOwner(), one = host.CreateOwner(), whole = host.CreateOwner(), both = host.CreateOwner();
        bool cancelsWhole = scheduler.Choose(2) == 0;
        scheduler.Spawn("cancelled", () =>
        {
            if (Waits.Granted(cancelled.LockAsync([b, a], cancellation.Token)))
            {
                inside.Nets(a.Number, b.Number);
                cancelled.Unlock();
            }
            Scheduler.Check(!cancelled.Holds(a) && !cancelled.Holds(b), "An owner holds something after its release.");
        });
        scheduler.Spawn("rtnl", () =>
        {
            if (Waits.Granted(whole.LockRtnlAsync(cancelsWhole ? cancellation.Token : CancellationToken.None)))
            {
                inside.Rtnl();
                whole.Unlock();
            }
        });
        scheduler.Spawn("b", () => Locked(one, [b], inside));
        scheduler.Spawn("a and b", () => Locked(both, [a, b], inside));
        scheduler.Spawn("canceller", cancellation.Cancel);
        AtEndIdle(scheduler, host, a, b);
    });

    /// <summary>What blocks the cancelled one goes only once it has ended: a cancellation that is overlooked at any step is a deadlock.</summary>
    public static EngineProgram CancelEnds(ExploredMode mode) => new($"host, {mode}: a cancelled wait ends although nobody releases", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        INetUnderTest a = host.Create("a")!, b = host.Create("b")!, c = host.Create("c")!;
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        IOwnerUnderTest keeper = host.CreateOwner(), brief = host.CreateOwner(), cancelled = host.CreateOwner(), whole = host.CreateOwner();
        Scheduler.Check(keeper.TryLock(c), "A free namespace is refused.");
        bool hasEnded = false;
        bool wantsKept = scheduler.Choose(2) == 0;
        scheduler.Spawn("brief", () => Locked(brief, [a], inside));
        scheduler.Spawn("cancelled", () =>
        {
            INetUnderTest[] wanted = wantsKept ? [c, a] : [b, a];
            if (Waits.Granted(cancelled.LockAsync(wanted, cancellation.Token)))
            {
                Scheduler.Check(!wantsKept, "A namespace that is held was granted.");
                cancelled.Unlock();
            }
            hasEnded = true;
        });
        scheduler.Spawn("rtnl", () =>
        {
            Scheduler.Await(whole.LockRtnlAsync());
            inside.Rtnl();
            whole.Unlock();
        });
        scheduler.Spawn("canceller", cancellation.Cancel);
        scheduler.Spawn("keeper", () =>
        {
            scheduler.BlockUntil(() => hasEnded, "the cancelled one");
            keeper.Unlock();
        });
        AtEndIdle(scheduler, host, a, b, c);
    });

    /// <summary>A namespace dies while others wait for it, keep it alive, look it up, or freeze the registry.</summary>
    public static EngineProgram Teardown(ExploredMode mode) => new($"host, {mode}: teardown against waiters, users and holders of RTNL", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        INetUnderTest net = host.Create("blue")!;
        var inside = new Occupancy();
        int exits = 0;
        host.OnExit = dying =>
        {
            if (dying.Equals(net))
                exits++;
            Scheduler.Check(dying.IsDead && dying.Users == 0, "A namespace that is in use is torn down.");
            inside.Nets(dying.Number);
        };
        IOwnerUnderTest waiter = host.CreateOwner(), user = host.CreateOwner(), rtnl = host.CreateOwner();
        scheduler.Spawn("delete", () => host.Delete("blue"));
        scheduler.Spawn("waiter", () =>
        {
            Scheduler.Await(waiter.LockAsync([net]));
            bool seen = exits > 0;
            Scheduler.Check(!seen || net.IsDead, "A waiter does not see that the namespace is gone.");
            inside.Nets(net.Number);
            waiter.Unlock();
        });
        scheduler.Spawn("user", () =>
        {
            if (!net.TryAddUser())
            {
                Scheduler.Check(net.IsDead, "A living namespace refuses a user.");
                return;
            }
            Scheduler.Check(!net.IsDead, "A namespace died although it had a user.");
            Scheduler.Await(user.LockAsync([net]));
            Scheduler.Check(exits == 0 && !net.IsDead, "A namespace was torn down under its user.");
            inside.Nets(net.Number);
            user.Unlock();
            net.RemoveUser();
        });
        scheduler.Spawn("rtnl", () =>
        {
            Scheduler.Await(rtnl.LockRtnlAsync());
            int before = host.All().Count;
            inside.Rtnl();
            Scheduler.Check(host.All().Count == before, "A namespace joined or left while RTNL was held.");
            rtnl.Unlock();
            host.Create("blue");
        });
        scheduler.AtEnd(() =>
        {
            Scheduler.Check(exits == 1, $"A namespace was torn down {exits} times.");
            Scheduler.Check(net.IsDead && net.Users == 0, "A namespace that was deleted lives.");
            Scheduler.Check(host.All().All(other => !other.Equals(net)), "A dead namespace is listed.");
            Scheduler.Check(host.FlushTeardownsAsync().IsCompleted, "Teardowns are never done.");
        });
        AtEndIdle(scheduler, host, net);
    });

    /// <summary>Who let a namespace die and waits for the teardowns waits for that one, beside another's.</summary>
    public static EngineProgram TeardownFlush(ExploredMode mode) => new($"host, {mode}: who waits for teardowns sees its own done", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        var inside = new Occupancy();
        var exited = new HashSet<int>();
        host.OnExit = dying =>
        {
            inside.Nets(dying.Number);
            Scheduler.Check(exited.Add(dying.Number), "A namespace was torn down twice.");
        };
        string[] names = ["a", "b"];
        INetUnderTest[] nets = [.. names.Select(name => host.Create(name)!)];
        foreach ((string name, INetUnderTest net) in names.Zip(nets))
        {
            scheduler.Spawn($"delete {name}", () =>
            {
                Scheduler.Check(host.Delete(name), "A name cannot be deleted.");
                Scheduler.Await(host.FlushTeardownsAsync());
                Scheduler.Check(net.IsDead && exited.Contains(net.Number), "The wait for teardowns ended before its own was done.");
                Scheduler.Check(host.All().All(other => !other.Equals(net)), "A namespace that was torn down is listed.");
            });
        }
        IOwnerUnderTest both = host.CreateOwner();
        scheduler.Spawn("a and b", () => Locked(both, nets, inside));
        AtEndIdle(scheduler, host, nets);
    });

    /// <summary>Two make a namespace of one name and one deletes it, while a holder of RTNL counts.</summary>
    public static EngineProgram Creation(ExploredMode mode) => new($"host, {mode}: a name is one namespace's, and RTNL's holder sees a fixed set", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        var inside = new Occupancy();
        int made = 0, deleted = 0;
        for (int i = 0; i < 2; i++)
        {
            scheduler.Spawn($"create{i}", () =>
            {
                if (host.Create("blue") is not null)
                    made++;
            });
        }
        if (scheduler.Choose(2) == 0)
        {
            scheduler.Spawn("delete", () =>
            {
                if (host.Delete("blue"))
                    deleted++;
            });
        }
        IOwnerUnderTest rtnl = host.CreateOwner();
        scheduler.Spawn("rtnl", () =>
        {
            Scheduler.Await(rtnl.LockRtnlAsync());
            int before = host.All().Count;
            inside.Rtnl();
            Scheduler.Check(host.All().Count == before, "A namespace joined or left while RTNL was held.");
            rtnl.Unlock();
        });
        scheduler.AtEnd(() =>
        {
            Scheduler.Check(made is 1 || (made == 2 && deleted == 1), $"{made} namespaces of one name were made, and {deleted} deleted.");
            Scheduler.Check(host.All().Count == 1 + made - deleted, "A namespace is listed too often, or not at all.");
        });
        AtEndIdle(scheduler, host, host.Initial);
    });

    /// <summary>Requests for one namespace are granted in the order in which they began to wait, a set among them.</summary>
    public static EngineProgram Fifo(ExploredMode mode) => new($"host, {mode}: requests for one namespace are served in order", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        INetUnderTest a = host.Create("a")!, b = host.Create("b")!;
        var inside = new Occupancy();
        var order = new ArrivalOrder();
        for (int i = 0; i < 3; i++)
        {
            INetUnderTest[] set = i == 1 ? [a, b] : [a];
            IOwnerUnderTest owner = host.CreateOwner();
            scheduler.Spawn($"owner{i}", () => order.Serve(() => owner.LockAsync(set), () =>
            {
                inside.Nets([.. set.Select(net => net.Number)]);
                owner.Unlock();
            }));
        }
        IOwnerUnderTest rtnl = host.CreateOwner();
        scheduler.Spawn("rtnl", () =>
        {
            Scheduler.Await(rtnl.LockRtnlAsync());
            inside.Rtnl();
            rtnl.Unlock();
        });
        AtEndIdle(scheduler, host, a, b);
    });

    /// <summary>What was posted before a flush began has run when it ends, one after another under the namespace's lock.</summary>
    public static EngineProgram Posts(ExploredMode mode) => new($"host, {mode}: posted work runs once under its lock, and a flush waits for it", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        INetUnderTest net = host.Create("a")!;
        var inside = new Occupancy();
        int ran = 0;
        for (int i = 0; i < 2; i++)
        {
            scheduler.Spawn($"poster{i}", () =>
            {
                bool mine = false;
                net.Post(() =>
                {
                    Scheduler.Check(!mine, "Posted work ran twice.");
                    inside.Nets(net.Number);
                    ran++;
                    mine = true;
                });
                Scheduler.Await(net.FlushAsync());
                Scheduler.Check(mine, "A flush ended before what was posted.");
            });
        }
        IOwnerUnderTest owner = host.CreateOwner();
        scheduler.Spawn("owner", () => Locked(owner, [net], inside));
        scheduler.AtEnd(() => Scheduler.Check(ran == 2, $"{ran} of 2 pieces of posted work ran."));
        AtEndIdle(scheduler, host, net);
    });

    /// <summary>Whoever locks through a device holds the namespace it is in, however it moves.</summary>
    public static EngineProgram MovingDevice(ExploredMode mode) => new($"host, {mode}: LockNetOf holds the namespace that the object is in", (scheduler, engine) =>
    {
        IHostUnderTest host = CreateHost(engine, mode);
        INetUnderTest a = host.Create("a")!, b = host.Create("b")!;
        IDeviceUnderTest device = host.CreateDevice(a);
        var inside = new Occupancy();
        IOwnerUnderTest mover = host.CreateOwner();
        scheduler.Spawn("mover", () =>
        {
            foreach (INetUnderTest target in (INetUnderTest[])[b, a, b])
            {
                Scheduler.Await(mover.LockAsync([a, b]));
                device.Net = target;
                inside.Nets(a.Number, b.Number);
                mover.Unlock();
            }
        });
        for (int i = 0; i < 2; i++)
        {
            IOwnerUnderTest user = host.CreateOwner();
            bool blocks = i == 1 && scheduler.Choose(2) == 0;
            scheduler.Spawn($"user{i}", () =>
            {
                if (blocks)
                    user.LockNetOf(device);
                else
                    Scheduler.Await(user.LockNetOfAsync(device));
                INetUnderTest net = device.Net;
                Scheduler.Check(user.Holds(net), "The device is in another namespace than the one that is held.");
                inside.Nets(net.Number);
                Scheduler.Check(device.Net.Equals(net), "The device moved while its namespace was held.");
                user.Unlock();
            });
        }
        AtEndIdle(scheduler, host, a, b);
    });

    private static IHostUnderTest CreateHost(IEngine engine, ExploredMode mode) => engine.CreateHost(mode, maxExclusiveBatch: 2);

    public static void Locked(IOwnerUnderTest owner, INetUnderTest[] nets, Occupancy inside)
    {
        Scheduler.Await(owner.LockAsync(nets));
        foreach (INetUnderTest net in nets)
            Scheduler.Check(owner.Holds(net), "A set was granted without one of its namespaces.");
        inside.Nets([.. nets.Select(net => net.Number).Distinct()]);
        owner.Unlock();
    }

    /// <summary>Nothing is held any more: each lock is free on its fast path.</summary>
    public static void AtEndIdle(Scheduler scheduler, IHostUnderTest host, params INetUnderTest[] nets) => scheduler.AtEnd(() =>
    {
        IOwnerUnderTest owner = host.CreateOwner();
        Scheduler.Check(owner.TryLockRtnl(), "RTNL is not free at the end.");
        owner.Unlock();
        foreach (INetUnderTest net in nets)
        {
            Scheduler.Check(owner.TryLock(net), $"Namespace {net.Number} is not free at the end.");
            owner.Unlock();
        }
    });
}
