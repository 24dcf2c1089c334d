using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>What is measured together, with the ids that come of it.</summary>
internal sealed record GoalPart(string[] Ids, Func<GoalRunner, IReadOnlySet<string>, IEnumerable<ResultRow>> Measure)
{
    /// <summary>All, the quick ones first.</summary>
    public static readonly IReadOnlyList<GoalPart> All =
    [
        new(["cold-start"], static (runner, _) => ColdStartRow.Measure(runner, runner.Settings.Server)),
        new(["churn-inproc"], static (runner, _) => ChurnRows.Inproc(runner)),
        new(["churn-socket"], static (runner, _) => ChurnRows.Socket(runner)),
        new(["churn-pipeline"], static (runner, _) => ChurnRows.Pipelined(runner)),
        new(["dump-links", "dump-addresses"], static (runner, ids) => DumpRows.Measure(runner, ids.Contains("dump-links"), ids.Contains("dump-addresses"))),
        new(["workload", "setup", "echo-floor"], static (runner, _) => WholeRows.Synchronous(runner)),
        new(["workload-pipeline"], static (runner, _) => WholeRows.Pipelined(runner)),
        new(["workload-p1"], static (runner, _) => WholeRows.OneClient(runner)),
        new(["cpu-2"], static (runner, _) => ModeRows.Cpu(runner)),
        new(["hold-1ms"], static (runner, _) => ModeRows.Hold(runner)),
        new(["linear-time"], static (runner, _) => LinearRows.Time(runner)),
        new(["linear-bytes"], static (runner, _) => LinearRows.Bytes(runner)),
        new(["gc-pause"], static (runner, _) => LinearRows.Pause(runner)),
    ];

    /// <summary>Every id.</summary>
    public static string[] AllIds => [.. All.SelectMany(static part => part.Ids)];

    /// <summary>Measures what is asked for, a row after another.</summary>
    public static IEnumerable<ResultRow> MeasureAll(GoalRunner runner, IReadOnlySet<string> ids)
    {
        foreach (GoalPart part in All)
        {
            if (!part.Ids.Any(ids.Contains))
                continue;
            foreach (ResultRow row in part.Measure(runner, ids))
            {
                if (ids.Contains(row.Id))
                    yield return row;
            }
        }
    }
}
