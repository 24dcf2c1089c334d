namespace SmallRtnl.Results;

/// <summary>What a row is to reach.</summary>
/// <param name="Ratio">The ratio to reach.</param>
/// <param name="IsAtMost">Whether it is a limit from above: a time, not a rate.</param>
/// <param name="IsFree">Whether nothing may be allocated.</param>
/// <param name="MoreAtMost">Where it is not the ratio that counts: how much more than the baseline it may be, in the row's unit.</param>
internal readonly record struct ResultGoal(double Ratio, bool IsAtMost, bool IsFree, double? MoreAtMost = null)
{
    /// <summary>
    /// A waiting exclusive lets nobody in after it, so it waits for the shared holds that are under way, which end within the longest of
    /// them, and for being scheduled, which gets a quarter of a hold.
    /// </summary>
    public const double ExclusiveWait = 1.25;

    /// <summary>How many exclusives ask again and again while a shared request's wait is measured.</summary>
    public const int ExclusiveStorm = 8;

    /// <summary>A shared request waits for the batch of exclusives that was queued when it came, one hold after another, and one that is under way.</summary>
    public const double SharedWait = ExclusiveStorm + 1.25;

    private static readonly Dictionary<string, ResultGoal> s_goals = new()
    {
        ["pernet-free"] = AtMost(0.6, isFree: true),
        ["pernet-free-checked"] = AtMost(1.0, isFree: true),
        ["rtnl-free"] = AtMost(1.5),
        ["async-free-semaphoreslim"] = AtMost(0.5, isFree: true),
        ["async-free-dotnext"] = AtMost(0.5, isFree: true),
        ["async-free-nito"] = AtMost(0.5, isFree: true),
        ["handover-2"] = AtLeast(1),
        ["handover-8"] = AtLeast(1),
        ["handover-64"] = AtLeast(1),
        ["parallel-cpu-2"] = AtLeast(1.9),
        ["parallel-await-64"] = AtLeast(50),
        // Never below 1 beyond noise, which was 1 % between pairs of runs.
        ["gradual-1"] = AtLeast(0.98),
        ["gradual-10"] = AtLeast(1.05),
        ["gradual-50"] = AtLeast(1.6),
        ["gradual-90"] = AtLeast(6),
        ["gradual-99"] = AtLeast(6),
        ["exclusive-wait-p99"] = AtMost(ExclusiveWait),
        ["shared-wait-p99"] = AtMost(SharedWait),
        // Of the goal in milliseconds, which is the row's baseline.
        ["generator-first"] = AtMost(1),
        ["generator-handler-edit"] = AtMost(1),
        ["generator-handler-rename"] = AtMost(1),
        ["generator-message-edit"] = AtMost(1),
        ["generator-body-edit"] = AtMost(1),
        ["generator-unrelated-edit"] = AtMost(1),
        ["generator-unrelated-method"] = AtMost(1),
        ["dispatch-unlocked"] = AtMost(1.2, isFree: true),
        ["dispatch-pernet"] = AtMost(0.5, isFree: true),
        ["dispatch-overhead"] = AtMost(double.PositiveInfinity, isFree: true) with { MoreAtMost = 1 },
        ["parse-newaddr"] = AtMost(1.3, isFree: true),
        ["parse-newroute"] = AtMost(1.3, isFree: true),
        ["parse-newlink"] = AtMost(1.3, isFree: true),
        // The workload's: how many times as fast we are, but for those at most.
        ["workload"] = AtLeast(7),
        ["workload-pipeline"] = AtLeast(10),
        ["workload-p1"] = AtLeast(20),
        ["setup"] = AtLeast(4),
        ["churn-inproc"] = AtLeast(15),
        ["churn-socket"] = AtLeast(0.8),
        ["churn-pipeline"] = AtLeast(3),
        ["dump-links"] = AtLeast(2),
        ["dump-addresses"] = AtLeast(2),
        ["hold-1ms"] = AtLeast(40),
        ["cpu-2"] = AtLeast(1.8),
        ["linear-time"] = AtMost(1.3),
        ["linear-bytes"] = AtMost(1.3),
        ["gc-pause"] = AtMost(1),
        ["cold-start"] = AtMost(1),
    };

    /// <summary>A row's goal; null where it has none, or was measured otherwise than its goal says.</summary>
    public static ResultGoal? Of(ResultRow row) => !row.IsOffGoal && s_goals.TryGetValue(row.Id, out ResultGoal goal) ? goal : null;

    public bool IsReachedBy(ResultRow row) =>
        (MoreAtMost is { } more ? row.Ours - row.Baseline <= more : IsAtMost ? row.Ratio <= Ratio : row.Ratio >= Ratio) && (!IsFree || row.Bytes < 0.5);

    public override string ToString() =>
        (MoreAtMost is { } more ? $"≤ {more:0.##} more" : $"{(IsAtMost ? "≤" : "≥")} {Ratio:0.##}") + (IsFree ? ", 0 B" : "");

    private static ResultGoal AtMost(double ratio, bool isFree = false) => new(ratio, IsAtMost: true, isFree);

    private static ResultGoal AtLeast(double ratio) => new(ratio, IsAtMost: false, IsFree: false);
}
