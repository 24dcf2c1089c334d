using SmallRtnl.Engine.Tests.Exploration;
using CancellationToken = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationToken;
using CancellationTokenSource = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationTokenSource;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>Programs on one net mutex alone.</summary>
internal static class MutexPrograms
{
    public static readonly EngineProgram NoLostWakeUp = new("mutex: mutual exclusion, no lost wake-up", static (scheduler, engine) =>
    {
        ILockUnderTest mutex = engine.CreateMutex();
        var inside = new Occupancy();
        for (int i = 0; i < 3; i++)
        {
            IWaiterUnderTest waiter = mutex.CreateWaiter();
            scheduler.Spawn($"waiter{i}", () =>
            {
                Use(mutex, waiter, inside);
                Use(mutex, waiter, inside);
            });
        }
        scheduler.Spawn("try", () =>
        {
            if (mutex.TryAcquire())
            {
                inside.Nets(0);
                mutex.Release();
            }
        });
        AtEndIdle(scheduler, mutex);
    });

    public static readonly EngineProgram Fifo = new("mutex: waiters are served in order", static (scheduler, engine) =>
    {
        ILockUnderTest mutex = engine.CreateMutex();
        var order = new ArrivalOrder();
        var inside = new Occupancy();
        for (int i = 0; i < 4; i++)
        {
            IWaiterUnderTest waiter = mutex.CreateWaiter();
            scheduler.Spawn($"waiter{i}", () => order.Serve(() => waiter.AcquireAsync(), () =>
            {
                inside.Nets(0);
                mutex.Release();
            }));
        }
        AtEndIdle(scheduler, mutex);
    });

    /// <summary>A waiter is cancelled in the queue's middle or at its end, or when it is just being granted.</summary>
    public static readonly EngineProgram Cancel = new("mutex: cancellation at every point", static (scheduler, engine) =>
    {
        ILockUnderTest mutex = engine.CreateMutex();
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        for (int i = 0; i < 4; i++)
        {
            bool isCancelled = i is 1 or 2;
            IWaiterUnderTest waiter = mutex.CreateWaiter();
            scheduler.Spawn(isCancelled ? $"cancelled{i}" : $"waiter{i}", () =>
            {
                if (Waits.Granted(waiter.AcquireAsync(isCancelled ? cancellation.Token : CancellationToken.None)))
                {
                    inside.Nets(0);
                    mutex.Release();
                }
            });
        }
        scheduler.Spawn("canceller", cancellation.Cancel);
        AtEndIdle(scheduler, mutex);
    });

    /// <summary>A waiter that was granted waits once more, while the cancellation of its first wait may come late.</summary>
    public static readonly EngineProgram CancelAgain = new("mutex: a late cancellation does not reach the next wait", static (scheduler, engine) =>
    {
        ILockUnderTest mutex = engine.CreateMutex();
        var inside = new Occupancy();
        CancellationTokenSource cancellation = new(), never = new();
        IWaiterUnderTest other = mutex.CreateWaiter(), twice = mutex.CreateWaiter();
        scheduler.Spawn("other", () => GatePrograms.Repeat(2, () => Use(mutex, other, inside)));
        scheduler.Spawn("twice", () =>
        {
            if (Waits.Granted(twice.AcquireAsync(cancellation.Token)))
            {
                inside.Nets(0);
                mutex.Release();
            }
            Scheduler.Check(Waits.Granted(twice.AcquireAsync(never.Token)), "A wait was cancelled by the token of the one before.");
            inside.Nets(0);
            mutex.Release();
        });
        scheduler.Spawn("canceller", cancellation.Cancel);
        AtEndIdle(scheduler, mutex);
    });

    public static void Use(ILockUnderTest mutex, IWaiterUnderTest waiter, Occupancy inside)
    {
        Scheduler.Await(waiter.AcquireAsync());
        inside.Nets(0);
        mutex.Release();
    }

    public static void AtEndIdle(Scheduler scheduler, ILockUnderTest mutex) => scheduler.AtEnd(() =>
    {
        Scheduler.Check(mutex.TryAcquire(), "The mutex is not free at the end.");
        mutex.Release();
        Scheduler.Check(mutex.TryAcquire(), "The mutex's release leaves it held.");
    });
}
