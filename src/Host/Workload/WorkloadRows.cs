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
                    rows.Add(Setup(IsGoal(ours, GoalSettings.FullClients, 1) ? "setup" : $"setup-{ours.Target}-{ConfigurationOf(ours)}", ours, kernel));
                }
                if (others.FirstOrDefault(static run => run.Mode == nameof(RtnlMode.BigLock)) is { } bigLock)
                    rows.Add(Whole(ModeIdOf(ours), ours, bigLock));
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

    /// <summary>What a request allocates; null where it is not known.</summary>
    public static double? BytesOf(WorkloadResult run) => (double?)run.Cost?.AllocatedBytes / run.Requests;

    /// <summary>A goal's id is for the goal's configuration; any other says what it is.</summary>
    private static string IdOf(WorkloadResult run) =>
        IsGoal(run, GoalSettings.FullClients, 1) ? "workload"
        : IsGoal(run, GoalSettings.FullClients, WholeRows.Pipeline) ? "workload-pipeline"
        : IsGoal(run, 1, 1) ? "workload-p1"
        : $"workload-{run.Target}-{ConfigurationOf(run)}";

    private static bool IsGoal(WorkloadResult run, int clients, int pipeline) =>
        IsFull(run, clients, pipeline) && run is { Target: WorkloadTargets.Socket, HoldMilliseconds: null, ComputeMicroseconds: null };

    private static bool IsFull(WorkloadResult run, int clients, int pipeline) =>
        run is { Namespaces: GoalSettings.FullNamespaces, Interfaces: GoalSettings.FullInterfaces } && run.Clients == clients && run.Pipeline == pipeline;

    private static string ConfigurationOf(WorkloadResult run) =>
        $"n{run.Namespaces}-p{run.Clients}-k{run.Interfaces}{(run.Pipeline > 1 ? $"-pipeline{run.Pipeline}" : "")}";

    /// <summary>What compares ours with ours is measured in process, unless it says otherwise.</summary>
    private static string SuffixOf(WorkloadResult run) => run.Target == WorkloadTargets.Inproc ? "" : $"-{run.Target}";

    private static string ModeIdOf(WorkloadResult run)
    {
        string id = (run.HoldMilliseconds, run.ComputeMicroseconds) switch
        {
            ({ } hold, _) => string.Create(CultureInfo.InvariantCulture, $"hold-{hold:0.###}ms"),
            (_, { } compute) => string.Create(CultureInfo.InvariantCulture, $"compute-{compute:0.###}us"),
            _ => "mode-pernet",
        } + SuffixOf(run);
        return id != ModeRows.HoldId || (IsFull(run, ModeRows.ManyClients, 1) && run.ComputeMicroseconds is null) ? id : $"{id}-{ConfigurationOf(run)}";
    }

    /// <summary>The phases, what was answered, the processors' time and the warm-up, side by side.</summary>
    public static string Note(WorkloadResult ours, WorkloadResult baseline)
    {
        IEnumerable<string> phases = ours.Phases.Select(phase => string.Create(
            CultureInfo.InvariantCulture, $"{phase.Phase.ToString().ToLowerInvariant()} {phase.Seconds:0.00} and {baseline.SecondsOf(phase.Phase):0.00} s"));
        string requests = string.Create(CultureInfo.InvariantCulture, $"{ours.Requests:N0} requests");
        return $"{requests}; {string.Join(", ", phases)}; {Answers(ours, baseline)}; processor {CpuOf(ours)} and {CpuOf(baseline)}; warm-up {WarmUpOf(ours)} and {WarmUpOf(baseline)}{PatienceOf(ours)}";
    }

    /// <summary>That client and server look for what is to come before they sleep, for a row over the socket.</summary>
    public static string PatienceOf(string target) => target != WorkloadTargets.Socket ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"; the client looks {ReceiveBuffer.Patience.TotalMicroseconds:0} µs for an answer and the server {new RtnetlinkOptions().BusyPoll.TotalMicroseconds:0} µs for a request before they sleep");

    private static string PatienceOf(WorkloadResult run) => PatienceOf(run.Target);

    /// <summary>Whether both sides answered the same.</summary>
    private static string Answers(WorkloadResult ours, WorkloadResult baseline)
    {
        var others = baseline.ByRequest.ToDictionary(static request => request.Kind, static request => request.Objects);
        string[] differences =
        [
            .. from request in ours.ByRequest
               let other = others.GetValueOrDefault(request.Kind)
               where request.Objects != other
               select string.Create(CultureInfo.InvariantCulture, $"{request.Kind} {request.Objects:N0} and {other:N0}{WhyOf(request.Kind, baseline)}"),
        ];
        string bytes = string.Create(CultureInfo.InvariantCulture, $"{ours.Bytes / 1e6:0.0} and {baseline.Bytes / 1e6:0.0} MB of netlink");
        return differences.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{ours.Objects:N0} objects answered on both sides, in {bytes}")
            : $"the objects answered DIFFER: {string.Join(", ", differences)}; in {bytes}";
    }

    private static string WhyOf(RequestKind kind, WorkloadResult baseline) => kind == RequestKind.DumpRoutes && baseline.Target == WorkloadTargets.Kernel
        ? " (the kernel adds the host route of an IPv6 address on a veth pair's end only after duplicate address detection, some seconds later)"
        : "";

    /// <summary>The kernel's threads that remove namespaces are nobody's.</summary>
    private static string CpuOf(WorkloadResult run)
    {
        TargetCost? cost = run.Cost;
        string tool = string.Create(CultureInfo.InvariantCulture, $"tool {cost?.ToolCpuSeconds:0.00} s");
        return cost?.ServerCpuSeconds is { } server ? string.Create(CultureInfo.InvariantCulture, $"{tool}, server {server:0.00} s")
            : run.Target == WorkloadTargets.Kernel ? $"{tool} with its system calls, without the kernel's own threads"
            : tool;
    }

    private static string WarmUpOf(WorkloadResult run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.WarmUpRounds} × {run.WarmUpNamespaces} namespaces{(run.Target == WorkloadTargets.Kernel ? " (it has no tiers of a compiler, and deletes a link in some 15 ms)" : "")}");
}
