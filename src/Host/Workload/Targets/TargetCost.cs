namespace SmallRtnl.Host;

/// <summary>What a run cost the side that was measured.</summary>
internal sealed record TargetCost
{
    /// <summary>The most memory at once, bytes: of the process that serves; of the kernel, what its allocators gained.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Of what that is the most.</summary>
    public string? PeakOf { get; init; }

    /// <summary>The processor's time, user and system, of the process that makes the requests, s; null in a server's own report.</summary>
    public double? ToolCpuSeconds { get; init; }

    /// <summary>The same of the process that serves, s; null where it is the tool itself, or the kernel.</summary>
    public double? ServerCpuSeconds { get; init; }

    /// <summary>What the managed heap held when all namespaces were there, beyond what it held before, bytes; null where it was not looked at.</summary>
    public long? LiveBytes { get; init; }

    /// <summary>What was allocated from the managed heap, bytes; null in the kernel.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>Collections by generation.</summary>
    public IReadOnlyList<int>? Collections { get; init; }

    /// <summary>All pauses together, ms.</summary>
    public double? PauseMilliseconds { get; init; }

    /// <summary>The longest pause of a collection of generation 2, of those that were seen, ms.</summary>
    public double? LongestGen2PauseMilliseconds { get; init; }

    /// <summary>How many collections of generation 2 were seen.</summary>
    public int? Gen2Seen { get; init; }

    /// <summary>How often a request waited for a lock.</summary>
    public long? Contentions { get; init; }

    /// <summary>How long all requests together waited for locks, ms.</summary>
    public double? LockWaitMilliseconds { get; init; }

    /// <summary>From the end of the teardown until the last namespace was gone, ms; the kernel's with those of the namespaces that tell it (<see cref="KernelQuiet"/>).</summary>
    public double? LastGoneMilliseconds { get; init; }
}
