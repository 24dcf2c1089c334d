using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>The whole workload over the socket against the kernel.</summary>
internal static class WholeRows
{
    /// <summary>How many requests of a socket are under way at once, of the goal that has several.</summary>
    public const int Pipeline = 16;

    public static IEnumerable<ResultRow> Synchronous(GoalRunner runner)
    {
        WorkloadPlan plan = Plan(runner, runner.Settings.Clients, 1);
        var (ours, kernel) = Compare(runner, plan);
        ResultRow floor = Floor(runner, plan, Median(ours));
        ResultRow whole = Row("workload", ours, kernel);
        yield return whole with { Note = $"{whole.Note}; {floor.What}: {floor.Note}" };
        Spread setup = Spread.Of(ours.Select(static run => run.SecondsOf(WorkloadPhase.Setup)));
        Spread setupKernel = Spread.Of(kernel.Select(static run => run.SecondsOf(WorkloadPhase.Setup)));
        yield return WorkloadRows.Setup("setup", ours[0], kernel[0]) with
        {
            Ours = setup.Median,
            Baseline = setupKernel.Median,
            Ratio = setupKernel.Median / setup.Median,
            Note = $"ours {setup}; kernel {setupKernel}",
        };
        yield return floor;
    }

    public static IEnumerable<ResultRow> Pipelined(GoalRunner runner)
    {
        var (ours, kernel) = Compare(runner, Plan(runner, runner.Settings.Clients, Pipeline));
        yield return Row("workload-pipeline", ours, kernel);
    }

    public static IEnumerable<ResultRow> OneClient(GoalRunner runner)
    {
        // Once for the kernel, which takes minutes.
        var (ours, kernel) = Compare(runner, Plan(runner, 1, 1), kernelTimes: 1);
        yield return Row("workload-p1", ours, kernel);
    }

    public static WorkloadPlan Plan(GoalRunner runner, int clients, int pipeline, string? kind = null) =>
        new(runner.Settings.Namespaces, clients, runner.Settings.Interfaces, pipeline, kind ?? runner.Kind) { WarmUp = Math.Min(100, runner.Settings.Namespaces) };

    public static WorkloadResult Median(IReadOnlyList<WorkloadResult> runs) => runs.OrderBy(static run => run.Seconds).ElementAt(runs.Count / 2);

    /// <summary>A row of two sides' median runs.</summary>
    public static ResultRow Row(string id, IReadOnlyList<WorkloadResult> ours, IReadOnlyList<WorkloadResult> baseline)
    {
        WorkloadResult one = Median(ours);
        WorkloadResult other = Median(baseline);
        return WorkloadRows.Whole(id, one, other, $"{WorkloadRows.Note(one, other)}; ours {Spread.Of(ours.Select(static run => run.Seconds))}; {other.Target} {Spread.Of(baseline.Select(static run => run.Seconds))}");
    }

    private static (IReadOnlyList<WorkloadResult> Ours, IReadOnlyList<WorkloadResult> Kernel) Compare(GoalRunner runner, WorkloadPlan plan, int? kernelTimes = null)
    {
        var server = new ServerOptions(RtnlMode.PerNet);
        return runner.InTurn(() => runner.Run(WorkloadTargets.Socket, server, plan), () => runner.Run(WorkloadTargets.Kernel, server, plan), kernelTimes);
    }

    private static ResultRow Floor(GoalRunner runner, WorkloadPlan plan, WorkloadResult ours)
    {
        int each = (int)(ours.Requests / plan.Clients);
        var (blocking, polling) = runner.InTurn(() => EchoFloor.Measure(plan.Clients, each, polls: false), () => EchoFloor.Measure(plan.Clients, each, polls: true));
        Spread echo = Spread.Of(blocking);
        Spread polled = Spread.Of(polling);
        return new ResultRow(
            "echo-floor",
            string.Create(CultureInfo.InvariantCulture, $"a bare echo of as many requests ({(long)each * plan.Clients:N0}) over SOCK_SEQPACKET, {plan.Clients} connections"),
            "s",
            echo.Median,
            ours.Seconds,
            "the workload over the socket",
            null,
            string.Create(CultureInfo.InvariantCulture, $"both sides blocking {echo.Median:0.00} s ({echo}), looking before they sleep as the workload's do {polled.Median:0.00} s ({polled})"));
    }
}
