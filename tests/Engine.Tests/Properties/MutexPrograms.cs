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

    /// <summary>Small enough for every schedule.</summary>
    public static readonly EngineProgram Small = new("mutex: three waiters", static (scheduler, engine) =>
    {
        ILockUnderTest mutex = engine.CreateMutex();
        var inside = new Occupancy();
        for (int i = 0; i < 3; i++)
        {
            IWaiterUnderTest waiter = mutex.CreateWaiter();
            scheduler.Spawn($"waiter{i}", () => Use(mutex, waiter, inside));
        }
        AtEndIdle(scheduler, mutex);
    });

    /// <summary>Small enough for every schedule: a holder, a waiter that is cancelled, and who cancels it.</summary>
    public static readonly EngineProgram SmallCancel = new("mutex: a holder, a waiter and its canceller", static (scheduler, engine) =>
    {
        ILockUnderTest mutex = engine.CreateMutex();
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        IWaiterUnderTest holder = mutex.CreateWaiter(), cancelled = mutex.CreateWaiter();
        scheduler.Spawn("holder", () => Use(mutex, holder, inside));
        scheduler.Spawn("cancelled", () =>
        {
            if (Waits.Granted(cancelled.AcquireAsync(cancellation.Token)))
            {
                inside.Nets(0);
                mutex.Release();
            }
        });
        scheduler.Spawn("canceller", cancellation.Cancel);
        AtEndIdle(scheduler, mutex);
    });

    private static void Use(ILockUnderTest mutex, IWaiterUnderTest waiter, Occupancy inside)
    {
        Scheduler.Await(waiter.AcquireAsync());
        inside.Nets(0);
        mutex.Release();
    }

    private static void AtEndIdle(Scheduler scheduler, ILockUnderTest mutex) => scheduler.AtEnd(() =>
    {
        Scheduler.Check(mutex.TryAcquire(), "The mutex is not free at the end.");
        mutex.Release();
        Scheduler.Check(mutex.TryAcquire(), "The mutex's release leaves it held.");
    });
}
