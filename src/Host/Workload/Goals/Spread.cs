using System.Globalization;

namespace SmallRtnl.Host;

/// <summary>What repeated measurements of the same came to.</summary>
internal readonly record struct Spread(int Count, double Median, double Least, double Most)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(sorted.Length, sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }

    public override string ToString() => Count == 1 ? "one run" : string.Create(CultureInfo.InvariantCulture, $"median of {Count}, {Least:G3} to {Most:G3}");
}
