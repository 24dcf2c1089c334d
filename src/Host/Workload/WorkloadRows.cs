using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>The rows that a plain run amounts to.</summary>
internal static class WorkloadRows
{
    /// <summary>Ours against the kernel's run; PerNet against BigLock; a share of converted writers against none.</summary>
    public static IReadOnlyList<ResultRow> Of(IReadOnlyList<WorkloadResult> runs)
    {
        var rows = new List<ResultRow>();
        WorkloadResult? kernel = runs.FirstOrDefault(static run => run.Target == WorkloadTargets.Kernel);
        foreach (WorkloadResult ours in runs.Where(static run => run is { Target: not WorkloadTargets.Kernel, Mode: nameof(RtnlMode.PerNet) }))
        {
            WorkloadResult[] others = [.. runs.Where(run => run.Target == ours.Target && !ReferenceEquals(run, ours))];
            if (ours.Convert == 100)
            {
                if (kernel is not null)
                {
                    rows.Add(Whole(IdOf(ours), ours, kernel));
                    rows.Add(Setup(ours.Target == WorkloadTargets.Socket ? "setup" : $"setup-{ours.Target}", ours, kernel));
                }
                if (others.FirstOrDefault(static run => run.Mode == nameof(RtnlMode.BigLock)) is { } bigLock)
                    rows.Add(Whole(ModeIdOf(ours) + SuffixOf(ours), ours, bigLock));
            }
            if (ours.Convert > 0 && others.FirstOrDefault(static run => run is { Mode: nameof(RtnlMode.PerNet), Convert: 0 }) is { } unconverted)
                rows.Add(Whole(string.Create(CultureInfo.InvariantCulture, $"convert-{ours.Convert}{SuffixOf(ours)}"), ours, unconverted));
        }
        return rows;
    }

    public static ResultRow Whole(string id, WorkloadResult ours, WorkloadResult baseline, string? note = null) => ResultRow.SpeedUp(
        id, $"whole workload, {Describe(ours)}", "s", ours.Seconds, baseline.Seconds, NameOf(baseline), BytesOf(ours), note ?? Note(ours, baseline));

    public static ResultRow Setup(string id, WorkloadResult ours, WorkloadResult baseline) => ResultRow.SpeedUp(
        id, $"set-up alone, {Describe(ours)}", "s", ours.SecondsOf(WorkloadPhase.Setup), baseline.SecondsOf(WorkloadPhase.Setup), NameOf(baseline), BytesOf(ours), "");

    /// <summary>The configuration in words.</summary>
    public static string Describe(WorkloadResult run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.Namespaces:N0} namespaces of {run.Interfaces} interfaces (veth, {run.Kind}), {run.Clients} {(run.Clients == 1 ? "client" : "clients")}, {(run.Pipeline == 1 ? "synchronous" : $"pipeline {run.Pipeline}")}, {NameOf(run)}");

    /// <summary>The target, and how it was set up.</summary>
    public static string NameOf(WorkloadResult run)
    {
        string name = run.Mode is { } mode ? $"{run.Target} {mode}" : run.Target;
        if (run.HoldMilliseconds is { } hold)
            name += string.Create(CultureInfo.InvariantCulture, $", handlers wait {hold:0.###} ms");
        if (run.ComputeMicroseconds is { } compute)
            name += string.Create(CultureInfo.InvariantCulture, $", handlers compute {compute:0.###} µs");
        if (run.Convert is { } convert and < 100)
            name += string.Create(CultureInfo.InvariantCulture, $", {convert} % converted");
        return name;
    }

    /// <summary>What a request allocates.</summary>
    public static double BytesOf(WorkloadResult run) => run.Cost?.AllocatedBytes is { } bytes ? (double)bytes / run.Requests : 0;

    private static string IdOf(WorkloadResult run)
    {
        string id = run.Pipeline > 1 ? "workload-pipeline" : run.Clients == 1 ? "workload-p1" : "workload";
        return run.Target == WorkloadTargets.Socket ? id : $"{id}-{run.Target}";
    }

    /// <summary>What compares ours with ours is measured in process, unless it says otherwise.</summary>
    private static string SuffixOf(WorkloadResult run) => run.Target == WorkloadTargets.Inproc ? "" : $"-{run.Target}";

    private static string ModeIdOf(WorkloadResult run) => (run.HoldMilliseconds, run.ComputeMicroseconds) switch
    {
        ({ } hold, _) => string.Create(CultureInfo.InvariantCulture, $"hold-{hold:0.###}ms"),
        (_, { } compute) => string.Create(CultureInfo.InvariantCulture, $"compute-{compute:0.###}us"),
        _ => "mode-pernet",
    };

    /// <summary>The phases, side by side.</summary>
    public static string Note(WorkloadResult ours, WorkloadResult baseline)
    {
        IEnumerable<string> phases = ours.Phases.Select(phase => string.Create(
            CultureInfo.InvariantCulture, $"{phase.Phase.ToString().ToLowerInvariant()} {phase.Seconds:0.00} and {baseline.SecondsOf(phase.Phase):0.00} s"));
        return $"{string.Create(CultureInfo.InvariantCulture, $"{ours.Requests:N0}")} requests; {string.Join(", ", phases)}";
    }
}
