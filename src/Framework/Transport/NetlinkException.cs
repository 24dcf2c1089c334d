namespace SmallRtnl;

/// <summary>A client's request failed.</summary>
public sealed class NetlinkException : Exception
{
    public NetlinkException()
    {
    }

    public NetlinkException(string message)
        : base(message)
    {
    }

    public NetlinkException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>From an error reply.</summary>
    public NetlinkException(NetlinkAck ack)
        : base(ack.Message is null ? ack.Errno.ToString() : $"{ack.Errno}: {ack.Message}") => Ack = ack;

    /// <summary>The error reply.</summary>
    public NetlinkAck Ack { get; }
}
