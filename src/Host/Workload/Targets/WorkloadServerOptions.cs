namespace SmallRtnl.Host;

/// <summary>How a server of ours is to be made.</summary>
/// <param name="Mode">What PerNet takes.</param>
internal sealed record WorkloadServerOptions(RtnlMode Mode)
{
    /// <summary>The same for <c>rtnl serve</c>.</summary>
    public IEnumerable<string> Arguments => ["--mode", Mode.ToString()];
}
