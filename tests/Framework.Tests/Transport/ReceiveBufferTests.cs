using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmallRtnl.Tests.Dispatch;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Transport;

/// <summary>What a client may leave unread, and what of it the server counts.</summary>
public sealed class ReceiveBufferTests : IAsyncLifetime
{
    private const int MaxReceiveBuffer = 300_000;
    private const int MaxUnread = 2 << 20;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rtnl-test-{Guid.NewGuid():N}.sock");
    private readonly TestHost _host;
    private readonly IHostedService _server;

    public ReceiveBufferTests()
    {
        _host = new TestHost(socketPath: _path, configure: static options =>
        {
            options.MaxReceiveBuffer = MaxReceiveBuffer;
            options.MaxUnreadBytesOfOwner = MaxUnread;
            options.MaxUnreadBytesPerUser = MaxUnread;
        });
        _server = _host.Services.GetServices<IHostedService>().Single();
    }

    public async ValueTask InitializeAsync() => await _server.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    [Theory]
    [InlineData(UnixControl.RcvBuf, 0u, 2304)]
    [InlineData(UnixControl.RcvBuf, 2303u, 2304)]
    [InlineData(UnixControl.RcvBuf, 599_999u, 599_999)]
    [InlineData(UnixControl.RcvBuf, 600_001u, 600_000)]
    [InlineData(UnixControl.RcvBuf, 0x7fff_ffffu, 600_000)]
    [InlineData(UnixControl.RcvBuf, uint.MaxValue, 600_000)]
    [InlineData(UnixControl.RcvBufForce, 0u, 2304)]
    [InlineData(UnixControl.RcvBufForce, 600_001u, 600_001)]
    [InlineData(UnixControl.RcvBufForce, 0x7fff_ffffu, 0x7fff_fffe)]
    [InlineData(UnixControl.RcvBufForce, uint.MaxValue, 0x7fff_fffe)]
    public void The_server_decides_how_large_a_receive_buffer_is(object operation, uint asked, int given)
    {
        using var client = new ProtocolClient(_path);
        UnixFrame answer = client.Control((UnixControl)operation, asked);
        Assert.Equal((0u, (uint)given), (answer.A, answer.B));
    }

    /// <summary>Every number of an operation that there is, and many that there are not; every length about the right one; the ends of every field.</summary>
    [Fact]
    public void Whatever_a_control_frame_holds_is_answered_and_harms_nobody()
    {
        var arguments = new Dictionary<int, int> { [1] = 8, [2] = 0, [3] = 8, [4] = 4, [5] = 4, [6] = 0, [7] = 0, [8] = 4 };
        byte[] payload = new byte[4096];
        using var bystander = new ProtocolClient(_path);
        for (int operation = 0; operation < 16; operation++)
        {
            // A socket of its own: what one does is no other's affair.
            using var client = new ProtocolClient(_path);
            foreach (uint value in (uint[])[0, 1, 2, 32, 38, 63, 64, 0x7fff_ffff, 0x8000_0000, uint.MaxValue])
            {
                foreach (int length in (int[])[0, 1, 3, 4, 5, 7, 8, 9, 12, 64, 4096])
                {
                    MemoryMarshal.Cast<byte, uint>(payload.AsSpan()).Fill(value);
                    var errno = (Errno)client.Control((UnixControl)operation, payload.AsSpan(0, length)).A;
                    if (!arguments.TryGetValue(operation, out int right))
                        Assert.Equal(Errno.EOPNOTSUPP, errno);
                    else if (length != right)
                        Assert.Equal(Errno.EINVAL, errno);
                    else
                        Assert.True(errno is Errno.None or Errno.EINVAL or Errno.ENOPROTOOPT or Errno.EADDRINUSE, $"Operation {operation} of {value:x}: {errno}.");
                }
            }
        }
        bystander.Send(ProtocolClient.Message(RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, 1, default));
        Assert.Equal(UnixFrameKind.Data, bystander.Receive().Frame.Kind);
    }

