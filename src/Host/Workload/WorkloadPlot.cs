#if RTNL_PLOT
using System.Globalization;
using ScottPlot;
#endif

namespace SmallRtnl.Host;

/// <summary>Runs as a picture: each one's time, by phase.</summary>
internal static class WorkloadPlot
{
#if RTNL_PLOT
    private const int WidthOfBar = 110;
    private const int Margin = 220;
    private const int Height = 460;

    public static void ThrowIfMissing()
    {
    }

    public static void Save(IReadOnlyList<WorkloadResult> runs, string file)
    {
        using var plot = new Plot();
        var palette = new ScottPlot.Palettes.Category10();
        double most = runs.Max(static run => run.Seconds);
        for (int i = 0; i < runs.Count; i++)
        {
            double bottom = 0;
            foreach (PhaseResult phase in runs[i].Phases)
            {
                plot.Add.Bar(new Bar
                {
                    Position = i,
                    ValueBase = bottom,
                    Value = bottom + phase.Seconds,
                    FillColor = palette.GetColor((int)phase.Phase),
                });
                bottom += phase.Seconds;
            }
            var text = plot.Add.Text(bottom.ToString(bottom >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture) + " s", i, bottom);
            text.LabelAlignment = Alignment.LowerCenter;
        }
        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, runs.Count).Select(static i => (double)i)], [.. runs.Select(run => Label(run, runs))]);
        plot.Axes.Bottom.MinimumSize = 60;
        plot.Axes.SetLimits(-0.6, runs.Count - 0.4, 0, most * 1.12);
        plot.YLabel("seconds");
        plot.Title(string.Join(", ", Properties(runs[0]).Where(text => runs.All(run => Properties(run).Contains(text)))));
        foreach (WorkloadPhase phase in Enum.GetValues<WorkloadPhase>())
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = phase.ToString().ToLowerInvariant(), FillColor = palette.GetColor((int)phase) });
        plot.ShowLegend(Edge.Right);
        int width = Margin + Math.Max(3, runs.Count) * WidthOfBar;
        if (Path.GetExtension(file) == ".svg")
            plot.SaveSvg(file, width, Height);
        else
            plot.SavePng(file, width, Height);
    }

    /// <summary>Its name, and what not all runs have in common, which the title says.</summary>
    private static string Label(WorkloadResult run, IReadOnlyList<WorkloadResult> runs)
    {
        IEnumerable<string> own = Properties(run).Where(text => runs.Any(other => !Properties(other).Contains(text)));
        return string.Join(",\n", [.. WorkloadRows.NameOf(run).Split(", "), .. own]);
    }

    private static string[] Properties(WorkloadResult run) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{run.Namespaces:N0} namespaces"),
        $"{run.Clients} {(run.Clients == 1 ? "client" : "clients")}",
        run.Pipeline == 1 ? "synchronous" : $"pipeline {run.Pipeline}",
    ];
#else
    /// <exception cref="WorkloadException">Always: this build has no library that draws.</exception>
    public static void ThrowIfMissing() => throw new WorkloadException("--plot is not in this build, which was published trimmed or ahead of time; --json holds the same figures.");

    public static void Save(IReadOnlyList<WorkloadResult> runs, string file) => ThrowIfMissing();
#endif
}
