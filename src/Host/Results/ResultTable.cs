using System.Globalization;
using Spectre.Console;

namespace SmallRtnl.Results;

/// <summary>A report on the terminal, or as Markdown.</summary>
internal static class ResultTable
{
    public static void Print(ResultReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("id", "ours", "baseline", "unit", "ratio", "goal", "B/op", "");
        foreach (ResultRow row in report.Rows)
        {
            ResultGoal? goal = ResultGoal.Of(row);
            string verdict = goal is not { } wanted ? "" : wanted.IsReachedBy(row) ? "[green]reached[/]" : "[red]missed[/]";
            table.AddRow(row.Id, Figure(row.Ours), Figure(row.Baseline), row.Unit, Figure(row.Ratio), goal?.ToString() ?? "", Figure(row.Bytes), verdict);
        }
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated($"[grey]{report.Machine}; commit {report.Commit}[/]");
    }

    /// <summary>As a table for the docs.</summary>
    public static string Markdown(ResultReport report)
    {
        IEnumerable<string> lines = report.Rows.Select(row =>
            $"| `{row.Id}` | {row.What} | {Figure(row.Ours)} | {Figure(row.Baseline)} {row.Unit} ({row.BaselineName}) | {Figure(row.Ratio)} | {ResultGoal.Of(row)?.ToString() ?? "-"} | {Figure(row.Bytes)} | {row.Note} |");
        return $"""
            {report.Machine}; commit {report.Commit}.

            | id | what | ours | baseline | ratio | goal | B/op | |
            |---|---|---|---|---|---|---|---|
            {string.Join('\n', lines)}

            """;
    }

    private static string Figure(double? bytes) => bytes is { } known ? Figure(known) : "-";

    private static string Figure(double value) => value.ToString(Math.Abs(value) switch { >= 1000 => "N0", >= 100 => "0", >= 10 => "0.0", 0 => "0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
