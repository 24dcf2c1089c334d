namespace SmallRtnl.Bench;

/// <summary>What a row is to reach.</summary>
/// <param name="Ratio">The ratio to reach.</param>
/// <param name="IsAtMost">Whether it is a limit from above: a time, not a rate.</param>
/// <param name="IsFree">Whether nothing may be allocated.</param>
/// <param name="MoreAtMost">Where it is not the ratio that counts: how much more than the baseline it may be, in the row's unit.</param>
internal readonly record struct LockGoal(double Ratio, bool IsAtMost, bool IsFree, double? MoreAtMost = null)
{
    private static readonly Dictionary<string, LockGoal> s_goals = new()
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
        ["exclusive-wait-p99"] = AtMost(WaitRows.ExclusiveBound),
        ["shared-wait-p99"] = AtMost(WaitRows.SharedBound),
        ["dispatch-unlocked"] = AtMost(1.2, isFree: true),
        ["dispatch-pernet"] = AtMost(0.5, isFree: true),
        ["dispatch-overhead"] = AtMost(double.PositiveInfinity, isFree: true) with { MoreAtMost = 1 },
        ["parse-newaddr"] = AtMost(1.3, isFree: true),
        ["parse-newroute"] = AtMost(1.3, isFree: true),
        ["parse-newlink"] = AtMost(1.3, isFree: true),
        // Of the goal in milliseconds, which is the row's baseline.
        ["generator-first"] = AtMost(1),
        ["generator-handler-edit"] = AtMost(1),
        ["generator-handler-rename"] = AtMost(1),
        ["generator-message-edit"] = AtMost(1),
        ["generator-body-edit"] = AtMost(1),
        ["generator-unrelated-edit"] = AtMost(1),
        ["generator-unrelated-method"] = AtMost(1),
    };

    public static LockGoal? Of(string id) => s_goals.TryGetValue(id, out LockGoal goal) ? goal : null;

    public bool IsReachedBy(LockRow row) =>
        (MoreAtMost is { } more ? row.Ours - row.Baseline <= more : IsAtMost ? row.Ratio <= Ratio : row.Ratio >= Ratio) && (!IsFree || row.Bytes < 0.5);

    public override string ToString() =>
        (MoreAtMost is { } more ? $"≤ {more:0.##} more" : $"{(IsAtMost ? "≤" : "≥")} {Ratio:0.##}") + (IsFree ? ", 0 B" : "");

    private static LockGoal AtMost(double ratio, bool isFree = false) => new(ratio, IsAtMost: true, isFree);

    private static LockGoal AtLeast(double ratio) => new(ratio, IsAtMost: false, IsFree: false);
}
