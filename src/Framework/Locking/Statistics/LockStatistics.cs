namespace SmallRtnl;

/// <summary>
/// What a lock word cost: exact counts, wait times of every contended acquisition, hold times of every contended one and of a sample of the
/// free ones.
/// </summary>
public sealed class LockStatistics
{
    private readonly Func<long> _acquisitions;
    private long _contentions;

    internal LockStatistics(string name, Func<long> acquisitions)
    {
        Name = name;
        _acquisitions = acquisitions;
    }

    /// <summary>The lock class: "rtnl" for the whole, "net" for the namespaces' own, a type's name for users'.</summary>
    public string Name { get; }

    /// <summary>How often it was granted.</summary>
    public long Acquisitions => _acquisitions();

    /// <summary>How often somebody had to wait for it.</summary>
    public long Contentions => Volatile.Read(ref _contentions);

    /// <summary>How long they waited.</summary>
    public DurationHistogram Wait { get; } = new();

    /// <summary>How long it was held.</summary>
    public DurationHistogram Hold { get; } = new();

    internal void CountContention() => Interlocked.Increment(ref _contentions);
}
