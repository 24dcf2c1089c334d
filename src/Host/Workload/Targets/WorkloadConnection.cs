namespace SmallRtnl.Host;

/// <summary>One netlink socket in one namespace, as a client has it. Used by one thread at a time.</summary>
internal abstract class WorkloadConnection : IDisposable
{
    /// <summary>Room that a sender leaves before a datagram, for what a transport puts there.</summary>
    public const int HeadRoom = 16;

    /// <summary>Sends a datagram of one or more messages, which lies in a buffer with <see cref="HeadRoom"/> before it.</summary>
    /// <exception cref="WorkloadException">It could not be sent.</exception>
    public abstract void Send(byte[] buffer, int offset, int length);

    /// <summary>Waits for the next datagram.</summary>
    /// <param name="buffer">The thread's own.</param>
    /// <param name="expected">How many are still to come, at least; 0: not known, a dump.</param>
    /// <returns>Its netlink bytes, valid until the next call.</returns>
    /// <exception cref="WorkloadException">The socket has failed.</exception>
    public abstract ReadOnlySpan<byte> Receive(ReceiveBuffer buffer, int expected);

    public abstract void Dispose();
}
