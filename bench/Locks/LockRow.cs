using System.Text.Json.Serialization;

namespace SmallRtnl.Bench;

/// <summary>One comparison.</summary>
/// <param name="Id">What the goals call it.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">Of <paramref name="Ours"/> and <paramref name="Baseline"/>.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Baseline">The other's, measured in the same run.</param>
/// <param name="BaselineName">The other.</param>
/// <param name="Bytes">What ours allocates for each operation.</param>
/// <param name="Note">Spread, bounds and side figures, in words.</param>
internal sealed record LockRow(string Id, string What, string Unit, double Ours, double Baseline, string BaselineName, double Bytes, string Note)
{
    /// <summary>Ours / baseline, in the row's unit: below 1 is better for times, above 1 for rates.</summary>
    [JsonPropertyOrder(1)]
    public double Ratio => Ours / Baseline;
}