    [Theory]
    [InlineData(2304)]
    [InlineData(40_000)]
    [InlineData(212_992)]
    [InlineData(600_000)]
    public void Replies_that_nobody_reads_take_no_more_than_the_receive_buffer(int buffer)
    {
        using var client = new ProtocolClient(_path);
        client.Control(UnixControl.RcvBuf, (uint)buffer);
        int before = 0;
        for (uint round = 0; round < 4; round++)
        {
            for (uint i = 0; i < 700; i++)
                client.Send(ProtocolClient.Message(RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, i, default));
            client.Control(UnixControl.Fence);
            // Full after the second at the latest.
            if (round > 1)
                Assert.Equal(before, client.Unread);
            before = client.Unread;
        }
        int answers = 0;
        UnixFrame frame = default;
        for (; client.Unread > 0; answers += frame.Kind == UnixFrameKind.Data ? 1 : 0)
            frame = client.Receive().Frame;
        // The error is behind what had been sent before.
        Assert.Equal((UnixFrameKind.Error, (uint)Errno.ENOBUFS), (frame.Kind, frame.A));
        // An acknowledgement of 36 bytes occupies what the kernel's does, 960 bytes; in the connection it may be less.
        Assert.InRange(answers, Math.Max(buffer / 960, 1), Math.Max(buffer / 700, 2));
        // Whoever has read has room.
        client.Send(ProtocolClient.Message(RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, 1, default));
        Assert.Equal(UnixFrameKind.Data, client.Receive().Frame.Kind);
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(20, true)]
    public void What_a_user_leaves_unread_is_bounded_over_all_connections(int connections, bool dumps) => LeaveUnread(connections, dumps);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_thousand_connections_with_unread_replies_hold_bounded_memory(bool dumps) => LeaveUnread(1000, dumps);

    [Theory]
    [InlineData(16_000u, 16)]
    [InlineData(2000u, 16)]
    [InlineData(32_448u, 32)]
    public void A_dump_goes_on_with_each_receive_that_its_client_tells_of(uint room, int headerSize)
    {
        using var client = new ProtocolClient(_path, (byte)(UnixFrame.TellsOfReceives | (headerSize == 32 ? UnixFrame.Credentials : 0)));
        client.Send(ProtocolClient.Message(RTM_GETTHING, NetlinkFlags.NLM_F_DUMP, 1, default));
        int datagrams = 0;
        int rows = 0;
        while (true)
        {
            (UnixFrame frame, byte[] payload) = client.Receive();
            payload = payload[(headerSize - UnixFrame.Size)..];
            int most = datagrams == 0 ? 3776 : Math.Max(3776, (int)room);
            Assert.InRange(payload.Length, 16, most);
            rows += RowsOf(payload, out bool isDone);
            datagrams++;
            if (isDone)
            {
                Assert.Equal((byte)DumpPart.Last, frame.Flags);
                break;
            }
            // With the largest room there is nothing to tell after the first time.
            if (datagrams > 1 && room >= 32_448)
            {
                Assert.Equal((byte)DumpPart.None, frame.Flags);
                continue;
            }
            Assert.Equal((byte)DumpPart.More, frame.Flags);
            client.Control(UnixControl.Fence);
            Assert.Equal(0, client.Unread);
            client.Send(new UnixFrame(UnixFrameKind.Received, 0, 0, room, 0, 0));
        }
        Assert.Equal(ThingHandlers.Rows, rows);
    }

    private static int RowsOf(ReadOnlySpan<byte> payload, out bool isDone)
    {
        int rows = 0;
        isDone = false;
        while (payload.Length >= NetlinkHeader.Size)
        {
            var header = MemoryMarshal.Read<NetlinkHeader>(payload);
            isDone |= header.Type == NetlinkControlType.NLMSG_DONE;
            rows += header.Type == (ushort)RTM_NEWTHING ? 1 : 0;
            payload = payload[Math.Min(NetlinkAlignment.Align((int)header.Length), payload.Length)..];
        }
        return rows;
    }

    private void LeaveUnread(int connections, bool dumps)
    {
        var clients = new List<ProtocolClient>();
        try
        {
            for (int i = 0; i < connections; i++)
                clients.Add(new ProtocolClient(_path));
            long before = ResidentBytes();
            foreach (ProtocolClient client in clients)
            {
                for (uint i = 0; i < (dumps ? 20 : 400); i++)
                    client.Send(ProtocolClient.Message(dumps ? RTM_GETTHING : RTM_NEWTHING, dumps ? NetlinkFlags.NLM_F_DUMP : NetlinkFlags.NLM_F_ACK, i, default));
                client.Control(UnixControl.Fence);
            }
            long unread = clients.Sum(static client => (long)client.Unread);
            long grown = ResidentBytes() - before;
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{connections} connections, {(dumps ? "dumps" : "acknowledgements")}: {unread:N0} bytes unread in their sockets, {grown:N0} bytes more in the process; bound {MaxUnread:N0} and 16 KiB each"));
            Assert.InRange(unread, connections, MaxUnread + (connections * (long)ReceiveAccount.Step));
            // Both ends of the connections are in it, and the collector's leisure.
            Assert.InRange(grown, long.MinValue, (64 << 20) + (connections * 32_768L));
            // Readers that catch up are served again.
            foreach (ProtocolClient client in clients)
            {
                while (client.Unread > 0)
                    client.Receive();
            }
            if (!dumps)
            {
                ProtocolClient one = clients[^1];
                one.Send(ProtocolClient.Message(RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, 1000, default));
                while (one.Receive() is var (frame, _) && frame.Kind != UnixFrameKind.Data)
                {
                }
            }
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }

    private static long ResidentBytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
