using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;

namespace SmallRtnl.Bench;

/// <summary>
/// BenchmarkDotNet's runs. Assertions, statistics and lockdep are read once at start, so each setting is a job of its own with its
/// environment.
/// </summary>
internal static class BenchJobs
{
    /// <summary>No assertions, no statistics, no lockdep. The default has the first two.</summary>
    public const string Off = "off";

    /// <summary>Statistics alone.</summary>
    public const string Statistics = "statistics";

    /// <summary>Assertions that throw, and statistics.</summary>
    public const string Checked = "checked";

    /// <summary>Everything.</summary>
    public const string Lockdep = "lockdep";

    /// <summary>Runs benchmarks under the settings named.</summary>
    /// <param name="plan">How long.</param>
    /// <param name="log">The log's file name in BenchmarkDotNet.Artifacts.</param>
    /// <param name="types">The classes of benchmarks.</param>
    /// <param name="jobs">The settings.</param>
    public static FreeResults Run(LockPlan plan, string log, Type[] types, params ReadOnlySpan<string> jobs) => Run(plan, log, types, launches: 1, jobs);

    /// <summary>The same in several processes each, one after another: what the JIT makes of a method, and where it puts it, differs from one to the next.</summary>
    /// <param name="plan">How long.</param>
    /// <param name="log">The log's file name in BenchmarkDotNet.Artifacts.</param>
    /// <param name="types">The classes of benchmarks.</param>
    /// <param name="launches">How many processes.</param>
    /// <param name="jobs">The settings.</param>
    public static FreeResults Run(LockPlan plan, string log, Type[] types, int launches, params ReadOnlySpan<string> jobs)
    {
        string artifacts = Path.GetFullPath("BenchmarkDotNet.Artifacts");
        Directory.CreateDirectory(artifacts);
        string logFile = Path.Combine(artifacts, log);
        using var writer = new StreamWriter(logFile);
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddLogger(new StreamLogger(writer))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(artifacts);
        foreach (string job in jobs)
            config.AddJob(Of(plan, job, launches));
        Summary[] summaries = BenchmarkRunner.Run(types, config);
        return new FreeResults(summaries, logFile);
    }

    private static Job Of(LockPlan plan, string id, int launches)
    {
        return Job.Default
            .WithLaunchCount(launches)
            .WithWarmupCount(plan.FreeWarmups)
            .WithIterationCount(plan.FreeIterations)
            .WithIterationTime(TimeInterval.FromMilliseconds(plan.FreeIterationTime.TotalMilliseconds))
            .WithEnvironmentVariables(
                new EnvironmentVariable("SMALLRTNL_ASSERT", id is Checked or Lockdep ? "throw" : "off"),
                new EnvironmentVariable("SMALLRTNL_STATISTICS", id == Off ? "off" : "on"),
                new EnvironmentVariable("SMALLRTNL_LOCKDEP", id == Lockdep ? "on" : "off"))
            .WithId(id);
    }
}
