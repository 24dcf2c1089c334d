namespace SmallRtnl;

/// <summary>A lock rule was broken: something was done without the lock it needs, or a lock was asked for where it may not be.</summary>
public sealed class RtnlAssertionException : Exception
{
    public RtnlAssertionException()
    {
    }

    public RtnlAssertionException(string message)
        : base(message)
    {
    }

    public RtnlAssertionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
