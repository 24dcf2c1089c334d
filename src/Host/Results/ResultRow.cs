using System.Text.Json.Serialization;

namespace SmallRtnl.Results;

/// <summary>One comparison.</summary>
/// <param name="Id">What the goals call it.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">Of <paramref name="Ours"/> and <paramref name="Baseline"/>.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Baseline">The other's, measured in the same run.</param>
/// <param name="BaselineName">The other.</param>
/// <param name="Bytes">What ours allocates for each operation; null where it is not known.</param>
/// <param name="Note">Spread, bounds and side figures, in words.</param>
internal sealed record ResultRow(string Id, string What, string Unit, double Ours, double Baseline, string BaselineName, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Bytes, string Note)
{
    /// <summary>Ours / baseline, in the row's unit: below 1 is better for times, above 1 for rates. Of a workload's time, how many times as fast ours is.</summary>
    [JsonPropertyOrder(1)]
    public double Ratio { get; init; } = Ours / Baseline;

    /// <summary>Measured otherwise than its goal says, smaller for instance: it neither reaches nor misses it.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOffGoal { get; init; }

    /// <summary>A row of times that says how many times as fast ours is.</summary>
    public static ResultRow SpeedUp(string id, string what, string unit, double ours, double baseline, string baselineName, double? bytes, string note) =>
        new(id, what, unit, ours, baseline, baselineName, bytes, note) { Ratio = baseline / ours };
}
