using System.Diagnostics;
using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>An address added and deleted again and again, by one client.</summary>
internal static class ChurnRows
{
    private const int Link = 10;
    private const int Pairs = 64;
    private const int Samples = 7;

    public static IEnumerable<ResultRow> Inproc(GoalRunner runner) => [Measure(runner, "churn-inproc", WorkloadTargets.Inproc, 1)];

    public static IEnumerable<ResultRow> Socket(GoalRunner runner) => [Measure(runner, "churn-socket", WorkloadTargets.Socket, 1)];

    public static IEnumerable<ResultRow> Pipelined(GoalRunner runner) => [Measure(runner, "churn-pipeline", WorkloadTargets.Socket, 64)];

    private static ResultRow Measure(GoalRunner runner, string id, string target, int pipeline)
    {
        using var ours = new Bed(target, pipeline, runner.Cancellation);
        using var kernel = new Bed(WorkloadTargets.Kernel, pipeline, runner.Cancellation);
        var requests = new List<WorkloadRequest>();
        InetAddress address = InetAddress.FromIPv4(0xac10_0001);
        for (int i = 0; i < Pairs; i++)
        {
            requests.Add(WorkloadScript.NewAddress(Link, address, 24, RequestKind.ChurnNewAddress));
            requests.Add(WorkloadScript.DelAddress(Link, address, 24, RequestKind.ChurnDelAddress));
        }
        WorkloadRequest[] churn = [.. requests];
        foreach (Bed bed in (Bed[])[ours, kernel])
            bed.Execute([WorkloadScript.NewLink(Link, "link0", runner.Kind), WorkloadScript.Up(Link)]);
        TimeSpan window = runner.Settings.Window;
        // Long enough for all tiers of the compiler; the kernel gets as much.
        TimeSpan warmUp = window * 3;
        Rate(ours, churn, warmUp, out _);
        Rate(kernel, churn, warmUp, out _);
        kernel.BeginMeasure();
        ours.BeginMeasure();
        long counted = 0;
        long kernelCounted = 0;
        var rates = new List<double>();
        var kernelRates = new List<double>();
        for (int i = 0; i < Samples; i++)
        {
            runner.Cancellation.ThrowIfCancellationRequested();
            rates.Add(Rate(ours, churn, window, out long made));
            kernelRates.Add(Rate(kernel, churn, window, out long kernelMade));
            counted += made;
            kernelCounted += kernelMade;
        }
        TargetCost cost = ours.EndMeasure();
        TargetCost kernelCost = kernel.EndMeasure();
        Spread rate = Spread.Of(rates);
        Spread kernelRate = Spread.Of(kernelRates);
        return new ResultRow(
            id,
            $"NEWADDR and DELADDR of one address, one client, {(pipeline == 1 ? "synchronous" : $"pipeline {pipeline}")}, {target}",
            "requests/s",
            rate.Median,
            kernelRate.Median,
            "kernel",
            (double?)cost.AllocatedBytes / counted,
            string.Create(
                CultureInfo.InvariantCulture,
                $"ours {rate}; kernel {kernelRate}; processor a request: ours {CpuOf(cost, counted)}, kernel {CpuOf(kernelCost, kernelCounted)}; warm-up {warmUp.TotalSeconds:0.##} s on each side{WorkloadRows.PatienceOf(target)}"));
    }

    private static string CpuOf(TargetCost cost, long requests)
    {
        string tool = string.Create(CultureInfo.InvariantCulture, $"tool {cost.ToolCpuSeconds / requests * 1e6:0.0} µs");
        return cost.ServerCpuSeconds is { } server ? string.Create(CultureInfo.InvariantCulture, $"{tool}, server {server / requests * 1e6:0.0} µs") : tool;
    }

    private static double Rate(Bed bed, WorkloadRequest[] requests, TimeSpan window, out long made)
    {
        made = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            bed.Execute(requests);
            made += requests.Length;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < window);
        return made / elapsed.TotalSeconds;
    }
}
