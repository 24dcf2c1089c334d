using System.Globalization;
using Spectre.Console;

namespace SmallRtnl.Host;

/// <summary>Runs on the terminal.</summary>
internal static class WorkloadTable
{
    private static readonly string[] s_figures = ["count", "requests/s", "p50 µs", "p99 µs", "max µs", "objects"];

    public static void Print(WorkloadResult run)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .Title(Markup.Escape(WorkloadRows.Describe(run)))
            .AddColumn("request")
            .AddColumns([.. s_figures.Select(static name => new TableColumn(name).RightAligned())]);
        if (run.Pipeline > 1)
            table.Caption($"Up to {run.Pipeline} requests are sent together: each counts as its share of the time until the last one's answer.");
        foreach (RequestResult request in run.ByRequest)
        {
            table.AddRow(
                request.Kind.ToString(),
                Number(request.Count),
                Number(request.PerSecond),
                Fine(request.P50),
                Fine(request.P99),
                Fine(request.Max),
                request.Objects == 0 ? "" : Number(request.Objects));
        }
        AnsiConsole.Write(table);
    }

    /// <summary>All runs beside one another.</summary>
    public static void Compare(IReadOnlyList<WorkloadResult> runs)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (WorkloadResult run in runs)
            table.AddColumn(new TableColumn(Markup.Escape(WorkloadRows.NameOf(run))).RightAligned());
        foreach (WorkloadPhase phase in Enum.GetValues<WorkloadPhase>())
            Row($"{phase.ToString().ToLowerInvariant()}, s", run => Fine(run.SecondsOf(phase)));
        Row("[bold]total, s[/]", static run => $"[bold]{Fine(run.Seconds)}[/]");
        Row("requests", static run => Number(run.Requests));
        Row("requests/s", static run => Number(run.Requests / run.Seconds));
        Row("processor, tool, s", static run => run.Cost?.ToolCpuSeconds is { } cpu ? Fine(cpu) : "-");
        Row("processor, server, s", static run => run.Cost?.ServerCpuSeconds is { } cpu ? Fine(cpu) : "-");
        Row("objects answered", static run => Number(run.Objects));
        Row("netlink answered, MB", static run => Fine(run.Bytes / 1e6));
        string kernels = runs.Any(static run => run.Target == WorkloadTargets.Kernel) ? " (kernel: Slab + Percpu gained, whole machine)" : "";
        Row($"peak memory, MB{kernels}", static run => Fine((run.Cost?.PeakBytes ?? 0) / 1e6));
        Row("allocated, MB", static run => run.Cost?.AllocatedBytes is { } bytes ? Fine(bytes / 1e6) : "-");
        Row("allocated, B a request", static run => run.Cost?.AllocatedBytes is { } bytes ? Number((double)bytes / run.Requests) : "-");
        Row("collections", static run => run.Cost?.Collections is { } collections ? string.Join('/', collections) : "-");
        Row("pauses, ms", static run => run.Cost?.PauseMilliseconds is { } pause ? Fine(pause) : "-");
        Row("longest of gen 2, ms", static run => run.Cost?.LongestGen2PauseMilliseconds is { } pause ? Fine(pause) : "-");
        Row("waits for a lock", static run => run.Cost?.Contentions is { } contentions ? Number(contentions) : "-");
        Row("lock wait, ms", static run => run.Cost?.LockWaitMilliseconds is { } wait ? Fine(wait) : "-");
        Row("last one gone after, ms", static run => run.Cost?.LastGoneMilliseconds is { } gone ? Fine(gone) : "-");
        AnsiConsole.Write(table);

        void Row(string name, Func<WorkloadResult, string> value) => table.AddRow([name, .. runs.Select(value)]);
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Fine(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "N0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
