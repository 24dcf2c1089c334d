using SmallRtnl.Links;

namespace SmallRtnl.Handlers.Tests.Links;

/// <summary>Asking for a link is the most frequent of all requests.</summary>
public sealed class LinkAllocationTests
{
    private const int Requests = 2000;

    [Fact]
    public async Task Getting_a_link_by_index_or_by_name_allocates_nothing()
    {
        using var host = new LinkTestHost();
        LinkClient net = host.CreateNet("a");
        await net.AddPairAsync("v0", "v1");
        Assert.Equal(0, PerRequest(net.Netlink.Socket, Bytes(new LinkMessage { Header = new IfInfoMsg { Index = 3 } })));
        Assert.Equal(0, PerRequest(net.Netlink.Socket, Bytes(new LinkMessage { Name = new InterfaceName("v0") })));
    }

    /// <summary>The compiler makes the state machines of a debug build objects on the heap.</summary>
    private static void SkipUnlessOptimized()
    {
#if DEBUG
        Assert.Skip("Only optimised code is free of allocation.");
#endif
    }

    private static long PerRequest(NetlinkSocket socket, byte[] request)
    {
        SkipUnlessOptimized();
        for (int i = 0; i < Requests; i++)
            SendAndReceive(socket, request);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Requests; i++)
            SendAndReceive(socket, request);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
    }

    private static void SendAndReceive(NetlinkSocket socket, byte[] request)
    {
        ValueTask sending = socket.SendAsync(request);
        Assert.True(sending.IsCompletedSuccessfully);
        while (socket.TryReceive(out ReceivedDatagram reply, out _))
            reply.Dispose();
    }

    private static byte[] Bytes(LinkMessage message)
    {
        byte[] buffer = new byte[512];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)RtmType.RTM_GETLINK, NetlinkFlags.NLM_F_REQUEST | NetlinkFlags.NLM_F_ACK, 1, 0);
        message.Write(ref writer);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }
}
