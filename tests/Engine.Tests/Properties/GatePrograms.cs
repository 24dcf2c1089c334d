using SmallRtnl.Engine.Tests.Exploration;
using CancellationToken = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationToken;
using CancellationTokenSource = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationTokenSource;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>Programs on the gate alone.</summary>
internal static class GatePrograms
{
    /// <summary>Exclusives and shared entries, each twice; all finish and the gate is as at the beginning.</summary>
    public static readonly EngineProgram NoLostWakeUp = new("gate: mutual exclusion, no lost wake-up", static (scheduler, engine) =>
    {
        IGateUnderTest gate = engine.CreateGate(maxExclusiveBatch: 2, stripes: 2);
        var inside = new Occupancy();
        for (int i = 0; i < 2; i++)
        {
            IGateEntryUnderTest entry = gate.CreateEntry();
            scheduler.Spawn($"exclusive{i}", () => Repeat(2, () => Exclusive(entry, inside)));
        }
        for (int i = 0; i < 2; i++)
        {
            IGateEntryUnderTest entry = gate.CreateEntry();
            scheduler.Spawn($"shared{i}", () => Repeat(2, () => Shared(entry, inside)));
        }
        AtEndIdle(scheduler, gate);
    });

    /// <summary>An exclusive that only tries closes the gate and opens it again, while others come to wait.</summary>
    public static readonly EngineProgram Reopen = new("gate: a try that fails takes its closing back", static (scheduler, engine) =>
    {
        IGateUnderTest gate = engine.CreateGate(maxExclusiveBatch: 1, stripes: 2);
        var inside = new Occupancy();
        IGateEntryUnderTest trying = gate.CreateEntry();
        scheduler.Spawn("try", () => Repeat(2, () =>
        {
            if (trying.TryEnterExclusive())
            {
                inside.Rtnl();
                trying.ExitExclusive();
            }
        }));
        for (int i = 0; i < 2; i++)
        {
            IGateEntryUnderTest entry = gate.CreateEntry();
            scheduler.Spawn($"shared{i}", () => Repeat(2, () => Shared(entry, inside)));
        }
        IGateEntryUnderTest exclusive = gate.CreateEntry();
        if (scheduler.Choose(2) == 0)
            scheduler.Spawn("exclusive", () => Exclusive(exclusive, inside));
        AtEndIdle(scheduler, gate);
    });

    /// <summary>A shared holder, an exclusive behind it and a shared behind that: any of them may be cancelled, and the rest go on.</summary>
    public static readonly EngineProgram Cancel = new("gate: cancellation at every point", static (scheduler, engine) =>
    {
        IGateUnderTest gate = engine.CreateGate(maxExclusiveBatch: 2, stripes: 2);
        var inside = new Occupancy();
        var cancellation = new CancellationTokenSource();
        IGateEntryUnderTest holder = gate.CreateEntry(), exclusive = gate.CreateEntry(), late = gate.CreateEntry(), other = gate.CreateEntry();
        bool holdsShared = scheduler.Choose(2) == 0;
        scheduler.Spawn("holder", () =>
        {
            if (holdsShared)
                Shared(holder, inside);
            else
                Exclusive(holder, inside);
        });
        scheduler.Spawn("cancelled exclusive", () =>
        {
            if (Waits.Granted(exclusive.EnterExclusiveAsync(cancellation.Token)))
            {
                inside.Rtnl();
                exclusive.ExitExclusive();
            }
        });
        bool cancelsShared = scheduler.Choose(2) == 0;
        scheduler.Spawn("late shared", () =>
        {
            if (Waits.Granted(late.EnterSharedAsync(cancelsShared ? cancellation.Token : CancellationToken.None)))
            {
                inside.Shared();
                late.ExitShared();
            }
        });
        if (scheduler.Choose(2) == 0)
            scheduler.Spawn("exclusive", () => Exclusive(other, inside));
        scheduler.Spawn("canceller", cancellation.Cancel);
        AtEndIdle(scheduler, gate);
    });

