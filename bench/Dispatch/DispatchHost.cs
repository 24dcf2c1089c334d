namespace SmallRtnl.Bench;

/// <summary>A socket in a namespace of a host with the handlers of <see cref="NoOpHandlers"/>, and requests for them.</summary>
internal sealed class DispatchHost : IDisposable
{
    private readonly BenchHost _host = new(RtnlMode.PerNet, nets: 1);

    public DispatchHost()
    {
        Socket = _host.Dispatcher.OpenSocket(_host.Nets[0], isPrivileged: true);
        Socket.Autobind();
    }

    public RtnlDispatcher Dispatcher => _host.Dispatcher;

    public NetlinkSocket Socket { get; }

    /// <summary>A request as it is received: a header and a <see cref="HoldHeader"/>.</summary>
    public static ReadOnlyMemory<byte> Request(RtmType type, NetlinkFlags flags = NetlinkFlags.None)
    {
        byte[] buffer = new byte[NetlinkHeader.Size + 4];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, NetlinkFlags.NLM_F_REQUEST | flags, 1, 0);
        writer.PutRaw([(byte)ProtocolFamily.AF_INET, 0, 0, 0]);
        writer.EndMessage(start);
        return buffer;
    }

    /// <summary>Whether a request is acknowledged without an error.</summary>
    public static bool Succeeds(NetlinkSocket socket, RtmType type)
    {
        if (!socket.SendAsync(Request(type, NetlinkFlags.NLM_F_ACK)).IsCompletedSuccessfully || !socket.TryReceive(out ReceivedDatagram reply, out _))
            return false;
        using (reply)
            return BitConverter.ToInt32(reply.Span[NetlinkHeader.Size..]) == 0;
    }

    public void Dispose()
    {
        Socket.Dispose();
        _host.Dispose();
    }
}
