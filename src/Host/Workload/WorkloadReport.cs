using System.Text.Json;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>What <c>--json</c> writes: the rows, and the runs that they come from.</summary>
internal sealed record WorkloadReport(string Machine, string Commit, string Command, IReadOnlyList<ResultRow> Rows, IReadOnlyList<WorkloadResult> Runs)
{
    public static WorkloadReport Of(string command, IReadOnlyList<ResultRow> rows, IReadOnlyList<WorkloadResult> runs) =>
        new(ResultReport.DescribeMachine(), ResultReport.DescribeCommit(), command, rows, runs);

    public void Save(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, WorkloadJson.Default.WorkloadReport) + "\n");
}
