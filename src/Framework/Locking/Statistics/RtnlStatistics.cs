using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SmallRtnl;

/// <summary>
/// What the locks and the handlers of a host cost. Counts are exact; times are taken always where somebody waited, and of one in
/// <see cref="SamplingInterval"/> acquisitions where nobody did, since reading the clock costs more than the lock.
/// </summary>
/// <remarks>
/// Thread-safe. Also published through the meter <see cref="MeterName"/>. A process-wide switch, read once: AppContext data
/// "SmallRtnl.Statistics" or environment <c>SMALLRTNL_STATISTICS</c> = on, off, or the sampling interval, a power of 2.
/// </remarks>
public sealed class RtnlStatistics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SmallRtnl";

    /// <summary>One in how many free acquisitions is timed; 0: statistics are off.</summary>
    public static readonly int SamplingInterval = ReadInterval();

    /// <summary>Whether anything is measured; the JIT removes what is not.</summary>
    public static readonly bool IsEnabled = SamplingInterval > 0;

    internal static readonly uint SamplingMask = (uint)Math.Max(0, SamplingInterval - 1);

    private readonly ConcurrentDictionary<HandlerInfo, HandlerStatistics> _handlers = new(ReferenceEqualityComparer.Instance);
    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _hold;

    internal RtnlStatistics(RtnlGate gate)
    {
        Rtnl = new LockStatistics("rtnl", () => gate.ExclusiveEntries - gate.NestedEntries);
        Net = new LockStatistics("net", () => gate.Mode == RtnlMode.PerNet ? gate.SharedEntries - gate.RegistryEntries : gate.NestedEntries);
        _wait = _meter.CreateHistogram<double>("smallrtnl.lock.wait", "s", "Time that requests waited for a lock, where they had to.");
        _hold = _meter.CreateHistogram<double>("smallrtnl.lock.hold", "s", "Time that locks were held: all that were waited for, a sample of the others.");
        _meter.CreateObservableCounter("smallrtnl.lock.acquisitions", () => Each(static statistics => statistics.Acquisitions), "{acquisition}");
        _meter.CreateObservableCounter("smallrtnl.lock.contentions", () => Each(static statistics => statistics.Contentions), "{acquisition}");
        _meter.CreateObservableCounter("smallrtnl.handler.requests", () => EachHandler(static statistics => statistics.Requests), "{request}");
        _meter.CreateObservableCounter("smallrtnl.handler.failures", () => EachHandler(static statistics => statistics.Failures), "{request}");
    }

    /// <summary>The whole of RTNL.</summary>
    public LockStatistics Rtnl { get; }

    /// <summary>The namespaces' own RTNL, all together.</summary>
    public LockStatistics Net { get; }

    /// <summary>The classes of locks of users' own, those of the whole process.</summary>
    public static IReadOnlyCollection<LockStatistics> UserLocks => [.. UserLockStatistics.All];

    /// <summary>The handlers that have been called.</summary>
    public IReadOnlyCollection<HandlerStatistics> Handlers => [.. _handlers.Values];

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal HandlerStatistics For(HandlerInfo handler) => _handlers.GetOrAdd(handler, static handler => new HandlerStatistics(handler));

    internal void RecordWait(HeldLock word, HandlerStatistics? handler, long ticks)
    {
        LockStatistics statistics = Of(word);
        statistics.CountContention();
        long nanoseconds = statistics.Wait.Record(ticks);
        handler?.Wait.Record(ticks);
        Publish(_wait, statistics, handler, nanoseconds);
    }

    internal void RecordHold(HeldLock word, HandlerStatistics? handler, long ticks)
    {
        LockStatistics statistics = Of(word);
        long nanoseconds = statistics.Hold.Record(ticks);
        handler?.Hold.Record(ticks);
        Publish(_hold, statistics, handler, nanoseconds);
    }

    private static void Publish(Histogram<double> histogram, LockStatistics statistics, HandlerStatistics? handler, long nanoseconds)
    {
        if (!histogram.Enabled)
            return;
        try
        {
            histogram.Record(
                nanoseconds * 1e-9,
                new KeyValuePair<string, object?>("lock", statistics.Name),
                new KeyValuePair<string, object?>("handler", handler?.Handler.Method));
        }
        catch (Exception exception)
        {
            // A listener's mistake is not the request's.
            RtnlReports.Say($"A listener of {MeterName} failed.", exception);
        }
    }

    private static int ReadInterval()
    {
        string? text = AppContext.GetData("SmallRtnl.Statistics") as string ?? Environment.GetEnvironmentVariable("SMALLRTNL_STATISTICS");
        if (string.Equals(text, "off", StringComparison.OrdinalIgnoreCase))
            return 0;
        return int.TryParse(text, out int interval) && interval > 0 && int.IsPow2(interval) ? interval : 64;
    }

    private LockStatistics Of(HeldLock word) => word == HeldLock.Rtnl ? Rtnl : Net;

    private IEnumerable<Measurement<long>> Each(Func<LockStatistics, long> value) =>
    [
        new(value(Rtnl), new KeyValuePair<string, object?>("lock", Rtnl.Name)),
        new(value(Net), new KeyValuePair<string, object?>("lock", Net.Name)),
        .. UserLockStatistics.All.Select(statistics => new Measurement<long>(value(statistics), new KeyValuePair<string, object?>("lock", statistics.Name))),
    ];

    private IEnumerable<Measurement<long>> EachHandler(Func<HandlerStatistics, long> value)
    {
        foreach (HandlerStatistics statistics in _handlers.Values)
        {
            HandlerInfo handler = statistics.Handler;
            yield return new(
                value(statistics),
                new KeyValuePair<string, object?>("handler", handler.Method),
                new KeyValuePair<string, object?>("message", handler.Type.ToString()),
                new KeyValuePair<string, object?>("word", handler.Lock.ToString()));
        }
    }
}
