using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;
using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>
/// The rows of free locks, by BenchmarkDotNet. Assertions, statistics and lockdep are read once at start, so each setting is a job of its own
/// with its environment.
/// </summary>
internal static class FreeRows
{
    private const string Off = "off";
    private const string Statistics = "statistics";
    private const string Checked = "checked";
    private const string Lockdep = "lockdep";
    private const string Unit = "ns";
    private const string LogFile = "locks.log";

    public static IEnumerable<ResultRow> Measure(LockPlan plan)
    {
        string artifacts = Path.GetFullPath("BenchmarkDotNet.Artifacts");
        Directory.CreateDirectory(artifacts);
        string logFile = Path.Combine(artifacts, LogFile);
        Summary[] summaries;
        using (var log = new StreamWriter(logFile))
        {
            summaries = BenchmarkRunner.Run(
                [typeof(PerNetFreeBenchmarks), typeof(RtnlFreeBenchmarks), typeof(AsyncFreeBenchmarks)],
                Configure(plan, artifacts, new StreamLogger(log)));
        }
        var results = new FreeResults(summaries, logFile);

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
        yield return Row("lockdep-cost", PerNet + ", assertions, statistics and lockdep on", Bare, results.Of<PerNetFreeBenchmarks>(Lockdep, OursName), off);
    }

    private static ResultRow Row(string id, string what, string baselineName, FreeResult ours, FreeResult baseline, FreeResult? oursChecked = null)
    {
        string note = $"standard errors {ours.Error:0.00} and {baseline.Error:0.00} ns; the baseline allocates {baseline.Bytes:0} B";
        if (oursChecked is { } other)
            note += $"; with assertions throwing and statistics on {other.Nanoseconds:0.0} ns";
        return new ResultRow(id, what, Unit, ours.Nanoseconds, baseline.Nanoseconds, baselineName, ours.Bytes, note);
    }

    private static ManualConfig Configure(LockPlan plan, string artifacts, ILogger logger)
    {
        Job job = Job.Default
            .WithWarmupCount(plan.FreeWarmups)
            .WithIterationCount(plan.FreeIterations)
            .WithIterationTime(TimeInterval.FromMilliseconds(plan.FreeIterationTime.TotalMilliseconds));
        return ManualConfig.CreateEmpty()
            .AddLogger(logger)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddJob(
                With(job, Off, assertions: "off", statistics: "off", lockdep: "off"),
                With(job, Statistics, assertions: "off", statistics: "on", lockdep: "off"),
                With(job, Checked, assertions: "throw", statistics: "on", lockdep: "off"),
                With(job, Lockdep, assertions: "throw", statistics: "on", lockdep: "on"))
            .WithArtifactsPath(artifacts);
    }

    private static Job With(Job job, string id, string assertions, string statistics, string lockdep) => job
        .WithEnvironmentVariables(
            new EnvironmentVariable("SMALLRTNL_ASSERT", assertions),
            new EnvironmentVariable("SMALLRTNL_STATISTICS", statistics),
            new EnvironmentVariable("SMALLRTNL_LOCKDEP", lockdep))
        .WithId(id);
}
