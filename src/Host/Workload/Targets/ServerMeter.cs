using System.Globalization;

namespace SmallRtnl.Host;

/// <summary>What a process that serves uses: memory, collections, locks.</summary>
internal sealed class ServerMeter(RtnlStatistics statistics) : IDisposable
{
    private readonly GcPauseWatch _pauses = new();
    private long _allocated;
    private int[] _collections = new int[GC.MaxGeneration + 1];
    private TimeSpan _paused;
    private long _contentions;
    private TimeSpan _waited;
    private TimeSpan _cpu;

    /// <summary>Counts from here on.</summary>
    public void Restart()
    {
        // What earlier runs left behind is not this one's.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ForgetPeak();
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
        _collections = Collections();
        _paused = GC.GetTotalPauseDuration();
        _contentions = Contentions();
        _waited = Waited();
        _pauses.Restart();
        _cpu = Cpu();
    }

    public TargetCost Read() => new()
    {
        ServerCpuSeconds = (Cpu() - _cpu).TotalSeconds,
        PeakBytes = ReadPeak(),
        PeakOf = "resident set of the process that serves",
        AllocatedBytes = GC.GetTotalAllocatedBytes(precise: true) - _allocated,
        Collections = [.. Collections().Zip(_collections, static (now, before) => now - before)],
        PauseMilliseconds = (GC.GetTotalPauseDuration() - _paused).TotalMilliseconds,
        LongestGen2PauseMilliseconds = _pauses.LongestGen2.TotalMilliseconds,
        Gen2Seen = _pauses.Seen,
        Contentions = Contentions() - _contentions,
        LockWaitMilliseconds = (Waited() - _waited).TotalMilliseconds,
    };

    public void Dispose() => _pauses.Dispose();

    /// <summary>This process's time so far, user and system.</summary>
    public static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

    private static int[] Collections() => [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)];

    private long Contentions() => statistics.Rtnl.Contentions + statistics.Net.Contentions;

    private TimeSpan Waited() => statistics.Rtnl.Wait.Sum + statistics.Net.Wait.Sum;

    /// <summary>The process's resident set is its peak so far (proc(5), clear_refs).</summary>
    private static void ForgetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The peak is then the process's whole life's.
        }
    }

    private static long ReadPeak()
    {
        if (!File.Exists("/proc/self/status"))
            return Environment.WorkingSet;
        string? line = File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? Environment.WorkingSet : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
