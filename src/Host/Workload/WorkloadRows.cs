using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>The rows that a plain run amounts to.</summary>
internal static class WorkloadRows
{
    /// <summary>Ours against the kernel's run, and mode against mode where there are several.</summary>
    public static IReadOnlyList<ResultRow> Of(IReadOnlyList<WorkloadResult> runs)
    {
        var rows = new List<ResultRow>();
        WorkloadResult? kernel = runs.FirstOrDefault(static run => run.Target == "kernel");
        foreach (WorkloadResult ours in runs)
        {
            if (kernel is null || ours.Target == "kernel" || (ours.Mode is { } mode && mode != nameof(RtnlMode.PerNet)))
                continue;
            rows.Add(Whole(IdOf(ours), ours, kernel));
            rows.Add(Setup(ours.Target == "socket" ? "setup" : $"setup-{ours.Target}", ours, kernel));
        }
        return rows;
    }

    public static ResultRow Whole(string id, WorkloadResult ours, WorkloadResult baseline) => ResultRow.SpeedUp(
        id, $"whole workload, {Describe(ours)}", "s", ours.Seconds, baseline.Seconds, NameOf(baseline), BytesOf(ours), Note(ours, baseline));

    public static ResultRow Setup(string id, WorkloadResult ours, WorkloadResult baseline) => ResultRow.SpeedUp(
        id, $"set-up alone, {Describe(ours)}", "s", ours.SecondsOf(WorkloadPhase.Setup), baseline.SecondsOf(WorkloadPhase.Setup), NameOf(baseline), BytesOf(ours), "");

    /// <summary>The configuration in words.</summary>
    public static string Describe(WorkloadResult run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.Namespaces:N0} namespaces of {run.Interfaces} interfaces (veth, {run.Kind}), {run.Clients} {(run.Clients == 1 ? "client" : "clients")}, {(run.Pipeline == 1 ? "synchronous" : $"pipeline {run.Pipeline}")}, {run.Target}{(run.Mode is { } mode ? " " + mode : "")}");

    private static string NameOf(WorkloadResult run) => run.Mode is { } mode ? $"{run.Target} {mode}" : run.Target;

    private static double BytesOf(WorkloadResult run) => run.Cost?.AllocatedBytes is { } bytes ? (double)bytes / run.Requests : 0;

    private static string IdOf(WorkloadResult run)
    {
        string id = run.Pipeline > 1 ? "workload-pipeline" : run.Clients == 1 ? "workload-p1" : "workload";
        return run.Target == "socket" ? id : $"{id}-{run.Target}";
    }

    private static string Note(WorkloadResult ours, WorkloadResult baseline)
    {
        IEnumerable<string> phases = ours.Phases.Select(phase => string.Create(
            CultureInfo.InvariantCulture, $"{phase.Phase.ToString().ToLowerInvariant()} {phase.Seconds:0.00} and {baseline.SecondsOf(phase.Phase):0.00} s"));
        return $"{string.Create(CultureInfo.InvariantCulture, $"{ours.Requests:N0}")} requests; {string.Join(", ", phases)}";
    }
}
