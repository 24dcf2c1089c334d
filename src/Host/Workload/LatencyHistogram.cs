using System.Diagnostics;
using System.Numerics;

namespace SmallRtnl.Host;

/// <summary>Durations in buckets that grow with what they count: 32 to each doubling, so that a quantile is right to 3 %. Not thread-safe; merge one a thread.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int Sub = 1 << SubBits;

    private readonly long[] _buckets = new long[(64 - SubBits) * Sub];
    private long _sum;
    private long _max;

    public long Count { get; private set; }

    /// <summary>All together.</summary>
    public TimeSpan Sum => TimeSpan.FromSeconds((double)_sum / Stopwatch.Frequency);

    public TimeSpan Max => TimeSpan.FromSeconds((double)_max / Stopwatch.Frequency);

    /// <summary>Records a request.</summary>
    /// <param name="latency">Ticks of <see cref="Stopwatch"/> from sending to its answer; of one of several, its share.</param>
    public void Record(long latency)
    {
        _buckets[BucketOf((ulong)Math.Max(0, latency))]++;
        _sum += latency;
        Count++;
        if (latency > _max)
            _max = latency;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _buckets.Length; i++)
            _buckets[i] += other._buckets[i];
        _sum += other._sum;
        Count += other.Count;
        _max = Math.Max(_max, other._max);
    }

    /// <summary>The upper end of the bucket in which a quantile lies.</summary>
    public TimeSpan Quantile(double quantile)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(Count * quantile));
        long seen = 0;
        for (int i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= rank)
                return TimeSpan.FromSeconds(Math.Min(UpperEnd(i), _max) / (double)Stopwatch.Frequency);
        }
        return TimeSpan.Zero;
    }

    private static int BucketOf(ulong value)
    {
        if (value < Sub)
            return (int)value;
        int shift = BitOperations.Log2(value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) - Sub);
    }

    private static double UpperEnd(int bucket)
    {
        if (bucket < Sub)
            return bucket;
        int shift = (bucket >> SubBits) - 1;
        return ((double)((bucket & (Sub - 1)) + Sub + 1) * Math.Pow(2, shift)) - 1;
    }
}
