using System.Diagnostics;
using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>Whether a namespace costs as much among 50,000 as among 500, in this process.</summary>
internal static class LinearRows
{
    private const string Kind = "dummy";
    private const int PauseSize = 10_000;
    private const int MostRuns = 7;
    private const int WarmUpWindows = 5;

    // A short run has hardly a collection of generation 2 by itself, and what does not happen does not pause.
    private static readonly TimeSpan s_collectEvery = TimeSpan.FromMilliseconds(250);

    private static readonly int[] s_sizes = [500, 1000, 2000, PauseSize, 50_000];

    private static int Clients => Math.Min(2, Environment.ProcessorCount);

    public static IEnumerable<ResultRow> Time(GoalRunner runner)
    {
        // The tiers of the compiler are behind the smallest size as well, which would be the slowest otherwise.
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < runner.Settings.Window * WarmUpWindows;)
            _ = Measure(runner, s_sizes[0]);
        int[] repeats = [.. s_sizes.Select(static full => Math.Clamp(PauseSize / full, 3, MostRuns))];
        List<WorkloadResult>[] runs = [.. s_sizes.Select(static _ => new List<WorkloadResult>())];
        // In turn, those that are long not in every one.
        for (int turn = 0; turn < MostRuns; turn++)
        {
            for (int i = 0; i < s_sizes.Length; i++)
            {
                if ((turn + 1) * repeats[i] / MostRuns == turn * repeats[i] / MostRuns)
                    continue;
                WorkloadResult run = Measure(runner, s_sizes[i]);
                runner.Told(run);
                runs[i].Add(run);
            }
        }
        Spread[] times = [.. runs.Select(static ofSize => Spread.Of(ofSize.Select(static run => (run.Seconds + (run.Cost!.LastGoneMilliseconds!.Value / 1000)) / run.Namespaces * 1e6)))];
        string note = string.Join("; ", runs.Zip(times, static (ofSize, time) => string.Create(CultureInfo.InvariantCulture, $"{ofSize[0].Namespaces:N0}: {time.Median:0} µs ({time})")));
        yield return new ResultRow(
            "linear-time",
            What(runner, $"time a namespace, until the last one is gone, {Describe(Clients)}"),
            "µs",
            times[^1].Median,
            times[0].Median,
            Among(runner, s_sizes[0]),
            WorkloadRows.BytesOf(runs[^1][0]),
            note);
    }

    public static IEnumerable<ResultRow> Bytes(GoalRunner runner)
    {
        double[] bytes = [.. s_sizes.Select(full => Weigh(runner, runner.Settings.Scale(full)))];
        string note = string.Join("; ", s_sizes.Zip(bytes, (full, weight) => string.Create(CultureInfo.InvariantCulture, $"{runner.Settings.Scale(full):N0}: {weight:N0} B")));
        yield return new ResultRow(
            "linear-bytes",
            What(runner, "bytes of managed heap a namespace with its content and its socket"),
            "bytes",
            bytes[^1],
            bytes[0],
            Among(runner, s_sizes[0]),
            bytes[^1],
            string.Create(CultureInfo.InvariantCulture, $"{note}; an empty namespace, without a socket: {WeighEmpty(runner.Settings.Scale(2000)):N0} B"));
    }

    public static IEnumerable<ResultRow> Pause(GoalRunner runner)
    {
        using var collecting = new Timer(static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false), state: null, s_collectEvery, s_collectEvery);
        WorkloadResult run = Measure(runner, PauseSize);
        runner.Told(run);
        TargetCost cost = run.Cost!;
        int collections = cost.Collections![GC.MaxGeneration];
        yield return new ResultRow(
            "gc-pause",
            string.Create(CultureInfo.InvariantCulture, $"longest pause of a collection of generation 2, {run.Namespaces:N0} namespaces, {Describe(run.Clients)}, inproc"),
            "ms",
            cost.LongestGen2PauseMilliseconds!.Value,
            50,
            "the goal",
            WorkloadRows.BytesOf(run),
            string.Create(CultureInfo.InvariantCulture, $"seen {cost.Gen2Seen} of {collections}; collections by generation {string.Join('/', cost.Collections!)}, all pauses together {cost.PauseMilliseconds:0.0} ms of {run.Seconds:0.0} s; one of generation 2 asked for every {s_collectEvery.TotalMilliseconds:0} ms"))
        {
            // What has not been seen has not been short.
            IsOffGoal = collections == 0 || cost.Gen2Seen is not > 0,
        };
    }

    private static WorkloadPlan Plan(GoalRunner runner, int size) => WholeRows.Plan(runner, Clients, 1, Kind) with { Namespaces = size, WarmUp = Math.Min(200, size) };

    private static WorkloadResult Measure(GoalRunner runner, int full) =>
        WorkloadRun.Measure(WorkloadTargets.Inproc, new ServerOptions(RtnlMode.PerNet), Plan(runner, runner.Settings.Scale(full)), static _ => { }, runner.Cancellation);

    private static string Describe(int clients) => clients == 1 ? "1 client" : $"{clients} clients";

    private static double Weigh(GoalRunner runner, int size)
    {
        using var target = new InprocTarget(new ServerOptions(RtnlMode.PerNet)) { WeighsHeap = true };
        WorkloadResult run = WorkloadRun.Measure(target, Plan(runner, size), static _ => { }, runner.Cancellation) with { Mode = nameof(RtnlMode.PerNet) };
        runner.Told(run);
        return (double)run.Cost!.LiveBytes!.Value / size;
    }

    private static double WeighEmpty(int count)
    {
        using var target = new InprocTarget(new ServerOptions(RtnlMode.PerNet));
        using var buffer = new ReceiveBuffer(1);
        // What the first one brings along is not a namespace's.
        target.CreateNamespace("first", buffer);
        string[] names = [.. Enumerable.Range(0, count).Select(static number => string.Create(CultureInfo.InvariantCulture, $"w{number:000000}"))];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (string name in names)
            target.CreateNamespace(name, buffer);
        double bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        GC.KeepAlive(target);
        return bytes;
    }

    private static string What(GoalRunner runner, string what) => string.Create(CultureInfo.InvariantCulture, $"{what} among {runner.Settings.Scale(s_sizes[^1]):N0}, inproc");

    private static string Among(GoalRunner runner, int full) => string.Create(CultureInfo.InvariantCulture, $"among {runner.Settings.Scale(full):N0}");
}
