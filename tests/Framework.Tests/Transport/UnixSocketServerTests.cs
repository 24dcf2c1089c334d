using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmallRtnl.Tests.Dispatch;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Transport;

public sealed class UnixSocketServerTests : IAsyncLifetime
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rtnl-test-{Guid.NewGuid():N}.sock");
    private readonly TestHost _host;
    private readonly IHostedService _server;

    public UnixSocketServerTests()
    {
        _host = new TestHost(socketPath: _path);
        _server = _host.Services.GetServices<IHostedService>().Single();
    }

    public async ValueTask InitializeAsync() => await _server.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        _host.Dispose();
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void A_request_is_answered_on_its_own_connection()
    {
        using var client = new FrameClient(_path, "");
        client.Send(Request(sequence: 1, new ThingMessage { Value = 9 }));
        (UnixFrame frame, byte[] payload) = client.Receive();
        Assert.Equal((UnixFrameKind.Data, 0u, uint.MaxValue, 0u), (frame.Kind, frame.A, frame.B, frame.C));
        Assert.Equal(NetlinkControlType.NLMSG_ERROR, MemoryMarshal.Read<NetlinkHeader>(payload).Type);
        Assert.Equal(9, _host.Registry.Initial.Snapshot.Get<Counter>().Value);
    }

    [Fact]
    public void A_connection_belongs_to_the_namespace_it_names()
    {
        var control = new RtnlControlClient(_path);
        Assert.Equal(Errno.None, control.AddNetns("blue"));
        Assert.Equal(Errno.EEXIST, control.AddNetns("blue"));
        Assert.Equal(Errno.EINVAL, control.AddNetns("a/b"));
        using (var client = new FrameClient(_path, "blue"))
        {
            client.Send(Request(1, new ThingMessage { Value = 4 }));
            client.Receive();
        }
        Assert.Equal(4, _host.Registry.Find("blue")!.Snapshot.Get<Counter>().Value);
        Assert.Equal(0, _host.Registry.Initial.Snapshot.Get<Counter>().Value);
        Assert.Equal(["blue"], control.ListNetns());
        Assert.Equal(Errno.None, control.DeleteNetns("blue"));
        Assert.Equal(Errno.ENOENT, control.DeleteNetns("blue"));
        Assert.Equal((uint)Errno.ENOENT, new FrameClient(_path, "blue").Refusal);
    }

    [Fact]
    public void Thousands_of_names_are_listed_in_several_answers()
    {
        for (int i = 0; i < 3000; i++)
            _host.Create($"{i:0000}-{new string('x', 40)}");
        IReadOnlyList<string> names = new RtnlControlClient(_path).ListNetns();
        Assert.Equal(_host.Registry.Names(), names);
    }

    [Fact]
    public void A_control_operation_comes_after_every_frame_sent_before_it()
    {
        using var client = new FrameClient(_path, "");
        for (uint i = 1; i <= 50; i++)
        {
            client.Send(Request(i, default));
            client.Control(UnixControl.Fence);
            // The fence has answered, so the acknowledgement is there already.
            Assert.True(client.Available > 0);
            client.Receive();
            Assert.Equal((int)i, _host.Registry.Initial.Snapshot.Get<Counter>().Value);
        }
    }

    [Fact]
    public void Binding_options_and_groups_travel_in_control_frames()
    {
        using var client = new FrameClient(_path, "");
        (UnixFrame bound, _) = client.Control(UnixControl.Bind, 4321, 1);
        Assert.Equal((0u, 4321u, 1u), (bound.A, bound.B, bound.C));
        Assert.Equal((uint)Errno.EINVAL, client.Control(UnixControl.Bind, 5, 1).Frame.A);
        Assert.Equal(0u, client.Control(UnixControl.SetSockOpt, (uint)NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, THING_GROUP).Frame.A);
        Assert.Equal((uint)Errno.ENOPROTOOPT, client.Control(UnixControl.SetSockOpt, 99, 1).Frame.A);
        (_, byte[] memberships) = client.Control(UnixControl.GetSockOpt, (uint)NetlinkSocketOption.NETLINK_LIST_MEMBERSHIPS);
        Assert.Equal(1UL | (1UL << (THING_GROUP - 1)), BitConverter.ToUInt64(memberships));
        using var other = new FrameClient(_path, "");
        other.Send(Request(1, new ThingMessage { Command = (uint)ThingCommand.Notify }));
        other.Receive();
        Assert.Equal((uint)THING_GROUP, client.Receive().Frame.A);
    }

    [Fact]
    public void A_wrong_token_opens_nothing()
    {
        using var client = new FrameClient(_path, "");
        client.Token++;
        Assert.Equal((uint)Errno.EBADF, client.Control(UnixControl.GetName).Frame.A);
    }

    [Fact]
    public void A_malformed_frame_closes_the_connection_and_no_other()
    {
        using var bad = new FrameClient(_path, "");
        using var good = new FrameClient(_path, "");
        bad.SendRaw([1, 2, 3]);
        Assert.True(bad.IsClosed());
        good.Send(Request(1, default));
        Assert.Equal(UnixFrameKind.Data, good.Receive().Frame.Kind);
    }

    [Fact]
    public void A_reader_that_does_not_read_keeps_nobody_waiting_and_hears_ENOBUFS()
    {
        using var slow = new FrameClient(_path, "");
        slow.Control(UnixControl.Autobind);
        slow.Control(UnixControl.SetSockOpt, (uint)NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, THING_GROUP);
        slow.Control(UnixControl.RcvBuf, 8192);
        using var busy = new FrameClient(_path, "");
        for (uint i = 1; i <= 4000; i++)
        {
            busy.Send(Request(i, new ThingMessage { Command = (uint)ThingCommand.Notify, Padding = new NetlinkBytes(new byte[100]) }));
            busy.Receive();
        }
        // The server goes on sending when there is room again, some time after each read: the error comes, or the read times out.
        while (slow.Receive().Frame is not { Kind: UnixFrameKind.Error, A: (uint)Errno.ENOBUFS })
        {
        }
    }

    [Fact]
    public async Task What_a_client_sent_before_it_closed_is_handled_though_it_left_answers_unread()
    {
        Net net = _host.Registry.Initial;
        using var context = RtnlContext.Create();
        using (var client = new FrameClient(_path, ""))
        {
            // Several: the runtime reads once more when it closes a socket.
            for (uint i = 1; i <= 3; i++)
                client.Send(Request(i, default));
            client.Control(UnixControl.Fence);
            Assert.True(client.Available > 0);
            using AsyncRtnlLease lease = await net.LockAsync(context);
            // Not to be answered: an answer's send would meet the end of the connection before the next receive does.
            for (uint i = 4; i <= 8; i++)
                client.Send(Message(RTM_NEWTHING, NetlinkFlags.None, i, default));
            // The server is busy with the fourth when the connection ends; the others are still in it.
            await Task.Delay(50);
            client.Dispose();
        }
        for (int tries = 0; net.Snapshot.Get<Counter>().Value < 8; tries++)
        {
            Assert.True(tries < 2000, "Requests were lost.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_namespace_that_waits_for_RTNL_keeps_no_other_connection_waiting()
    {
        using var context = RtnlContext.Create();
        AsyncRtnlLease lease = await _host.Gate.LockAsync(context);
        var control = new RtnlControlClient(_path);
        Task<Errno>[] adding = [.. Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(
            () => control.AddNetns($"n{i}"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Empty(control.ListNetns());
        lease.Dispose();
        Assert.All(await Task.WhenAll(adding), errno => Assert.Equal(Errno.None, errno));
        Assert.Equal(8, control.ListNetns().Count);
    }

    [Fact]
    public void A_datagram_that_the_connection_cannot_carry_is_told_as_ENOBUFS_and_ends_nothing()
    {
        using var client = new FrameClient(_path, "");
        // The largest frame there can be; the error with the request in it is larger still.
        var request = new byte[client.LargestFrame - UnixFrame.Size];
        MemoryMarshal.Write(request, new NetlinkHeader((uint)request.Length, (ushort)RTM_DELTHING + 100, NetlinkFlags.NLM_F_REQUEST, 1, 0));
        client.Send(request);
        Assert.Equal(new UnixFrame(UnixFrameKind.Error, 0, 0, (uint)Errno.ENOBUFS, 0, 0), client.Receive().Frame);
        client.Send(Request(2, default));
        Assert.Equal(UnixFrameKind.Data, client.Receive().Frame.Kind);
    }

    [Fact]
    public async Task A_dump_larger_than_the_connection_arrives_whole()
    {
        using var client = new FrameClient(_path, "");
        for (int round = 0; round < 3; round++)
        {
            client.Send(Message(RTM_GETTHING, NetlinkFlags.NLM_F_DUMP, 7, default));
            await Task.Delay(20);
            int rows = 0;
            bool done = false;
            while (!done)
            {
                byte[] payload = client.Receive().Payload;
                for (int at = 0; at < payload.Length;)
                {
                    var header = MemoryMarshal.Read<NetlinkHeader>(payload.AsSpan(at));
                    done |= header.Type == NetlinkControlType.NLMSG_DONE;
                    rows += header.Type == (ushort)RTM_NEWTHING ? 1 : 0;
                    at += NetlinkAlignment.Align((int)header.Length);
                }
            }
            Assert.Equal(ThingHandlers.Rows, rows);
        }
    }

    [Fact]
    public void Every_message_of_a_datagram_is_answered_in_order_and_in_a_datagram_of_its_own()
    {
        using var client = new FrameClient(_path, "");
        // More than one system call carries, and more than a receive buffer of the default size holds: the kernel would lose what is beyond.
        const uint Count = 1000;
        Assert.Equal(2u << 20, client.Control(UnixControl.RcvBufForce, 2 << 20).Frame.B);
        client.Send([.. Enumerable.Range(1, (int)Count).SelectMany(i => Request((uint)i, default))]);
        for (uint i = 1; i <= Count; i++)
        {
            (UnixFrame frame, byte[] payload) = client.Receive();
            Assert.Equal(UnixFrameKind.Data, frame.Kind);
            var header = MemoryMarshal.Read<NetlinkHeader>(payload);
            Assert.Equal((i, (uint)payload.Length), (header.Sequence, header.Length));
        }
        Assert.Equal((int)Count, _host.Registry.Initial.Snapshot.Get<Counter>().Value);
    }

    [Fact]
    public void Frames_that_come_while_another_is_handled_are_handled_in_order()
    {
        using var client = new FrameClient(_path, "");
        for (uint i = 1; i <= 20; i++)
        {
            // Each second one waits under its lock.
            client.Send(Message(i % 2 == 0 ? RTM_SETTHING : RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, i, default));
        }
        for (uint i = 1; i <= 20; i++)
            Assert.Equal(i, MemoryMarshal.Read<NetlinkHeader>(client.Receive().Payload).Sequence);
        Assert.Equal(20, _host.Registry.Initial.Snapshot.Get<Counter>().Value);
    }

    [Fact]
    public void Handlers_that_block_their_threads_keep_other_connections_waiting_for_a_moment_only()
    {
        ThingHandlers.Unblocked.Reset();
        var clients = new List<FrameClient>();
        try
        {
            for (int i = 0; i < 4 * Environment.ProcessorCount; i++)
            {
                _host.Create($"n{i}");
                clients.Add(new FrameClient(_path, $"n{i}"));
            }
            List<FrameClient> blocked = clients[..(2 * Environment.ProcessorCount)];
            foreach (FrameClient client in blocked)
                client.Send(Request(1, new ThingMessage { Command = (uint)ThingCommand.Block }));
            Thread.Sleep(20);
            foreach (FrameClient client in clients.Except(blocked))
            {
                client.Send(Request(1, default));
                client.Receive();
            }
            Assert.All(blocked, static client => Assert.Equal(0, client.Available));
            ThingHandlers.Unblocked.Set();
            Assert.All(blocked, static client => Assert.Equal(UnixFrameKind.Data, client.Receive().Frame.Kind));
            foreach (FrameClient client in clients)
            {
                client.Send(Request(2, default));
                client.Receive();
            }
        }
        finally
        {
            ThingHandlers.Unblocked.Set();
            clients.ForEach(static client => client.Dispose());
        }
    }

    [Fact]
    public void A_dump_that_throws_at_its_end_takes_down_neither_the_server_nor_what_the_connection_held()
    {
        _host.Create("mortal");
        for (int round = 0; round < 4; round++)
        {
            using var client = new FrameClient(_path, "mortal");
            // Nobody reads: at least one of the dumps is in progress when the connection ends.
            for (uint i = 0; i < 100; i++)
                client.Send(Message(RTM_GETTHING, NetlinkFlags.NLM_F_DUMP, i, new ThingMessage { Command = (uint)ThingCommand.Throw }));
            client.Control(UnixControl.Fence);
        }
        using var other = new FrameClient(_path, "");
        other.Send(Request(1, default));
        Assert.Equal(UnixFrameKind.Data, other.Receive().Frame.Kind);
        // The sockets have let go of the namespace: it dies.
        Net net = _host.Registry.Find("mortal")!;
        Assert.True(_host.Registry.TryDelete("mortal"));
        Assert.True(SpinWait.SpinUntil(() => net.IsDead, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task What_others_send_to_a_client_whose_handler_blocks_its_thread_reaches_it_meanwhile()
    {
        const int Count = 1000;
        ThingHandlers.Unblocked.Reset();
        try
        {
            _host.Create("other");
            using var client = new FrameClient(_path, "other");
            using var sender = new FrameClient(_path, "other");
            uint port = client.Control(UnixControl.Autobind).Frame.B;
            client.Send(Request(1, new ThingMessage { Command = (uint)ThingCommand.Block }));
            Thread.Sleep(20);
            // All that it holds; and much more in all than it could hold, had it to wait for the handler's end.
            using var room = new SemaphoreSlim(120);
            Task sending = Task.Run(() =>
            {
                for (int i = 0; i < Count; i++)
                {
                    Assert.True(room.Wait(TimeSpan.FromSeconds(10)), "The reader has stopped.");
                    sender.SendTo(port, new byte[400]);
                }
            });
            for (int i = 0; i < Count / 2; i++)
            {
                Assert.Equal((UnixFrameKind.Data, 400), (client.Receive() is var (frame, payload) ? frame.Kind : default, payload.Length));
                room.Release();
            }
            ThingHandlers.Unblocked.Set();
            for (int i = 0; i < (Count / 2) + 1; i++)
            {
                Assert.Equal(UnixFrameKind.Data, client.Receive().Frame.Kind);
                room.Release();
            }
            await sending;
        }
        finally
        {
            ThingHandlers.Unblocked.Set();
        }
    }

    private static byte[] Request(uint sequence, ThingMessage message) => Message(RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, sequence, message);

    private static byte[] Message(RtmType type, NetlinkFlags flags, uint sequence, ThingMessage message)
    {
        byte[] buffer = new byte[512];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, flags | NetlinkFlags.NLM_F_REQUEST, sequence, 0);
        message.Write(ref writer);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    /// <summary>A client that speaks frames, as the shim does.</summary>
    private sealed class FrameClient : IDisposable
    {
        private readonly string _path;
        private readonly Socket _socket;
        private readonly uint _id;

        public FrameClient(string path, string netns)
        {
            _path = path;
            _socket = Connect(path);
            SendFrame(_socket, new UnixFrame(UnixFrameKind.Hello, 0, 0, UnixFrame.ProtocolVersion, 0, 0), Encoding.UTF8.GetBytes(netns));
            (UnixFrame welcome, _) = ReceiveFrame(_socket);
            Assert.Equal(UnixFrameKind.Welcome, welcome.Kind);
            if ((welcome.Flags & UnixFrame.Failed) != 0)
                Refusal = welcome.A;
            _id = welcome.A;
            Token = welcome.B | ((ulong)welcome.C << 32);
        }

        public uint Refusal { get; }

        public ulong Token { get; set; }

        public int Available => _socket.Available;

        /// <summary>What the send buffer, as large as the server's own, takes at most (unix_dgram_sendmsg).</summary>
        public int LargestFrame
        {
            get
            {
                _socket.SendBufferSize = 1 << 20;
                return Math.Min(_socket.SendBufferSize - 32, UnixFrame.MaxSize);
            }
        }

        public void Send(byte[] netlink) => SendFrame(_socket, new UnixFrame(UnixFrameKind.Data, 0, 0, 0, 0, 0), netlink);

        public void SendTo(uint port, byte[] netlink) => SendFrame(_socket, new UnixFrame(UnixFrameKind.Data, 0, 0, port, 0, 0), netlink);

        public void SendRaw(byte[] bytes) => _socket.Send(bytes);

        public (UnixFrame Frame, byte[] Payload) Receive() => ReceiveFrame(_socket);

        public (UnixFrame Frame, byte[] Payload) Control(UnixControl operation, params ReadOnlySpan<uint> arguments)
        {
            using Socket socket = Connect(_path);
            SendFrame(socket, new UnixFrame(UnixFrameKind.Control, (byte)operation, 0, _id, (uint)Token, (uint)(Token >> 32)), MemoryMarshal.AsBytes(arguments));
            return ReceiveFrame(socket);
        }

        public bool IsClosed() => _socket.Receive(new byte[16]) == 0;

        public void Dispose() => _socket.Dispose();

        private static Socket Connect(string path)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }

        private static void SendFrame(Socket socket, UnixFrame frame, ReadOnlySpan<byte> payload)
        {
            byte[] bytes = new byte[UnixFrame.Size + payload.Length];
            frame.Write(bytes);
            payload.CopyTo(bytes.AsSpan(UnixFrame.Size));
            socket.Send(bytes);
        }

        private static (UnixFrame Frame, byte[] Payload) ReceiveFrame(Socket socket)
        {
            byte[] bytes = new byte[128 * 1024];
            int length = socket.Receive(bytes);
            Assert.True(length >= UnixFrame.Size);
            return (UnixFrame.Read(bytes), bytes[UnixFrame.Size..length]);
        }
    }
}
