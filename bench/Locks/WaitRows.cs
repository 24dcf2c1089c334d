using System.Diagnostics;
using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>How long one side of the gate waits under a storm of the other.</summary>
internal static class WaitRows
{
    public const string ExclusiveId = "exclusive-wait-p99";
    public const string SharedId = "shared-wait-p99";

    private const int SharedStorm = 32;
    private const int ExclusiveStorm = ResultGoal.ExclusiveStorm;
    private const int SmallBatch = 2;

    public static ResultRow Exclusive(LockPlan plan)
    {
        using var host = new BenchHost(RtnlMode.PerNet, SharedStorm);
        Waits waits = Run(plan, host, SharedStorm, isExclusiveProbe: true);
        return Row(ExclusiveId, $"p99 of an Rtnl request's wait among {SharedStorm} PerNet requests that hold for 1 ms and ask again", waits,
            "the bound: one longest shared hold, since no later shared request overtakes a waiting exclusive one");
    }

    public static ResultRow Shared(LockPlan plan)
    {
        using var host = new BenchHost(RtnlMode.PerNet, nets: 1);
        Waits waits = Run(plan, host, ExclusiveStorm, isExclusiveProbe: false);
        using var small = new BenchHost(RtnlMode.PerNet, nets: 1, SmallBatch);
        Waits smallWaits = Run(plan with { WaitWindow = plan.WaitWindow / 2 }, small, ExclusiveStorm, isExclusiveProbe: false);
        return Row(SharedId, $"p99 of a PerNet request's wait among {ExclusiveStorm} Rtnl requests that hold for 1 ms and ask again", waits,
            $"the bound: the smaller of MaxExclusiveBatch ({host.Gate.MaxExclusiveBatch}) and the exclusives queued ({ExclusiveStorm}), in longest holds, and the one under way; "
            + $"with MaxExclusiveBatch = {SmallBatch} the p99 is {smallWaits.P99 / smallWaits.LongestHold:0.00} holds");
    }

    private static ResultRow Row(string id, string what, Waits waits, string bound) => new(
        id,
        what,
        "ms",
        waits.P99.TotalMilliseconds,
        waits.LongestHold.TotalMilliseconds,
        "the longest single hold",
        waits.Bytes,
        $"{bound}; {waits.Count} waits, median {waits.Median.TotalMilliseconds:0.00} ms, longest {waits.Longest.TotalMilliseconds:0.00} ms; holds {waits.MeanHold.TotalMilliseconds:0.00} ms on average");

    private static Waits Run(LockPlan plan, BenchHost host, int storm, bool isExclusiveProbe)
    {
        StormWorker[] stormers = [.. Enumerable.Range(0, storm).Select(i => new StormWorker(isExclusiveProbe ? null : host.Gate, host.Nets[i % host.Nets.Length]))];
        var probe = new Probe(isExclusiveProbe ? host.Gate : null, host.Nets[0]);
        Sample sample = Throughput.Measure([.. stormers, probe], plan, plan.WaitWindow, () =>
        {
            foreach (StormWorker stormer in stormers)
                stormer.IsRecording = true;
            probe.IsRecording = true;
        });
        TimeSpan[] waits = [.. probe.Times.Order()];
        if (waits.Length == 0)
            throw new InvalidOperationException("Nothing waited.");
        TimeSpan longest = stormers.Max(static stormer => stormer.Longest);
        TimeSpan mean = stormers.Aggregate(TimeSpan.Zero, static (sum, stormer) => sum + stormer.Total) / stormers.Sum(static stormer => stormer.Count);
        return new Waits(waits[(int)(waits.Length * 0.99)], waits[waits.Length / 2], waits[^1], waits.Length, longest, mean, sample.Bytes);
    }

    private readonly record struct Waits(TimeSpan P99, TimeSpan Median, TimeSpan Longest, int Count, TimeSpan LongestHold, TimeSpan MeanHold, double Bytes);

    /// <summary>Takes its side of the gate, holds it, and asks again at once.</summary>
    private sealed class StormWorker(RtnlGate? gate, Net net) : Worker
    {
        private readonly RtnlContext _owner = RtnlContext.Create();

        public bool IsRecording { get; set; }

        public TimeSpan Longest { get; private set; }

        public TimeSpan Total { get; private set; }

        public int Count { get; private set; }

        public override async Task RunAsync()
        {
            while (!IsStopping)
            {
                using (gate is null ? await net.LockAsync(_owner).ConfigureAwait(false) : await gate.LockAsync(_owner).ConfigureAwait(false))
                {
                    long began = Stopwatch.GetTimestamp();
                    await HoldClock.WaitAsync().ConfigureAwait(false);
                    Record(Stopwatch.GetElapsedTime(began));
                }
                Completed();
            }
        }

        private void Record(TimeSpan hold)
        {
            if (!IsRecording)
                return;
            Longest = hold > Longest ? hold : Longest;
            Total += hold;
            Count++;
        }
    }

    /// <summary>Asks for the other side at random moments and notes how long it waited.</summary>
    private sealed class Probe(RtnlGate? gate, Net net) : Worker
    {
        private readonly RtnlContext _owner = RtnlContext.Create();
        private readonly Random _random = new(1);

        public bool IsRecording { get; set; }

        public List<TimeSpan> Times { get; } = new(100_000);

        public override async Task RunAsync()
        {
            while (!IsStopping)
            {
                // By the runtime's own timers, which have no fixed phase against the storm's holds.
                await Task.Delay(1 + _random.Next(3)).ConfigureAwait(false);
                long began = Stopwatch.GetTimestamp();
                using (gate is null ? await net.LockAsync(_owner).ConfigureAwait(false) : await gate.LockAsync(_owner).ConfigureAwait(false))
                {
                    if (IsRecording)
                        Times.Add(Stopwatch.GetElapsedTime(began));
                }
                Completed();
            }
        }
    }
}
