using BenchmarkDotNet.Reports;

namespace SmallRtnl.Bench;

/// <summary>What BenchmarkDotNet found of one method under one job.</summary>
internal readonly record struct FreeResult(double Nanoseconds, double Error, double Bytes);

/// <summary>Finds results in BenchmarkDotNet's summaries.</summary>
internal sealed class FreeResults(Summary[] summaries, string logFile)
{
    public FreeResult Of<T>(string job, string method)
    {
        BenchmarkReport? report = summaries
            .SelectMany(static summary => summary.Reports)
            .FirstOrDefault(report => report.BenchmarkCase.Descriptor.Type == typeof(T)
                && report.BenchmarkCase.Job.Id == job
                && report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
        if (report?.ResultStatistics is not { } statistics)
            throw new InvalidOperationException($"BenchmarkDotNet has no result of {typeof(T).Name}.{method}; {logFile} says why.");
        return new FreeResult(statistics.Median, statistics.StandardError, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
    }
}
