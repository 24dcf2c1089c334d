namespace SmallRtnl.Host;

/// <summary>What a run cost the side that was measured.</summary>
internal sealed record TargetCost
{
    /// <summary>The most memory at once, bytes: of the process that serves; of the kernel, what its allocators gained.</summary>
    public long PeakBytes { get; init; }

    /// <summary>What the managed heap held when all namespaces were there, beyond what it held before, bytes; null where it was not looked at.</summary>
    public long? LiveBytes { get; init; }

    /// <summary>What was allocated from the managed heap, bytes; null in the kernel.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>Collections by generation.</summary>
    public IReadOnlyList<int>? Collections { get; init; }

    /// <summary>All pauses together, ms.</summary>
    public double? PauseMilliseconds { get; init; }

    /// <summary>The longest pause of a collection of generation 2, ms.</summary>
    public double? LongestGen2PauseMilliseconds { get; init; }

    /// <summary>How often a request waited for a lock.</summary>
    public long? Contentions { get; init; }

    /// <summary>How long all requests together waited for locks, ms.</summary>
    public double? LockWaitMilliseconds { get; init; }

    /// <summary>From the end of the teardown until the last namespace was gone, ms; null where it cannot be known.</summary>
    public double? LastGoneMilliseconds { get; init; }
}
