using SmallRtnl.Engine.Tests.Exploration;
using CancellationToken = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationToken;
using CancellationTokenSource = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationTokenSource;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>Programs on a lock of a user's own class.</summary>
internal static class UserLockPrograms
{
    /// <summary>Whoever was granted it is its owner until it releases, and nobody else is; one of those who wait is cancelled.</summary>
    public static readonly EngineProgram Ownership = new("user lock: one owner at a time, and cancellation at every point", static (scheduler, engine) =>
    {
        IUserLockUnderTest wanted = engine.CreateUserLock();
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        for (int i = 0; i < 3; i++)
        {
            bool isCancelled = i == 1;
            IUserLockOwnerUnderTest owner = wanted.CreateOwner();
            scheduler.Spawn(isCancelled ? "cancelled" : $"owner{i}", () =>
            {
                if (Waits.Granted(owner.LockAsync(isCancelled ? cancellation.Token : CancellationToken.None)))
                    Use(owner, inside);
                Scheduler.Check(!owner.IsOwner, "An owner is one still after its release, or in spite of its cancellation.");
            });
        }
        IUserLockOwnerUnderTest trying = wanted.CreateOwner();
        scheduler.Spawn("try", () => GatePrograms.Repeat(2, () =>
        {
            if (trying.TryLock())
                Use(trying, inside);
        }));
        scheduler.Spawn("canceller", cancellation.Cancel);
        scheduler.AtEnd(() =>
        {
            IUserLockOwnerUnderTest owner = wanted.CreateOwner();
            Scheduler.Check(owner.TryLock() && owner.IsOwner, "The lock is not free at the end.");
        });
    });

    private static void Use(IUserLockOwnerUnderTest owner, Occupancy inside)
    {
        Scheduler.Check(owner.IsOwner, "A lock was granted to somebody who is not its owner.");
        inside.Nets(0);
        Scheduler.Check(owner.IsOwner, "An owner lost its lock.");
        owner.Unlock();
    }
}
