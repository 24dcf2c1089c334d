using System.Diagnostics;
using System.Numerics;

namespace SmallRtnl;

/// <summary>Durations in exponential buckets: bucket n counts those below 2^n ns and not below 2^(n-1). Thread-safe; recording allocates nothing.</summary>
public sealed class DurationHistogram
{
    /// <summary>How many buckets there are; the last one, from 2^38 ns (some four and a half minutes), has no upper end.</summary>
    public const int BucketCount = 40;

    private readonly long[] _buckets = new long[BucketCount];
    private long _sum;
    private long _max;

    /// <summary>How many durations were recorded.</summary>
    public long Count => _buckets.Sum();

    /// <summary>The longest.</summary>
    public TimeSpan Max => TimeSpan.FromTicks(Volatile.Read(ref _max) / TimeSpan.NanosecondsPerTick);

    /// <summary>All of them together.</summary>
    public TimeSpan Sum => TimeSpan.FromTicks(Volatile.Read(ref _sum) / TimeSpan.NanosecondsPerTick);

    /// <summary>The buckets' counts, a copy.</summary>
    public long[] Buckets => [.. _buckets];

    /// <summary>The upper end of the bucket in which a quantile lies: at most twice the true value.</summary>
    /// <param name="quantile">0 to 1.</param>
    public TimeSpan Quantile(double quantile)
    {
        long[] buckets = Buckets;
        long rank = (long)Math.Ceiling(buckets.Sum() * quantile);
        long seen = 0;
        for (int i = 0; i < buckets.Length; i++)
        {
            seen += buckets[i];
            if (seen >= rank && seen > 0)
                return TimeSpan.FromTicks(Math.Max(1, (1L << i) / TimeSpan.NanosecondsPerTick));
        }
        return TimeSpan.Zero;
    }

    /// <summary>Records a duration in ticks of <see cref="Stopwatch"/>.</summary>
    internal long Record(long ticks)
    {
        long nanoseconds = (long)(Math.Max(0, ticks) * (1e9 / Stopwatch.Frequency));
        int bucket = Math.Min(BucketCount - 1, 64 - BitOperations.LeadingZeroCount((ulong)nanoseconds));
        Interlocked.Increment(ref _buckets[bucket]);
        Interlocked.Add(ref _sum, nanoseconds);
        long max = Volatile.Read(ref _max);
        while (nanoseconds > max)
        {
            long seen = Interlocked.CompareExchange(ref _max, nanoseconds, max);
            if (seen == max)
                break;
            max = seen;
        }
        return nanoseconds;
    }
}
