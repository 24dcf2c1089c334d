namespace SmallRtnl.Host;

/// <summary>A netlink request, ready but for its sequence number.</summary>
/// <param name="Kind">What it is reported as.</param>
/// <param name="Bytes">The message.</param>
internal sealed record WorkloadRequest(RequestKind Kind, byte[] Bytes)
{
    /// <summary>A dump has its socket to itself: a second one would be refused while it goes on.</summary>
    public bool IsDump { get; init; }
}
