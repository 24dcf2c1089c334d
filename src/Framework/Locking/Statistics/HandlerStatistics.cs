namespace SmallRtnl;

/// <summary>What a handler's requests cost: exact counts, and the wait and hold times that were measured for them.</summary>
public sealed class HandlerStatistics
{
    private readonly StripedCounter _requests = new(Environment.ProcessorCount);
    private long _failures;

    internal HandlerStatistics(HandlerInfo handler) => Handler = handler;

    /// <summary>The handler.</summary>
    public HandlerInfo Handler { get; }

    /// <summary>How many requests reached it.</summary>
    public long Requests => _requests.Total();

    /// <summary>How many of them were answered with an error.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>How long requests waited for the lock, when they had to.</summary>
    public DurationHistogram Wait { get; } = new();

    /// <summary>How long they held it.</summary>
    public DurationHistogram Hold { get; } = new();

    internal void Count(bool succeeded)
    {
        _requests.Count(_requests.CurrentStripe());
        if (!succeeded)
            Interlocked.Increment(ref _failures);
    }
}
