using System.Runtime.InteropServices;

namespace SmallRtnl.Bench;

/// <summary>A client in process: real netlink requests in one namespace, each acknowledged before the next.</summary>
internal sealed class RequestWorker : Worker
{
    private readonly NetlinkSocket _socket;
    private readonly Func<byte[]> _next;

    /// <param name="host">The host.</param>
    /// <param name="net">The namespace.</param>
    /// <param name="next">The next request's bytes.</param>
    public RequestWorker(BenchHost host, Net net, Func<byte[]> next)
    {
        _socket = host.Dispatcher.OpenSocket(net, isPrivileged: true);
        _next = next;
    }

    public static byte[] Request(RtmType type)
    {
        byte[] buffer = new byte[64];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, NetlinkFlags.NLM_F_REQUEST | NetlinkFlags.NLM_F_ACK, 1, 0);
        writer.PutRaw([0, 0, 0, 0]);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    public override async Task RunAsync()
    {
        using (_socket)
        {
            while (!IsStopping)
            {
                await _socket.SendAsync(_next()).ConfigureAwait(false);
                if (!_socket.TryReceive(out ReceivedDatagram reply, out _))
                    throw new InvalidOperationException("A request was not answered.");
                using (reply)
                {
                    if (MemoryMarshal.Read<int>(reply.Span[NetlinkHeader.Size..]) != 0)
                        throw new InvalidOperationException("A request was refused.");
                }
                Completed();
            }
        }
    }
}
