using System.CommandLine;
using SmallRtnl.Results;
using Spectre.Console;

namespace SmallRtnl.Bench;

/// <summary><c>bench locks</c>: the lock engine against its goals.</summary>
internal static class LocksCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Write the rows to a file." };
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Write them as a table for the docs." };
        var plot = new Option<FileInfo?>("--plot") { Description = "Draw the gradual rows, .svg or .png." };
        var only = new Option<string[]>("--only") { Description = "Measure some parts only.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. LockSuite.Parts.Select(static part => part.Name)]);
        var quick = new Option<bool>("--quick") { Description = "See whether everything runs; the figures mean little." };
        var statistics = new Option<bool>("--statistics") { Description = "Keep the locks' statistics in the rows that BenchmarkDotNet does not measure; the baselines keep none." };
        var from = new Option<FileInfo?>("--from") { Description = "Measure nothing, take the rows of an earlier file." };
        var command = new Command("locks", "The lock engine against its goals, each with its baseline in the same run.") { json, markdown, plot, only, quick, statistics, from };
        command.SetAction(result =>
        {
            // Read once, at the first use of a lock.
            AppContext.SetData("SmallRtnl.Statistics", result.GetValue(statistics) ? "on" : "off");
            ResultReport report = result.GetValue(from) is { } earlier
                ? ResultReport.Load(earlier.FullName)
                : ResultReport.Of(Measure(result.GetValue(quick) ? LockPlan.Quick : LockPlan.Full, result.GetValue(only) ?? []), isQuick: result.GetValue(quick));
            ResultTable.Print(report);
            if (result.GetValue(json) is { } jsonFile)
                report.Save(jsonFile.FullName);
            if (result.GetValue(markdown) is { } markdownFile)
                File.WriteAllText(markdownFile.FullName, ResultTable.Markdown(report));
            if (result.GetValue(plot) is { } plotFile)
                GradualPlot.Save(report, plotFile.FullName);
        });
        return command;
    }

    private static List<ResultRow> Measure(LockPlan plan, string[] only)
    {
        var rows = new List<ResultRow>();
        foreach ((string name, Func<LockPlan, IEnumerable<ResultRow>> measure) in LockSuite.Parts)
        {
            if (only.Length > 0 && !only.Contains(name))
                continue;
            foreach (ResultRow row in measure(plan))
            {
                AnsiConsole.MarkupLineInterpolated($"[grey]{DateTime.Now:HH:mm:ss}[/] {row.Id}: {row.Ours:0.##} against {row.Baseline:0.##} {row.Unit}, ratio [bold]{row.Ratio:0.00}[/]  [grey]{row.Note}[/]");
                rows.Add(row);
            }
        }
        return rows;
    }
}
