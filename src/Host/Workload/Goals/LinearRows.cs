using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>Whether a namespace costs as much among 50,000 as among 500, in this process.</summary>
internal static class LinearRows
{
    private const string Kind = "dummy";
    private const int PauseSize = 10_000;

    // A short run has hardly a collection of generation 2 by itself, and what does not happen does not pause.
    private static readonly TimeSpan s_collectEvery = TimeSpan.FromMilliseconds(250);

    private static readonly int[] s_sizes = [500, 1000, 2000, PauseSize, 50_000];

    public static IEnumerable<ResultRow> Time(GoalRunner runner)
    {
        var times = new List<(int Size, Spread Time, double Bytes)>();
        foreach (int full in s_sizes)
        {
            // What is short is repeated.
            int repeat = Math.Clamp(10_000 / full, 1, 7);
            List<WorkloadResult> runs = [.. Enumerable.Range(0, repeat).Select(_ => Run(runner, full))];
            int size = runner.Settings.Scale(full);
            times.Add((size, Spread.Of(runs.Select(run => run.Seconds / size * 1e6)), WorkloadRows.BytesOf(runs[0])));
        }
        string note = string.Join("; ", times.Select(static row => string.Create(CultureInfo.InvariantCulture, $"{row.Size:N0}: {row.Time.Median:0} µs ({row.Time})")));
        yield return new ResultRow("linear-time", What(runner, "time a namespace"), "µs", times[^1].Time.Median, times[0].Time.Median, Among(runner, s_sizes[0]), times[^1].Bytes, note);
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
        WorkloadResult run = Run(runner, PauseSize);
        TargetCost cost = run.Cost!;
        yield return new ResultRow(
            "gc-pause",
            string.Create(CultureInfo.InvariantCulture, $"longest pause of a collection of generation 2, {run.Namespaces:N0} namespaces, inproc"),
            "ms",
            cost.LongestGen2PauseMilliseconds!.Value,
            50,
            "the goal",
            WorkloadRows.BytesOf(run),
            string.Create(CultureInfo.InvariantCulture, $"collections by generation {string.Join('/', cost.Collections!)}, all pauses together {cost.PauseMilliseconds:0.0} ms of {run.Seconds:0.0} s; one of generation 2 asked for every {s_collectEvery.TotalMilliseconds:0} ms"));
    }

    private static WorkloadPlan Plan(GoalRunner runner, int size) => WholeRows.Plan(runner, Math.Min(2, Environment.ProcessorCount), 1, Kind) with { Namespaces = size, WarmUp = Math.Min(200, size) };

    private static WorkloadResult Run(GoalRunner runner, int full) => runner.Run(WorkloadTargets.Inproc, new ServerOptions(RtnlMode.PerNet), Plan(runner, runner.Settings.Scale(full)));

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
