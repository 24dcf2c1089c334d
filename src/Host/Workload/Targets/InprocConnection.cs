namespace SmallRtnl.Host;

/// <summary>A socket of a dispatcher in this process, without a transport between.</summary>
internal sealed class InprocConnection(NetlinkSocket socket) : WorkloadConnection
{
    public override void Send(byte[] buffer, int offset, int length)
    {
        ValueTask sending = socket.SendAsync(buffer.AsMemory(offset, length));
        if (sending.IsCompleted)
            sending.GetAwaiter().GetResult();
        else
            sending.AsTask().GetAwaiter().GetResult();
    }

    public override ReadOnlySpan<byte> Receive(ReceiveBuffer buffer, int expected)
    {
        buffer.InProcess.Dispose();
        buffer.InProcess = default;
        // Everything but a dump's later chunks is there once the request has been handled, and those are made as the queue empties.
        if (!socket.TryReceive(out ReceivedDatagram datagram, out Errno error))
            throw new WorkloadException("A request was not answered.");
        if (error != Errno.None)
            throw new WorkloadException($"The socket has failed: {error}.");
        buffer.InProcess = datagram;
        ValueTask more = socket.ContinueDumpAsync();
        if (!more.IsCompletedSuccessfully)
            more.AsTask().GetAwaiter().GetResult();
        return datagram.Span;
    }

    public override void Dispose() => socket.Dispose();
}
