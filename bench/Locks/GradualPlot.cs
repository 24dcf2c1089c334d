using System.Globalization;
using ScottPlot;
using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>The gradual rows as a picture: what each share of converted requests gains over none.</summary>
internal static class GradualPlot
{
    private const int Width = 720;
    private const int Height = 440;

    public static void Save(ResultReport report, string file)
    {
        (double Percent, double Ratio)[] points =
        [
            (0, 1),
            .. report.Rows
                .Where(static row => row.Id.StartsWith("gradual-", StringComparison.Ordinal))
                .Select(static row => (double.Parse(row.Id["gradual-".Length..], CultureInfo.InvariantCulture), row.Ratio)),
            .. report.Rows.Where(static row => row.Id == ParallelRows.AwaitId).Select(static row => (100d, row.Ratio)),
        ];
        if (points.Length < 2)
            throw new InvalidDataException("The report has no gradual rows.");

        using var plot = new Plot();
        // Equal factors are equal heights.
        var line = plot.Add.Scatter(points.Select(static point => point.Percent).ToArray(), points.Select(static point => Math.Log10(point.Ratio)).ToArray());
        line.LineWidth = 2;
        line.MarkerSize = 8;
        foreach ((double percent, double ratio) in points)
        {
            var text = plot.Add.Text(ratio.ToString("0.##", CultureInfo.InvariantCulture) + "x", percent, Math.Log10(ratio));
            text.LabelAlignment = percent > 50 ? Alignment.LowerRight : Alignment.LowerLeft;
            text.OffsetY = -6;
        }
        double[] ticks = [1, 2, 5, 10, 20, 50, 100];
        plot.Axes.Left.SetTicks([.. ticks.Select(Math.Log10)], [.. ticks.Select(static tick => tick.ToString(CultureInfo.InvariantCulture))]);
        plot.Axes.SetLimits(-3, 104, -0.1, 2);
        plot.Title("64 requests in flight in 64 namespaces, 1 ms each under its lock");
        plot.XLabel("% of the requests that go to converted handlers (PerNet), the others to Rtnl");
        plot.YLabel("throughput against none converted");
        if (Path.GetExtension(file) == ".svg")
            plot.SaveSvg(file, Width, Height);
        else
            plot.SavePng(file, Width, Height);
    }
}
