using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>One net mutex that everybody wants: a holder and so many waiters, each of which does nothing with it and asks again.</summary>
internal static class HandoverRow
{
    public static readonly int[] Waiters = [2, 8, 64];

    public static string IdOf(int waiters) => $"handover-{waiters}";

    [LockDisciplineIgnore("The lock is held until everybody has queued for it.")]
    public static ResultRow Measure(LockPlan plan, int waiters)
    {
        using var host = new BenchHost(RtnlMode.PerNet, nets: 1);
        (Sample ours, Sample baseline, double lowest, double highest) = Throughput.Compare(
            plan,
            () =>
            {
                using var first = RtnlContext.Create();
                AsyncRtnlLease held = host.Nets[0].LockAsync(first).GetAwaiter().GetResult();
                return Throughput.Measure([.. Enumerable.Range(0, waiters + 1).Select(_ => new NetWorker(host.Nets[0]))], plan, plan.Window, queued: held.Dispose);
            },
            () =>
            {
                using var semaphore = new SemaphoreSlim(0, 1);
                return Throughput.Measure([.. Enumerable.Range(0, waiters + 1).Select(_ => new SemaphoreWorker(semaphore))], plan, plan.Window, queued: () => semaphore.Release());
            });
        return new ResultRow(
            IdOf(waiters),
            $"one namespace's lock handed over among a holder and {waiters} waiters",
            "operations/s",
            ours.PerSecond,
            baseline.PerSecond,
            "SemaphoreSlim.WaitAsync",
            ours.Bytes,
            $"statistics {(RtnlStatistics.IsEnabled ? "on" : "off")}; ratios of the pairs {lowest:0.00} to {highest:0.00}; the baseline allocates {baseline.Bytes:0} B; thread-pool threads {ours.ThreadsBefore}, at most {ours.ThreadsMost} while {waiters} waited");
    }

    private sealed class NetWorker(Net net) : Worker
    {
        private readonly RtnlContext _owner = RtnlContext.Create();

        public override async Task RunAsync()
        {
            while (!IsStopping)
            {
                using (await net.LockAsync(_owner).ConfigureAwait(false))
                    Completed();
            }
        }
    }

    private sealed class SemaphoreWorker(SemaphoreSlim semaphore) : Worker
    {
        public override async Task RunAsync()
        {
            while (!IsStopping)
            {
                await semaphore.WaitAsync().ConfigureAwait(false);
                Completed();
                semaphore.Release();
            }
        }
    }
}
