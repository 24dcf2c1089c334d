using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>All rows, in the order in which they are measured.</summary>
internal static class LockSuite
{
    /// <summary>Parts that can be measured by themselves.</summary>
    public static readonly IReadOnlyList<(string Name, Func<LockPlan, IEnumerable<ResultRow>> Measure)> Parts =
    [
        ("free", FreeRows.Measure),
        ("handover", static plan => HandoverRow.Waiters.Select(waiters => HandoverRow.Measure(plan, waiters))),
        ("parallel", static plan => [ParallelRows.Cpu(plan), ParallelRows.Await(plan)]),
        ("gradual", static plan => ParallelRows.Percentages.Select(percent => ParallelRows.Gradual(plan, percent))),
        ("wait", static plan => [WaitRows.Exclusive(plan), WaitRows.Shared(plan)]),
        ("scale", static plan => [ScaleRow.Measure(plan)]),
        ("memory", static _ => [MemoryRow.Measure()]),
    ];
}
