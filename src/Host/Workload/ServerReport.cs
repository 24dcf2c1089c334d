namespace SmallRtnl.Host;

/// <summary>What <c>rtnl serve --report</c> writes when it stops.</summary>
/// <param name="Mode">The server's mode.</param>
/// <param name="Cost">Memory, collections and lock waits since it began, or since the report was begun anew.</param>
/// <param name="Locks">Each lock word's.</param>
/// <param name="Handlers">Each handler that was called.</param>
internal sealed record ServerReport(string Mode, TargetCost Cost, IReadOnlyList<LockReport> Locks, IReadOnlyList<HandlerReport> Handlers)
{
    public static ServerReport Of(RtnlMode mode, TargetCost cost, RtnlStatistics statistics) => new(
        mode.ToString(),
        cost,
        [.. new[] { statistics.Rtnl, statistics.Net }.Concat(RtnlStatistics.UserLocks).Select(LockReport.Of)],
        [.. statistics.Handlers.Where(static handler => handler.Requests > 0).Select(HandlerReport.Of)]);
}

/// <summary>What a lock word cost since the server began; durations in µs.</summary>
internal sealed record LockReport(string Name, long Acquisitions, long Contentions, double WaitP50, double WaitP99, double WaitMax, double WaitSum, double HoldP50, double HoldP99, double HoldMax)
{
    public static LockReport Of(LockStatistics statistics) => new(
        statistics.Name,
        statistics.Acquisitions,
        statistics.Contentions,
        statistics.Wait.Quantile(0.5).TotalMicroseconds,
        statistics.Wait.Quantile(0.99).TotalMicroseconds,
        statistics.Wait.Max.TotalMicroseconds,
        statistics.Wait.Sum.TotalMicroseconds,
        statistics.Hold.Quantile(0.5).TotalMicroseconds,
        statistics.Hold.Quantile(0.99).TotalMicroseconds,
        statistics.Hold.Max.TotalMicroseconds);
}

/// <summary>What a handler's requests cost since the server began; durations in µs.</summary>
internal sealed record HandlerReport(string Handler, string Message, string Lock, long Requests, long Failures, double WaitP99, double WaitMax, double HoldP50, double HoldP99, double HoldMax)
{
    public static HandlerReport Of(HandlerStatistics statistics) => new(
        statistics.Handler.Method,
        statistics.Handler.Type.ToString(),
        statistics.Handler.Lock.ToString(),
        statistics.Requests,
        statistics.Failures,
        statistics.Wait.Quantile(0.99).TotalMicroseconds,
        statistics.Wait.Max.TotalMicroseconds,
        statistics.Hold.Quantile(0.5).TotalMicroseconds,
        statistics.Hold.Quantile(0.99).TotalMicroseconds,
        statistics.Hold.Max.TotalMicroseconds);
}
