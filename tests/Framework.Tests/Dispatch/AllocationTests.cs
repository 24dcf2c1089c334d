using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Dispatch;

/// <summary>From received bytes to reply bytes nothing is allocated but what the namespace's state itself keeps.</summary>
public sealed class AllocationTests
{
    private const int Requests = 2000;

    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public void A_get_allocates_nothing(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Assert.Equal(0, PerRequest(host, Bytes(RTM_GETTHING, default)));
    }

    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public void A_request_that_fails_under_its_lock_allocates_nothing(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Assert.Equal(0, PerRequest(host, Bytes(RTM_NEWTHING, new ThingMessage { Command = (uint)ThingCommand.Fail })));
    }

    [Fact]
    public void A_change_allocates_its_new_state_and_no_more()
    {
        using var host = new TestHost();
        // The counter (24), a table of 2 slots (16 + 8 + 16) and the snapshot that holds it (16 + 8 + 8).
        Assert.InRange(PerRequest(host, Bytes(RTM_NEWTHING, new ThingMessage { Value = 1 })), 1, 24 + 40 + 32);
    }

    /// <summary>The compiler makes the state machines of a debug build objects on the heap.</summary>
    private static void SkipUnlessOptimized()
    {
#if DEBUG
        Assert.Skip("Only optimised code is free of allocation.");
#endif
    }

    private static long PerRequest(TestHost host, byte[] request)
    {
        SkipUnlessOptimized();
        using NetlinkSocket socket = host.Dispatcher.OpenSocket(host.Registry.Initial, isPrivileged: true);
        for (int i = 0; i < Requests; i++)
            SendAndReceive(socket, request);
        // The pools are the process's: other tests may have taken what is in them, or the collector trimmed them. What a request itself
        // allocates it allocates in every round.
        long least = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Requests; i++)
                SendAndReceive(socket, request);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Requests);
        }
        return least;
    }

    private static void SendAndReceive(NetlinkSocket socket, byte[] request)
    {
        ValueTask sending = socket.SendAsync(request);
        Assert.True(sending.IsCompletedSuccessfully);
        while (socket.TryReceive(out ReceivedDatagram reply, out _))
            reply.Dispose();
    }

    private static byte[] Bytes(RtmType type, ThingMessage message)
    {
        byte[] buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, NetlinkFlags.NLM_F_REQUEST | NetlinkFlags.NLM_F_ACK, 1, 0);
        message.Write(ref writer);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }
}
