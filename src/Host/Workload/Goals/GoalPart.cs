using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>What is measured together, with the ids that come of it.</summary>
internal sealed record GoalPart(string[] Ids, Func<GoalRunner, IReadOnlySet<string>, IEnumerable<ResultRow>> Measure)
{
    /// <summary>All, the quick ones first.</summary>
    public static readonly IReadOnlyList<GoalPart> All =
    [
        new(["cold-start"], static (runner, _) => ColdStartRow.Measure(runner, runner.Settings.Server)),
        new(["churn-inproc"], static (runner, _) => ChurnRows.Inproc(runner)) { NeedsKernel = true },
        new(["churn-socket"], static (runner, _) => ChurnRows.Socket(runner)) { NeedsKernel = true },
        new(["churn-pipeline"], static (runner, _) => ChurnRows.Pipelined(runner)) { NeedsKernel = true },
        new(["dump-links", "dump-addresses"], static (runner, ids) => DumpRows.Measure(runner, ids.Contains("dump-links"), ids.Contains("dump-addresses"))) { NeedsKernel = true },
        new(["workload", "setup", "echo-floor"], static (runner, _) => WholeRows.Synchronous(runner)) { NeedsKernel = true, FollowsClients = true },
        new(["workload-pipeline"], static (runner, _) => WholeRows.Pipelined(runner)) { NeedsKernel = true, FollowsClients = true },
        new(["workload-p1"], static (runner, _) => WholeRows.OneClient(runner)) { NeedsKernel = true },
        new(["cpu-2"], static (runner, _) => ModeRows.Cpu(runner)),
        new(["hold-1ms"], static (runner, _) => ModeRows.Hold(runner)),
        new(["linear-time"], static (runner, _) => LinearRows.Time(runner)),
        new(["linear-bytes"], static (runner, _) => LinearRows.Bytes(runner)),
        new(["gc-pause"], static (runner, _) => LinearRows.Pause(runner)),
    ];

    /// <summary>Whether the machine's own kernel takes part.</summary>
    public bool NeedsKernel { get; init; }

    /// <summary>Whether it has as many clients as the caller says.</summary>
    public bool FollowsClients { get; init; }

    /// <summary>Every id.</summary>
    public static string[] AllIds => [.. All.SelectMany(static part => part.Ids)];

    /// <summary>Measures what is asked for, a row after another.</summary>
    public static IEnumerable<ResultRow> MeasureAll(GoalRunner runner, IReadOnlySet<string> ids)
    {
        GoalPart[] parts = [.. All.Where(part => part.Ids.Any(ids.Contains))];
        // What the kernel cannot do is known before the first hour.
        if (parts.Any(static part => part.NeedsKernel))
            _ = runner.Kind;
        foreach (GoalPart part in parts)
        {
            string difference = runner.Settings.Difference(part.FollowsClients);
            foreach (ResultRow row in part.Measure(runner, ids))
            {
                if (ids.Contains(row.Id))
                    yield return difference == "" ? row : row with { Id = row.Id + difference, IsOffGoal = true };
            }
            // What it leaves behind is not the next one's.
            if (part.NeedsKernel)
                runner.AwaitKernel();
        }
    }
}
