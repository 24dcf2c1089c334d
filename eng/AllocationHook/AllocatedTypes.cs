using System.Diagnostics.Tracing;
using System.Globalization;

namespace SmallRtnl.Profiling;

/// <summary>
/// Adds up the runtime's allocation ticks: every 100 KB or so one event names the type that was being allocated, so the shares are a sample.
/// </summary>
internal sealed class AllocatedTypes : EventListener
{
    private const EventKeywords Gc = (EventKeywords)0x1;

    private readonly Lock _sync = new();
    private readonly Dictionary<string, long> _bytes = [];

    /// <summary>Lines of share, megabytes and type, the largest first.</summary>
    public IEnumerable<string> Report()
    {
        lock (_sync)
        {
            long total = Math.Max(1, _bytes.Values.Sum());
            return
            [
                string.Create(CultureInfo.InvariantCulture, $"{total / 1e6:0.0} MB in all"),
                .. _bytes.OrderByDescending(static type => type.Value).Select(type =>
                    string.Create(CultureInfo.InvariantCulture, $"{100.0 * type.Value / total,5:0.0} % {type.Value / 1e6,8:0.0} MB  {type.Key}")),
            ];
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Verbose, Gc);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is not { } name || !name.StartsWith("GCAllocationTick", StringComparison.Ordinal) || eventData.PayloadNames is not { } names)
            return;
        int type = names.IndexOf("TypeName");
        int amount = names.IndexOf("AllocationAmount64");
        if (type < 0 || amount < 0)
            return;
        lock (_sync)
        {
            string key = (string)eventData.Payload![type]!;
            _bytes[key] = _bytes.GetValueOrDefault(key) + Convert.ToInt64(eventData.Payload[amount], CultureInfo.InvariantCulture);
        }
    }
}
