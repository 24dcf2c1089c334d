using System.Runtime.InteropServices;
using SmallRtnl.Tests.Dispatch;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Transport;

public sealed class NetlinkSocketTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly Net _net;

    public NetlinkSocketTests() => _net = _host.Create("a");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_request_that_waits_keeps_its_namespace_alive_though_its_socket_is_closed()
    {
        NetlinkClient client = NetlinkClient.Open(_host.Dispatcher, _net);
        using var context = RtnlContext.Create();
        Task waiting;
        using (_net.Lock(context))
        {
            waiting = client.SendAsync(RTM_NEWTHING, NetlinkFlags.None, new ThingMessage { Value = 7 }).AsTask();
            Assert.False(waiting.IsCompleted);
            _host.Registry.TryDelete("a");
            client.Dispose();
            Assert.False(_net.IsDead);
        }
        await waiting;
        await _host.Registry.FlushTeardownsAsync();
        Assert.True(_net.IsDead);
        // The request was first, the teardown (which leaves -1) second.
        Assert.Equal((-1, 0), (_net.Snapshot.Get<Counter>().Value, _net.Users));
    }

    [Fact]
    public async Task A_closed_socket_joins_nothing_takes_no_port_and_sends_nothing()
    {
        NetlinkSocket socket = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        socket.Dispose();
        socket.SetOption(NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, THING_GROUP);
        socket.SetOption(NetlinkSocketOption.NETLINK_LISTEN_ALL_NSID, 1);
        socket.Autobind();
        Assert.Equal(Errno.EBADF, socket.Bind(77, 1));
        Assert.Equal((0u, 0ul), (socket.PortId, socket.GroupMask));
        Assert.False(_net.Groups.HasListeners(THING_GROUP));
        Assert.Null(_host.Dispatcher.Ports.Find(_net, 77));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await socket.SendAsync(new byte[16]));
        Assert.Equal(1, _net.Users);
    }

    [Fact]
    public void A_send_to_others_goes_to_the_lowest_group_and_to_the_port_id_once_and_to_nobody_without_one()
    {
        NetlinkSocket[] sockets = [.. Enumerable.Range(0, 5).Select(_ => _host.Dispatcher.OpenSocket(_net, isPrivileged: true))];
        (NetlinkSocket sender, NetlinkSocket both, NetlinkSocket first, NetlinkSocket second, NetlinkSocket unbound) =
            (sockets[0], sockets[1], sockets[2], sockets[3], sockets[4]);
        foreach (NetlinkSocket socket in sockets[..4])
            socket.Autobind();
        foreach (NetlinkSocket socket in (NetlinkSocket[])[sender, both, first, unbound])
            socket.SetOption(NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, 3);
        second.SetOption(NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, 4);

        Assert.Equal(Errno.None, sender.SendTo([1], both.PortId, 0b1100));
        Assert.Equal([0], Groups(both));
        Assert.Equal([3], Groups(first));
        Assert.All([sender, second], socket => Assert.Empty(Groups(socket)));
        // An id that is left out is not nobody's: as in the kernel, a socket without one is left out only where no id is.
        Assert.Equal([3], Groups(unbound));
        Assert.Equal(Errno.None, sender.SendTo([1], 0, 0b0100));
        Assert.Empty(Groups(unbound));
        Assert.Equal(Errno.ECONNREFUSED, sender.SendTo([1], 4711, 0b0100));
        Assert.Equal([3, 3], Groups(first));
        Array.ForEach(sockets, socket => socket.Dispose());

        static List<int> Groups(NetlinkSocket socket)
        {
            var groups = new List<int>();
            while (socket.TryReceive(out ReceivedDatagram datagram, out _))
            {
                groups.Add(datagram.Group);
                datagram.Dispose();
            }
            return groups;
        }
    }

    [Theory]
    [InlineData(65_531, true)]
    [InlineData(65_532, false)]
    public async Task A_message_with_an_attribute_that_no_room_is_enough_for_is_not_sent(int length, bool isSent)
    {
        using NetlinkClient client = NetlinkClient.Open(_host.Dispatcher, _net);
        Exception? thrown = await Record.ExceptionAsync(async () => await client.SendAsync(RTM_NEWTHING, NetlinkFlags.None, new ThingMessage { Padding = new NetlinkBytes(new byte[length]) }));
        Assert.Equal(isSent ? null : typeof(InvalidOperationException), thrown?.GetType());
    }

    [Fact]
    public async Task A_socket_without_a_port_id_hears_no_notifications()
    {
        using NetlinkClient client = NetlinkClient.Open(_host.Dispatcher, _net);
        using NetlinkSocket unbound = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        unbound.SetOption(NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, THING_GROUP);
        var notify = new ThingMessage { Command = (uint)ThingCommand.Notify };
        await client.RequestAsync(RTM_NEWTHING, NetlinkFlags.None, notify);
        Assert.False(unbound.TryReceive(out _, out _));
        unbound.Autobind();
        await client.RequestAsync(RTM_NEWTHING, NetlinkFlags.None, notify);
        Assert.True(unbound.TryReceive(out ReceivedDatagram datagram, out _));
        datagram.Dispose();
    }

    [Fact]
    public async Task A_chunk_is_not_lost_to_what_filled_the_queue_while_it_waited_for_its_lock()
    {
        using NetlinkClient client = NetlinkClient.Open(_host.Dispatcher, _net);
        using NetlinkSocket other = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        client.Socket.Autobind();
        client.Socket.ReceiveBuffer = 12_000;
        using var context = RtnlContext.Create();
        Task<List<ThingMessage>> dump;
        using (_net.Lock(context))
        {
            dump = client.DumpAsync(RTM_GETTHING, new ThingMessage { Header = new ThingHeader(ProtocolFamily.AF_INET, 0, 0) });
            byte[] filler = new byte[10_000];
            MemoryMarshal.Write(filler, new NetlinkHeader((uint)filler.Length, 999, NetlinkFlags.None, 999, 0));
            Assert.Equal(Errno.None, other.SendTo(filler, client.Socket.PortId, 0));
        }
        Assert.Equal(Enumerable.Range(0, ThingHandlers.Rows), (await dump).Select(row => (int)row.Command!));
    }

    [Fact]
    public async Task A_dump_into_a_full_queue_begins_once_the_client_reads()
    {
        using NetlinkClient client = NetlinkClient.Open(_host.Dispatcher, _net);
        using NetlinkSocket other = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        client.Socket.Autobind();
        client.Socket.ReceiveBuffer = 5000;
        byte[] filler = new byte[10_000];
        MemoryMarshal.Write(filler, new NetlinkHeader((uint)filler.Length, 999, NetlinkFlags.None, 999, 0));
        Assert.Equal(Errno.None, other.SendTo(filler, client.Socket.PortId, 0));
        Assert.Equal(ThingHandlers.Rows, (await client.DumpAsync(RTM_GETTHING, default(ThingMessage))).Count);
    }

    /// <summary>The kernel's sizes: an allocation of a power of two with 320 bytes of its own, and 256 beside it; 704 at least.</summary>
    [Theory]
    [InlineData(17, 960)]
    [InlineData(384, 960)]
    [InlineData(385, 1280)]
    [InlineData(704, 1280)]
    [InlineData(1500, 2304)]
    [InlineData(1729, 4352)]
    [InlineData(3776, 4352)]
    [InlineData(3777, 8448)]
    [InlineData(16_064, 16_640)]
    [InlineData(32_448, 33_024)]
    public void A_queued_datagram_counts_as_what_it_occupies(int length, int occupied)
    {
        using NetlinkSocket receiver = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        using NetlinkSocket sender = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        receiver.Autobind();
        receiver.ReceiveBuffer = 5 * occupied;
        for (int i = 0; i < 5; i++)
            Assert.Equal(Errno.None, sender.SendTo(new byte[length], receiver.PortId, 0));
        Assert.Equal(Errno.EAGAIN, sender.SendTo(new byte[17], receiver.PortId, 0));
        Assert.True(receiver.TryReceive(out ReceivedDatagram datagram, out Errno error));
        Assert.Equal((Errno.None, length), (error, datagram.Length));
        datagram.Dispose();
        Assert.Equal(Errno.None, sender.SendTo(new byte[length], receiver.PortId, 0));
        // One has room in an empty queue, however small the buffer.
        receiver.ReceiveBuffer = 0;
        while (receiver.TryReceive(out datagram, out _))
            datagram.Dispose();
        Assert.Equal(Errno.None, sender.SendTo(new byte[length], receiver.PortId, 0));
        Assert.Equal(Errno.EAGAIN, sender.SendTo(new byte[17], receiver.PortId, 0));
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(4096, 4096)]
    [InlineData(4096, 8192)]
    [InlineData(8192, 4096)]
    [InlineData(0, 16_384)]
    [InlineData(32_768, 32_768)]
    [InlineData(int.MaxValue, 0)]
    public async Task A_dump_is_cut_for_its_reader(int first, int then)
    {
        using NetlinkSocket socket = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        byte[] request = new byte[64];
        var writer = new NetlinkWriter(request);
        int start = writer.BeginMessage((ushort)RTM_GETTHING, NetlinkFlags.NLM_F_REQUEST | NetlinkFlags.NLM_F_DUMP, sequence: 1, portId: 0);
        default(ThingMessage).Write(ref writer);
        writer.EndMessage(start);
        await socket.SendAsync(request.AsMemory(0, writer.Position));
        int offered = 0;
        var sizes = new List<int>();
        int rows = 0;
        for (bool isDone = false; !isDone;)
        {
            // What has been offered when the chunk was made, never what is offered now.
            int most = Math.Max(3776, Math.Min(offered, 32_448));
            int room = sizes.Count == 0 ? first : then;
            Assert.True(socket.TryReceive(room, out ReceivedDatagram datagram, out Errno error));
            Assert.Equal(Errno.None, error);
            using (datagram)
            {
                sizes.Add(datagram.Length);
                Assert.InRange(datagram.Length, 16, most);
                isDone = Count(datagram.Span, ref rows);
            }
            offered = Math.Max(offered, room);
            await socket.ContinueDumpAsync();
        }
        Assert.Equal(ThingHandlers.Rows, rows);
        // Nearly as full as they could be.
        if (Math.Max(first, then) >= 8192)
            Assert.True(sizes.Max() > Math.Min(Math.Max(first, then), 32_448) - 1100, string.Join(' ', sizes));

        static bool Count(ReadOnlySpan<byte> rest, ref int rows)
        {
            bool isDone = false;
            while (rest.Length >= NetlinkHeader.Size)
            {
                var header = MemoryMarshal.Read<NetlinkHeader>(rest);
                isDone |= header.Type == NetlinkControlType.NLMSG_DONE;
                rows += header.Type == (ushort)RTM_NEWTHING ? 1 : 0;
                rest = rest[Math.Min(NetlinkAlignment.Align((int)header.Length), rest.Length)..];
            }
            return isDone;
        }
    }

    /// <summary>Whoever comes to continue one dump may be the one who begins, and ends, the next.</summary>
    [Fact]
    public async Task A_dump_that_follows_another_at_once_ends_once()
    {
        using NetlinkSocket socket = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        socket.ReceiveBuffer = 1 << 20;
        // Its chunks are made without waiting for receives.
        socket.NoteRoom(int.MaxValue);
        byte[] refused = Dump(new ThingMessage { Command = (uint)ThingCommand.Fail });
        byte[] whole = Dump(default);
        for (int round = 0; round < 100; round++)
        {
            // The first dump has queued its end, but has its turn still.
            Task continuing = Task.CompletedTask;
            socket.Readable = () => continuing = socket.ContinueDumpAsync().AsTask();
            await socket.SendAsync(refused);
            socket.Readable = null;
            await socket.SendAsync(whole);
            await continuing;
            await socket.ContinueDumpAsync();
            Assert.Equal(2, Ends(socket));
        }

        static byte[] Dump(ThingMessage message)
        {
            byte[] bytes = new byte[64];
            var writer = new NetlinkWriter(bytes);
            int start = writer.BeginMessage((ushort)RTM_GETTHING, NetlinkFlags.NLM_F_REQUEST | NetlinkFlags.NLM_F_DUMP, sequence: 1, portId: 0);
            message.Write(ref writer);
            writer.EndMessage(start);
            return bytes[..writer.Position];
        }

        static int Ends(NetlinkSocket socket)
        {
            int ends = 0;
            while (socket.TryReceive(out ReceivedDatagram datagram, out _))
            {
                ReadOnlySpan<byte> rest = datagram.Span;
                while (rest.Length >= NetlinkHeader.Size)
                {
                    var header = MemoryMarshal.Read<NetlinkHeader>(rest);
                    if (header.Type == NetlinkControlType.NLMSG_DONE)
                        ends++;
                    rest = rest[Math.Min(NetlinkAlignment.Align((int)header.Length), rest.Length)..];
                }
                datagram.Dispose();
            }
            return ends;
        }
    }
}
