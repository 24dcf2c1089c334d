using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>What a lock of each namespace's own gains over one lock, in this process.</summary>
internal static class ModeRows
{
    public const string HoldId = "hold-1ms";
    public const int ManyClients = 64;

    private const string Kind = "dummy";

    /// <summary>Handlers that wait under their lock.</summary>
    public static IEnumerable<ResultRow> Hold(GoalRunner runner)
    {
        var hold = TimeSpan.FromMilliseconds(1);
        WorkloadPlan plan = WholeRows.Plan(runner, ManyClients, 1, Kind) with { WarmUp = Math.Min(WorkloadPlan.SlowWarmUp, runner.Settings.Namespaces) };
        // Once: one lock makes it minutes, which a millisecond here or there does not change.
        WorkloadResult ours = runner.Run(WorkloadTargets.Inproc, new ServerOptions(RtnlMode.PerNet) { Hold = hold }, plan);
        WorkloadResult bigLock = runner.Run(WorkloadTargets.Inproc, new ServerOptions(RtnlMode.BigLock) { Hold = hold }, plan);
        yield return WholeRows.Row(HoldId, [ours], [bigLock]);
    }

    /// <summary>Handlers that compute under their lock, on two cores.</summary>
    public static IEnumerable<ResultRow> Cpu(GoalRunner runner)
    {
        var compute = TimeSpan.FromMicroseconds(50);
        WorkloadPlan plan = WholeRows.Plan(runner, 2, 1, Kind);
        var (ours, bigLock) = runner.InTurn(
            () => runner.Run(WorkloadTargets.Inproc, new ServerOptions(RtnlMode.PerNet) { Compute = compute }, plan),
            () => runner.Run(WorkloadTargets.Inproc, new ServerOptions(RtnlMode.BigLock) { Compute = compute }, plan));
        yield return WholeRows.Row("cpu-2", ours, bigLock);
    }
}
