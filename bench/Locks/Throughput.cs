using System.Diagnostics;

namespace SmallRtnl.Bench;

/// <summary>What workers did in a window of time.</summary>
/// <param name="PerSecond">Operations.</param>
/// <param name="Bytes">Allocated for each operation, by anybody in the process.</param>
/// <param name="ThreadsBefore">Thread-pool threads when the window began.</param>
/// <param name="ThreadsMost">The most of them during the window.</param>
internal readonly record struct Sample(double PerSecond, double Bytes, int ThreadsBefore, int ThreadsMost);

/// <summary>Counts operations over a window that begins and ends while all workers are at work.</summary>
internal static class Throughput
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(10);

    /// <param name="workers">Fresh ones; they are stopped at the end.</param>
    /// <param name="plan">How long they run before the window.</param>
    /// <param name="window">The window.</param>
    /// <param name="begun">Called when the window begins.</param>
    /// <param name="queued">Called once all workers have run into whatever holds them up.</param>
    public static Sample Measure(IReadOnlyList<Worker> workers, LockPlan plan, TimeSpan window, Action? begun = null, Action? queued = null)
    {
        Task[] running = [.. workers.Select(static worker => Task.Run(worker.RunAsync))];
        if (queued is not null)
        {
            Thread.Sleep(plan.WarmUp);
            queued();
        }
        Thread.Sleep(plan.WarmUp);
        int threadsBefore = ThreadPool.ThreadCount;
        int threadsMost = threadsBefore;
        long bytesBefore = GC.GetTotalAllocatedBytes(precise: true);
        begun?.Invoke();
        long operationsBefore = Sum(workers);
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < window)
        {
            Thread.Sleep(s_slice);
            threadsMost = Math.Max(threadsMost, ThreadPool.ThreadCount);
        }
        long operations = Sum(workers) - operationsBefore;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - bytesBefore;
        foreach (Worker worker in workers)
            worker.Stop();
        Task.WaitAll(running);
        if (operations == 0)
            throw new InvalidOperationException("The workers did nothing.");
        return new Sample(operations / elapsed.TotalSeconds, (double)bytes / operations, threadsBefore, threadsMost);
    }

    /// <summary>Measures both sides in turn, so that a busy spell of the machine meets both, and gives each one's median run.</summary>
    /// <returns>The medians, and the smallest and largest ratio of a pair.</returns>
    public static (Sample Ours, Sample Baseline, double LowestRatio, double HighestRatio) Compare(LockPlan plan, Func<Sample> ours, Func<Sample> baseline)
    {
        var pairs = new (Sample Ours, Sample Baseline)[plan.Repetitions];
        for (int i = 0; i < pairs.Length; i++)
        {
            if (i % 2 == 0)
            {
                pairs[i].Ours = ours();
                pairs[i].Baseline = baseline();
            }
            else
            {
                pairs[i].Baseline = baseline();
                pairs[i].Ours = ours();
            }
        }
        IEnumerable<double> ratios = pairs.Select(static pair => pair.Ours.PerSecond / pair.Baseline.PerSecond);
        return (Median(pairs.Select(static pair => pair.Ours)), Median(pairs.Select(static pair => pair.Baseline)), ratios.Min(), ratios.Max());
    }

    private static Sample Median(IEnumerable<Sample> samples)
    {
        Sample[] sorted = [.. samples.OrderBy(static sample => sample.PerSecond)];
        return sorted[sorted.Length / 2] with { ThreadsMost = sorted.Max(static sample => sample.ThreadsMost), ThreadsBefore = sorted.Min(static sample => sample.ThreadsBefore) };
    }

    private static long Sum(IReadOnlyList<Worker> workers)
    {
        long sum = 0;
        foreach (Worker worker in workers)
            sum += worker.Operations;
        return sum;
    }
}