    /// <summary>
    /// While a shared entry waits at most a batch of exclusives is granted, and the one whose turn had come. One that was seen to wait is never
    /// overtaken by an exclusive that comes later than a whole batch.
    /// </summary>
    public static readonly EngineProgram BatchLimit = new("gate: an exclusive phase is bounded by the batch", static (scheduler, engine) =>
    {
        int batch = 1 + scheduler.Choose(2);
        IGateUnderTest gate = engine.CreateGate(batch, stripes: 2);
        var inside = new Occupancy();
        int granted = 0;
        for (int i = 0; i < 3; i++)
        {
            IGateEntryUnderTest entry = gate.CreateEntry();
            scheduler.Spawn($"exclusive{i}", () => Repeat(2, () =>
            {
                Scheduler.Await(entry.EnterExclusiveAsync());
                granted++;
                inside.Rtnl();
                entry.ExitExclusive();
            }));
        }
        IGateEntryUnderTest shared = gate.CreateEntry();
        scheduler.Spawn("shared", () => Repeat(2, () =>
        {
            ValueTask entering = shared.EnterSharedAsync();
            int before = granted;
            Scheduler.Await(entering);
            Scheduler.Check(granted - before <= batch + 1, $"A waiting shared entry saw {granted - before} exclusives granted; the batch is {batch}.");
            inside.Shared();
            shared.ExitShared();
        }));
        AtEndIdle(scheduler, gate);
    });

    /// <summary>A waiting exclusive is overtaken by a shared entry at most once for each phase that lies before its own.</summary>
    public static readonly EngineProgram SharedBypass = new("gate: shared entries overtake a waiting exclusive a bounded number of times", static (scheduler, engine) =>
    {
        IGateUnderTest gate = engine.CreateGate(maxExclusiveBatch: 1, stripes: 2);
        var inside = new Occupancy();
        int[] entered = new int[2];
        for (int i = 0; i < 2; i++)
        {
            IGateEntryUnderTest entry = gate.CreateEntry();
            scheduler.Spawn($"exclusive{i}", () =>
            {
                ValueTask entering = entry.EnterExclusiveAsync();
                int[] before = [.. entered];
                Scheduler.Await(entering);
                // One that was under way, and one for the exclusive ahead.
                for (int shared = 0; shared < entered.Length; shared++)
                    Scheduler.Check(entered[shared] - before[shared] <= 2, $"A waiting exclusive saw one shared entry granted {entered[shared] - before[shared]} times.");
                inside.Rtnl();
                entry.ExitExclusive();
            });
        }
        for (int i = 0; i < 2; i++)
        {
            int number = i;
            IGateEntryUnderTest entry = gate.CreateEntry();
            scheduler.Spawn($"shared{i}", () => Repeat(4, () =>
            {
                Scheduler.Await(entry.EnterSharedAsync());
                entered[number]++;
                inside.Shared();
                entry.ExitShared();
            }));
        }
        AtEndIdle(scheduler, gate);
    });

    /// <summary>Exclusives are granted in the order in which they began to wait.</summary>
    public static readonly EngineProgram Fifo = new("gate: exclusives are served in order", static (scheduler, engine) =>
    {
        IGateUnderTest gate = engine.CreateGate(maxExclusiveBatch: 2, stripes: 1);
        var order = new ArrivalOrder();
        var inside = new Occupancy();
        for (int i = 0; i < 3; i++)
        {
            IGateEntryUnderTest entry = gate.CreateEntry();
            scheduler.Spawn($"exclusive{i}", () => order.Serve(() => entry.EnterExclusiveAsync(), () =>
            {
                inside.Rtnl();
                entry.ExitExclusive();
            }));
        }
        IGateEntryUnderTest shared = gate.CreateEntry();
        scheduler.Spawn("shared", () => Shared(shared, inside));
        AtEndIdle(scheduler, gate);
    });

    public static void Exclusive(IGateEntryUnderTest entry, Occupancy inside)
    {
        Scheduler.Await(entry.EnterExclusiveAsync());
        inside.Rtnl();
        entry.ExitExclusive();
    }

    public static void Shared(IGateEntryUnderTest entry, Occupancy inside)
    {
        Scheduler.Await(entry.EnterSharedAsync());
        inside.Shared();
        entry.ExitShared();
    }

    public static void Repeat(int times, Action action)
    {
        for (int i = 0; i < times; i++)
            action();
    }

    /// <summary>Free, open and empty: both kinds enter by their fast paths, twice.</summary>
    public static void AtEndIdle(Scheduler scheduler, IGateUnderTest gate) => scheduler.AtEnd(() =>
    {
        IGateEntryUnderTest entry = gate.CreateEntry();
        for (int i = 0; i < 2; i++)
        {
            Scheduler.Check(entry.TryEnterExclusive(), "The gate is not free at the end.");
            entry.ExitExclusive();
            ValueTask shared = entry.EnterSharedAsync();
            Scheduler.Check(shared.IsCompletedSuccessfully, "The gate is not open at the end.");
            entry.ExitShared();
        }
    });
}
