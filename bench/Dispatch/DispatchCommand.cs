using System.CommandLine;
using SmallRtnl.Results;
using Spectre.Console;

namespace SmallRtnl.Bench;

/// <summary><c>bench dispatch</c>: dispatch, codec and dumps against their peers.</summary>
internal static class DispatchCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Write the rows to a file." };
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Write them as a table for the docs." };
        var only = new Option<string[]>("--only") { Description = "Measure some rows only.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. DispatchRows.Ids]);
        var quick = new Option<bool>("--quick") { Description = "See whether everything runs; the figures mean little." };
        var command = new Command("dispatch", "Dispatch, parsing, writing and dumps, each with its peer in the same run.") { json, markdown, only, quick };
        command.SetAction(result =>
        {
            var rows = new List<ResultRow>();
            foreach (ResultRow row in DispatchRows.Measure(result.GetValue(quick) ? LockPlan.Quick : LockPlan.Full, result.GetValue(only) ?? []))
            {
                AnsiConsole.MarkupLineInterpolated($"[grey]{DateTime.Now:HH:mm:ss}[/] {row.Id}: {row.Ours:0.##} against {row.Baseline:0.##} {row.Unit}, ratio [bold]{row.Ratio:0.00}[/]  [grey]{row.Note}[/]");
                rows.Add(row);
            }
            ResultReport report = ResultReport.Of(rows, isQuick: result.GetValue(quick));
            ResultTable.Print(report);
            if (result.GetValue(json) is { } jsonFile)
                report.Save(jsonFile.FullName);
            if (result.GetValue(markdown) is { } markdownFile)
                File.WriteAllText(markdownFile.FullName, ResultTable.Markdown(report));
        });
        return command;
    }
}
