namespace SmallRtnl.Host;

/// <summary>Why a run ended: a request that failed, a server that went away, a right that is missing. The text is for the user.</summary>
internal sealed class WorkloadException : Exception
{
    public WorkloadException(string message)
        : base(message)
    {
    }

    public WorkloadException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>With what a request failed; None where it was no request.</summary>
    public Errno Errno { get; init; }
}
