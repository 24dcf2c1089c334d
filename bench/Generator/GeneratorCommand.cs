using System.CommandLine;
using SmallRtnl.Results;
using Spectre.Console;

namespace SmallRtnl.Bench;

/// <summary><c>bench generator</c>: what the generators cost with very many handlers in one compilation.</summary>
internal static class GeneratorCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Write the rows to a file." };
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Write them as a table for the docs." };
        var handlers = new Option<int>("--handlers") { Description = "How many.", DefaultValueFactory = static _ => 1000 };
        var command = new Command("generator", "What the source generators cost an editor and a build, by the driver's own clock.") { json, markdown, handlers };
        command.SetAction(result =>
        {
            var rows = new List<ResultRow>();
            foreach (ResultRow row in GeneratorRows.Measure(result.GetValue(handlers)))
            {
                AnsiConsole.MarkupLineInterpolated($"[grey]{DateTime.Now:HH:mm:ss}[/] {row.Id}: {row.Ours:0.##} {row.Unit}, of {row.Baseline:0.##} [bold]{row.Ratio:0.00}[/]  [grey]{row.Note}[/]");
                rows.Add(row);
            }
            ResultReport report = ResultReport.Of(rows);
            ResultTable.Print(report);
            if (result.GetValue(json) is { } jsonFile)
                report.Save(jsonFile.FullName);
            if (result.GetValue(markdown) is { } markdownFile)
                File.WriteAllText(markdownFile.FullName, ResultTable.Markdown(report));
        });
        return command;
    }
}
