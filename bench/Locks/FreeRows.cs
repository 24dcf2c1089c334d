using SmallRtnl.Results;
using static SmallRtnl.Bench.BenchJobs;

namespace SmallRtnl.Bench;

/// <summary>The rows of free locks, by BenchmarkDotNet, with assertions, statistics and lockdep off and on.</summary>
internal static class FreeRows
{
    private const string Unit = "ns";
    private const string LogFile = "locks.log";

    public static IEnumerable<ResultRow> Measure(LockPlan plan)
    {
        FreeResults results = Run(
            plan,
            LogFile,
            [typeof(PerNetFreeBenchmarks), typeof(RtnlFreeBenchmarks), typeof(AsyncFreeBenchmarks)],
            Off,
            Statistics,
            Checked,
            BenchJobs.Lockdep);

        const string PerNet = "take and release a free PerNet";
        const string HandMade = "ReaderWriterLockSlim read + Lock";
        const string OursName = nameof(PerNetFreeBenchmarks.Ours);
        FreeResult off = results.Of<PerNetFreeBenchmarks>(Off, OursName);
        yield return Row("pernet-free", PerNet + ", assertions and statistics off", HandMade, off,
            results.Of<PerNetFreeBenchmarks>(Off, nameof(PerNetFreeBenchmarks.ReaderWriterLockSlimAndLock)));
        yield return Row("pernet-free-checked", PerNet + ", assertions throwing, statistics on", HandMade,
            results.Of<PerNetFreeBenchmarks>(Checked, OursName),
            results.Of<PerNetFreeBenchmarks>(Checked, nameof(PerNetFreeBenchmarks.ReaderWriterLockSlimAndLock)));
        yield return Row("rtnl-free", "take and release a free Rtnl", "SemaphoreSlim.Wait/Release",
            results.Of<RtnlFreeBenchmarks>(Off, nameof(RtnlFreeBenchmarks.Ours)),
            results.Of<RtnlFreeBenchmarks>(Off, nameof(RtnlFreeBenchmarks.SemaphoreSlim)),
            results.Of<RtnlFreeBenchmarks>(Checked, nameof(RtnlFreeBenchmarks.Ours)));

        FreeResult ours = results.Of<AsyncFreeBenchmarks>(Off, nameof(AsyncFreeBenchmarks.Ours));
        FreeResult oursChecked = results.Of<AsyncFreeBenchmarks>(Checked, nameof(AsyncFreeBenchmarks.Ours));
        const string Async = "take a free PerNet asynchronously and release it";
        yield return Row("async-free-semaphoreslim", Async, "SemaphoreSlim.WaitAsync/Release", ours,
            results.Of<AsyncFreeBenchmarks>(Off, nameof(AsyncFreeBenchmarks.SemaphoreSlim)), oursChecked);
        yield return Row("async-free-dotnext", Async, "DotNext AsyncReaderWriterLock, read", ours,
            results.Of<AsyncFreeBenchmarks>(Off, nameof(AsyncFreeBenchmarks.DotNext)), oursChecked);
        yield return Row("async-free-nito", Async, "Nito AsyncReaderWriterLock, read", ours,
            results.Of<AsyncFreeBenchmarks>(Off, nameof(AsyncFreeBenchmarks.Nito)), oursChecked);

        const string Bare = "the same with all of them off";
        yield return Row("assertions-off", PerNet + " around three assertions that are off", "the same without them",
            results.Of<PerNetFreeBenchmarks>(Off, nameof(PerNetFreeBenchmarks.OursAsserted)), off);
        yield return Row("assertions-cost", PerNet + " around three assertions that throw, statistics on", "the same without them",
            results.Of<PerNetFreeBenchmarks>(Checked, nameof(PerNetFreeBenchmarks.OursAsserted)), results.Of<PerNetFreeBenchmarks>(Checked, OursName));
        yield return Row("statistics-cost", PerNet + ", statistics on", Bare, results.Of<PerNetFreeBenchmarks>(Statistics, OursName), off);
        yield return Row("lockdep-cost", PerNet + ", assertions, statistics and lockdep on", Bare, results.Of<PerNetFreeBenchmarks>(BenchJobs.Lockdep, OursName), off);
    }

    private static ResultRow Row(string id, string what, string baselineName, FreeResult ours, FreeResult baseline, FreeResult? oursChecked = null)
    {
        string note = $"standard errors {ours.Error:0.00} and {baseline.Error:0.00} ns; the baseline allocates {baseline.Bytes:0} B";
        if (oursChecked is { } other)
            note += $"; with assertions throwing and statistics on {other.Nanoseconds:0.0} ns";
        return new ResultRow(id, what, Unit, ours.Nanoseconds, baseline.Nanoseconds, baselineName, ours.Bytes, note);
    }
}
