using System.Runtime.InteropServices;
using static SmallRtnl.NetlinkFlags;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Dispatch;

public sealed class DispatcherTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly Net _net;
    private readonly NetlinkClient _client;

    public DispatcherTests()
    {
        _net = _host.Create("a");
        _client = NetlinkClient.Open(_host.Dispatcher, _net);
    }

    public void Dispose()
    {
        _client.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task A_request_changes_its_own_namespace_and_no_other()
    {
        Net other = _host.Create("b");
        Assert.True((await _client.RequestAsync(RTM_NEWTHING, None, new ThingMessage { Value = 42 })).IsOk);
        Assert.Equal(42, Value(_net));
        Assert.Equal(0, Value(other));
    }

    [Fact]
    public async Task An_error_carries_its_errno_text_and_the_attributes_offset()
    {
        NetlinkAck ack = await _client.RequestAsync(RTM_NEWTHING, None, Command(ThingCommand.Fail) with { Value = 1 });
        // Behind nlmsghdr (16), the fixed header (4) and THING_VALUE (8).
        Assert.Equal(new NetlinkAck(Errno.EBUSY, "thing: it is busy", 28), ack);
    }

    [Fact]
    public async Task A_refused_attribute_is_described_as_its_policy_asks_for_it()
    {
        // THING_COMMAND, a u32 up to 100, of two bytes.
        byte[] request = [28, 0, 0, 0, 128, 0, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 2, 0, 1, 1, 0, 0];
        await _client.SendBytesAsync(request);
        NetlinkMessage error = await _client.ReceiveAsync();
        Assert.Equal(new NetlinkAck(Errno.ERANGE, "Attribute failed policy validation", 20), error.ParseAck());
        // NLMSGERR_ATTR_POLICY, a nest, with NL_POLICY_TYPE_ATTR_MIN_VALUE_U, MAX_VALUE_U and TYPE = NL_ATTR_TYPE_U32: as raw-attributes.md records it.
        byte[] policy =
        [
            36, 0, 4, 0x80, 12, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 0, 5, 0, 100, 0, 0, 0, 0, 0, 0, 0, 8, 0, 1, 0, 4, 0, 0, 0,
        ];
        Assert.Equal(policy, error.Bytes[^policy.Length..].ToArray());
    }

    [Fact]
    public async Task A_strict_dump_whose_request_is_refused_ends_with_the_errno_and_the_text()
    {
        // A fixed header of one byte.
        await _client.SendBytesAsync(new byte[] { 17, 0, 0, 0, 130, 0, 1, 3, 5, 0, 0, 0, 0, 0, 0, 0, 0 });
        NetlinkMessage done = await _client.ReceiveAsync();
        Assert.Equal((NetlinkControlType.NLMSG_DONE, NLM_F_MULTI | NLM_F_ACK_TLVS), (done.Header.Type, done.Header.Flags));
        Assert.Equal(new NetlinkAck(Errno.EINVAL, "thing: short header for dump", 0), done.ParseAck());
        // The socket is free for the next dump.
        Assert.Equal(ThingHandlers.Rows, (await _client.DumpAsync(RTM_GETTHING, default(ThingMessage))).Count);
    }

    [Fact]
    public void A_policy_describes_names_and_signed_numbers()
    {
        byte[] buffer = new byte[64];
        var writer = new NetlinkWriter(buffer);
        InterfaceName.PolicyFor(default).Write(ref writer, 4);
        Assert.Equal([20, 0, 4, 0x80, 8, 0, 7, 0, 15, 0, 0, 0, 8, 0, 1, 0, 11, 0, 0, 0], buffer[..writer.Position]);
        writer = new NetlinkWriter(buffer);
        AttributePolicy.Integer(4, isSigned: true).Write(ref writer, 4);
        Assert.Equal((long)int.MinValue, MemoryMarshal.Read<long>(buffer.AsSpan(8)));
        Assert.Equal((long)int.MaxValue, MemoryMarshal.Read<long>(buffer.AsSpan(20)));
        Assert.Equal(8u, MemoryMarshal.Read<uint>(buffer.AsSpan(32)));
    }

    [Theory]
    [InlineData((uint)ThingCommand.FailAfterStaging, Errno.EIO)]
    [InlineData((uint)ThingCommand.ThrowAfterStaging, Errno.EIO)]
    [InlineData((uint)ThingCommand.Throw, Errno.EIO)]
    public async Task A_request_that_fails_leaves_nothing_behind(uint command, Errno errno)
    {
        using NetlinkClient listener = NetlinkClient.Open(_host.Dispatcher, _net);
        listener.Join(THING_GROUP);
        NetSnapshot before = _net.Snapshot;
        NetlinkAck ack = await _client.RequestAsync(RTM_NEWTHING, None, Command((ThingCommand)command));
        Assert.Equal(errno, ack.Errno);
        Assert.Same(before, _net.Snapshot);
        Assert.False(listener.TryReceive(out _));
        AssertNothingHeld();
    }

    [Fact]
    public async Task A_receiver_whose_callback_throws_harms_neither_the_sender_nor_other_receivers()
    {
        using NetlinkSocket broken = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        broken.Autobind();
        broken.SetOption(NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, THING_GROUP);
        broken.Readable = static () => throw new InvalidOperationException("receiver");
        using NetlinkClient listener = NetlinkClient.Open(_host.Dispatcher, _net);
        listener.Join(THING_GROUP);
        for (int i = 1; i <= 3; i++)
            Assert.True((await _client.RequestAsync(RTM_NEWTHING, None, Command(ThingCommand.Notify) with { Value = i })).IsOk);
        for (int i = 1; i <= 3; i++)
            Assert.Equal(i, (await listener.ReceiveAsync()).Parse<ThingMessage>().Value);
        Assert.False(listener.TryReceive(out _));
    }

    [Fact]
    public async Task A_receiver_whose_callback_sends_a_request_of_its_own_hears_of_it_once()
    {
        using NetlinkSocket chatty = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
        using NetlinkClient inner = NetlinkClient.Open(_host.Dispatcher, _net);
        using NetlinkClient listener = NetlinkClient.Open(_host.Dispatcher, _net);
        chatty.Autobind();
        chatty.SetOption(NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, THING_GROUP);
        listener.Join(THING_GROUP);
        int calls = 0;
        chatty.Readable = () =>
        {
            if (++calls <= 3)
                Assert.True(inner.SendAsync(RTM_NEWTHING, None, Command(ThingCommand.Notify) with { Value = 100 + calls }).IsCompletedSuccessfully);
        };
        Assert.True((await _client.RequestAsync(RTM_NEWTHING, None, Command(ThingCommand.Notify) with { Value = 100 })).IsOk);
        for (int i = 100; i <= 103; i++)
            Assert.Equal(i, (await listener.ReceiveAsync()).Parse<ThingMessage>().Value);
        Assert.False(listener.TryReceive(out _));
    }

    [Fact]
    public async Task An_asynchronous_handler_keeps_its_lock_and_its_note_across_awaits()
    {
        Task<NetlinkAck>[] requests = [.. Enumerable.Range(0, 5).Select(async _ =>
        {
            using NetlinkClient client = NetlinkClient.Open(_host.Dispatcher, _net);
            return await client.RequestAsync(RTM_SETTHING, None, default(ThingMessage));
        })];
        Assert.All(await Task.WhenAll(requests), ack => Assert.True(ack.IsOk));
        // Each read and wrote under the lock: no increment was lost.
        Assert.Equal(5, Value(_net));
        Assert.Equal(Errno.EIO, (await _client.RequestAsync(RTM_SETTHING, None, Command(ThingCommand.Throw))).Errno);
        AssertNothingHeld();
    }

    [Fact]
    public async Task A_handler_that_needs_its_fallback_lock_runs_again_from_the_start()
    {
        (NetlinkAck ack, ThingMessage unlocked) = await _client.GetAsync(RTM_GETTHING, default(ThingMessage));
        Assert.True(ack.IsOk);
        Assert.Equal(0u, unlocked.Command);
        (_, ThingMessage locked) = await _client.GetAsync(RTM_GETTHING, new ThingMessage { Command = 1 });
        Assert.Equal(-1, locked.Value);
        AssertNothingHeld();
    }

    [Fact]
    public async Task An_unknown_type_is_EOPNOTSUPP_but_EPERM_for_the_unprivileged_unless_it_is_a_get()
    {
        using NetlinkClient nobody = NetlinkClient.Open(_host.Dispatcher, _net, isPrivileged: false);
        Assert.Equal(Errno.EOPNOTSUPP, (await _client.RequestAsync(RtmType.RTM_NEWMDB, None, default(ThingMessage))).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, (await _client.RequestAsync(RTM_SETTHING + 1, None, default(ThingMessage))).Errno);
        Assert.Equal(Errno.EPERM, (await nobody.RequestAsync(RtmType.RTM_NEWMDB, None, default(ThingMessage))).Errno);
        Assert.Equal(Errno.EPERM, (await nobody.RequestAsync(RTM_NEWTHING, None, default(ThingMessage))).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, (await nobody.RequestAsync(RtmType.RTM_GETMDB, None, default(ThingMessage))).Errno);
        Assert.True((await nobody.GetAsync(RTM_GETTHING, default(ThingMessage))).Ack.IsOk);
        // Past the table: before the check of permission, as in the kernel.
        Assert.Equal(Errno.EOPNOTSUPP, (await nobody.RequestAsync(RTM_SETTHING + 1, None, default(ThingMessage))).Errno);
    }

    [Fact]
    public async Task A_bulk_delete_of_a_handler_without_it_is_EOPNOTSUPP_with_a_text()
    {
        NetlinkAck ack = await _client.RequestAsync(RTM_DELTHING, NLM_F_BULK, default(ThingMessage));
        Assert.Equal(new NetlinkAck(Errno.EOPNOTSUPP, "Bulk delete is not supported", 0), ack);
    }

    [Fact]
    public async Task A_family_without_a_handler_of_its_own_falls_back_to_PF_UNSPEC()
    {
        NetlinkAck ack = await _client.RequestAsync(RTM_NEWTHING, None, new ThingMessage { Header = new ThingHeader(ProtocolFamily.AF_INET6, 0, 0), Value = 3 });
        Assert.True(ack.IsOk);
        Assert.True((await _client.RequestAsync(RTM_NEWTHING, None, new ThingMessage { Header = new ThingHeader((ProtocolFamily)200, 0, 0), Value = 4 })).IsOk);
        Assert.Equal(4, Value(_net));
    }

    [Fact]
    public async Task Several_messages_in_a_datagram_are_handled_in_order_and_an_error_stops_none()
    {
        byte[] datagram = [
            .. Bytes(RTM_NEWTHING, NLM_F_REQUEST | NLM_F_ACK, 1, new ThingMessage { Value = 5 }),
            .. Bytes(RTM_NEWTHING, NLM_F_REQUEST, 2, Command(ThingCommand.Fail)),
            .. Bytes(RTM_NEWTHING, NLM_F_REQUEST | NLM_F_ACK, 3, default),
        ];
        await _client.SendBytesAsync(datagram);
        Assert.Equal((1u, Errno.None), await NextAck());
        Assert.Equal((2u, Errno.EBUSY), await NextAck());
        Assert.Equal((3u, Errno.None), await NextAck());
        Assert.Equal(6, Value(_net));
    }

    [Fact]
    public async Task A_message_that_waits_for_its_lock_keeps_those_behind_it_in_order()
    {
        byte[] datagram = [
            .. Bytes(RTM_NEWTHING, NLM_F_REQUEST | NLM_F_ACK, 1, new ThingMessage { Value = 5 }),
            .. Bytes(RTM_NEWTHING, NLM_F_REQUEST, 2, Command(ThingCommand.Fail)),
            .. Bytes(RTM_NEWTHING, NLM_F_REQUEST | NLM_F_ACK, 3, default),
        ];
        using var owner = RtnlContext.Create();
        Task sending;
        using (_net.Lock(owner))
        {
            sending = _client.SendBytesAsync(datagram).AsTask();
            Assert.False(sending.IsCompleted);
            Assert.Equal(0, Value(_net));
        }
        await sending;
        Assert.Equal((1u, Errno.None), await NextAck());
        Assert.Equal((2u, Errno.EBUSY), await NextAck());
        Assert.Equal((3u, Errno.None), await NextAck());
        Assert.Equal(6, Value(_net));
        AssertNothingHeld();
    }

    [Fact]
    public async Task A_message_that_is_no_request_or_has_no_family_is_acknowledged_only_if_asked()
    {
        await _client.SendBytesAsync(Bytes(RTM_NEWTHING, NLM_F_ACK, 1, Command(ThingCommand.Fail)));
        Assert.Equal((1u, Errno.None), await NextAck());
        await _client.SendBytesAsync(Header(16, RTM_NEWTHING, NLM_F_REQUEST | NLM_F_ACK, 2));
        Assert.Equal((2u, Errno.None), await NextAck());
        await _client.SendBytesAsync(Header(16, RTM_NEWTHING, NLM_F_REQUEST, 3));
        Assert.False(_client.TryReceive(out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(100)]
    public async Task A_length_that_lies_ends_the_datagram_in_silence(uint length)
    {
        await _client.SendBytesAsync(Header(length, RTM_NEWTHING, NLM_F_REQUEST | NLM_F_ACK, 1));
        Assert.False(_client.TryReceive(out _));
        await _client.SendBytesAsync(new byte[7]);
        Assert.False(_client.TryReceive(out _));
    }

    [Fact]
    public async Task An_error_echoes_the_request_unless_NETLINK_CAP_ACK_is_set()
    {
        byte[] request = Bytes(RTM_NEWTHING, NLM_F_REQUEST, 9, Command(ThingCommand.Fail));
        await _client.SendBytesAsync(request);
        NetlinkMessage whole = await _client.ReceiveAsync();
        Assert.Equal(request, whole.Bytes.Slice(NetlinkHeader.Size + 4, request.Length).ToArray());
        Assert.Equal(NLM_F_ACK_TLVS, whole.Header.Flags);

        _client.Socket.SetOption(NetlinkSocketOption.NETLINK_CAP_ACK, 1);
        await _client.SendBytesAsync(request);
        NetlinkMessage capped = await _client.ReceiveAsync();
        Assert.Equal(NLM_F_CAPPED | NLM_F_ACK_TLVS, capped.Header.Flags);
        Assert.Equal(new NetlinkAck(Errno.EBUSY, "thing: it is busy", 20), capped.ParseAck());

        _client.Socket.SetOption(NetlinkSocketOption.NETLINK_EXT_ACK, 0);
        await _client.SendBytesAsync(request);
        Assert.Equal(NLM_F_CAPPED, (await _client.ReceiveAsync()).Header.Flags);
    }

    [Fact]
    public async Task A_warning_travels_with_a_successful_acknowledgement()
    {
        NetlinkAck ack = await _client.RequestAsync(RTM_NEWTHING, None, Command(ThingCommand.Warn));
        Assert.Equal(new NetlinkAck(Errno.None, "thing: mind the gap", 0), ack);
    }

    [Fact]
    public async Task A_notification_reaches_its_group_before_the_requester_gets_its_acknowledgement()
    {
        _client.Join(THING_GROUP);
        await _client.SendAsync(RTM_NEWTHING, NLM_F_ACK, Command(ThingCommand.Notify));
        Assert.True(_client.TryReceive(out NetlinkMessage first));
        Assert.True(_client.TryReceive(out NetlinkMessage second));
        Assert.Equal((THING_GROUP, (ushort)RTM_NEWTHING), (first.Group, first.Header.Type));
        Assert.Equal(NetlinkControlType.NLMSG_ERROR, second.Header.Type);
    }

    [Fact]
    public async Task An_echo_reaches_the_requester_without_a_group_and_once()
    {
        using NetlinkClient listener = NetlinkClient.Open(_host.Dispatcher, _net);
        listener.Join(THING_GROUP);
        _client.Join(THING_GROUP);
        await _client.SendAsync(RTM_NEWTHING, NLM_F_ACK | NLM_F_ECHO, Command(ThingCommand.Notify));
        Assert.True(_client.TryReceive(out NetlinkMessage echo));
        Assert.Equal(0, echo.Group);
        Assert.True(_client.TryReceive(out NetlinkMessage ack));
        Assert.Equal(NetlinkControlType.NLMSG_ERROR, ack.Header.Type);
        Assert.False(_client.TryReceive(out _));
        Assert.True(listener.TryReceive(out NetlinkMessage heard));
        Assert.Equal(THING_GROUP, heard.Group);
    }

    [Fact]
    public async Task A_namespaces_notifications_are_not_heard_in_another_unless_it_has_an_id_there()
    {
        Net other = _host.Create("b");
        using NetlinkClient deaf = NetlinkClient.Open(_host.Dispatcher, other);
        using NetlinkClient all = NetlinkClient.Open(_host.Dispatcher, other);
        deaf.Join(THING_GROUP);
        all.Join(THING_GROUP);
        Assert.Equal(Errno.None, all.Socket.SetOption(NetlinkSocketOption.NETLINK_LISTEN_ALL_NSID, 1));
        await _client.RequestAsync(RTM_NEWTHING, None, Command(ThingCommand.Notify));
        Assert.False(all.TryReceive(out _));
        using (var context = RtnlContext.Create())
        using (other.Lock(context))
        {
            context.Stage(other, context.Read<NsidTable>(other).With(3, _net));
            context.Commit();
        }
        await _client.RequestAsync(RTM_NEWTHING, None, Command(ThingCommand.Notify));
        Assert.True(all.TryReceive(out NetlinkMessage heard));
        Assert.Equal(3, heard.Nsid);
        Assert.False(deaf.TryReceive(out _));
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_gets_ENOBUFS_once_and_then_what_was_queued()
    {
        using NetlinkClient listener = NetlinkClient.Open(_host.Dispatcher, _net);
        listener.Join(THING_GROUP);
        listener.Socket.ReceiveBuffer = 4096;
        for (int i = 0; i < 20; i++)
            await _client.RequestAsync(RTM_NEWTHING, None, Command(ThingCommand.Notify));
        var overrun = Assert.Throws<NetlinkException>(() => listener.TryReceive(out _));
        Assert.Equal(Errno.ENOBUFS, overrun.Ack.Errno);
        int queued = 0;
        while (listener.TryReceive(out _))
            queued++;
        Assert.InRange(queued, 1, 19);
        await _client.RequestAsync(RTM_NEWTHING, None, Command(ThingCommand.Notify));
        Assert.True(listener.TryReceive(out _));
    }

    [Fact]
    public async Task A_dump_comes_in_chunks_that_end_with_NLMSG_DONE()
    {
        uint sequence = await _client.SendAsync(RTM_GETTHING, NLM_F_DUMP, default(ThingMessage));
        var rows = new List<uint?>();
        while (true)
        {
            NetlinkMessage message = await _client.ReceiveAsync();
            Assert.Equal(sequence, message.Header.Sequence);
            Assert.Equal(_client.Socket.PortId, message.Header.PortId);
            Assert.Equal(NLM_F_MULTI, message.Header.Flags);
            if (message.Header.Type == NetlinkControlType.NLMSG_DONE)
                break;
            Assert.Equal((ushort)RTM_NEWTHING, message.Header.Type);
            rows.Add(message.Parse<ThingMessage>().Command);
        }
        Assert.Equal(Enumerable.Range(0, ThingHandlers.Rows).Select(row => (uint?)row), rows);
    }

    [Fact]
    public async Task A_second_dump_on_the_same_socket_is_EBUSY_while_one_runs()
    {
        _client.Socket.ReceiveBuffer = 40_000;
        uint first = await _client.SendAsync(RTM_GETTHING, NLM_F_DUMP, default(ThingMessage));
        uint second = await _client.SendAsync(RTM_GETTHING, NLM_F_DUMP, default(ThingMessage));
        int rows = 0;
        bool refused = false, done = false;
        while (!done || !refused)
        {
            NetlinkMessage message = await _client.ReceiveAsync();
            if (message.Header.Type == NetlinkControlType.NLMSG_ERROR)
            {
                Assert.Equal((second, Errno.EBUSY), (message.Header.Sequence, message.ParseAck().Errno));
                refused = true;
            }
            else if (message.Header.Type == NetlinkControlType.NLMSG_DONE)
            {
                done = true;
            }
            else
            {
                Assert.Equal(first, message.Header.Sequence);
                rows++;
            }
        }
        Assert.Equal(ThingHandlers.Rows, rows);
        Assert.Equal(ThingHandlers.Rows, (await _client.DumpAsync(RTM_GETTHING, default(ThingMessage))).Count);
    }

    [Fact]
    public async Task An_unlocked_dump_shows_one_version_and_a_locked_one_is_marked_when_the_generation_moved()
    {
        _client.Socket.ReceiveBuffer = 40_000;
        Assert.Equal("0", await ValuesOfDumpTornBy(ProtocolFamily.PF_UNSPEC, expectInterrupted: false));
        Assert.Equal("1, 2", await ValuesOfDumpTornBy(ProtocolFamily.AF_INET, expectInterrupted: true));
        AssertNothingHeld();
    }

    [Fact]
    public async Task A_socket_closed_in_the_middle_of_a_dump_leaves_nothing_behind()
    {
        for (int round = 0; round < 100; round++)
        {
            NetlinkSocket socket = _host.Dispatcher.OpenSocket(_net, isPrivileged: true);
            socket.ReceiveBuffer = 40_000;
            var family = round % 2 == 0 ? ProtocolFamily.PF_UNSPEC : ProtocolFamily.AF_INET;
            await socket.SendAsync(Bytes(RTM_GETTHING, NLM_F_REQUEST | NLM_F_DUMP, 1, new ThingMessage { Header = new ThingHeader(family, 0, 0) }));
            Task reading = Task.Run(async () =>
            {
                while (socket.TryReceive(out ReceivedDatagram datagram, out _))
                {
                    datagram.Dispose();
                    await socket.ContinueDumpAsync();
                }
            });
            socket.Dispose();
            await reading;
        }
        AssertNothingHeld();
        Assert.Equal(2, _net.Users);
    }

    [Fact]
    public async Task A_dump_that_fails_says_so_in_NLMSG_DONE()
    {
        var failure = await Assert.ThrowsAsync<NetlinkException>(() => _client.DumpAsync(RTM_GETTHING, Command(ThingCommand.Fail)));
        Assert.Equal((Errno.EINVAL, "thing: no such dump"), (failure.Ack.Errno, failure.Ack.Message));
    }

    [Fact]
    public void Port_ids_are_unique_within_a_namespace_and_chosen_by_the_server()
    {
        using NetlinkClient other = NetlinkClient.Open(_host.Dispatcher, _net);
        Assert.Equal(Errno.None, _client.Socket.Bind(77, 0));
        Assert.Equal(Errno.EADDRINUSE, other.Socket.Bind(77, 0));
        Assert.Equal(Errno.None, other.Socket.Bind(0, 0b101));
        Assert.True(other.Socket.PortId >= 0x8000_0000);
        Assert.Equal(0b101u, other.Socket.GroupMask);
        Assert.Equal(Errno.EINVAL, _client.Socket.Bind(78, 0));
        Assert.Equal(Errno.ENOPROTOOPT, _client.Socket.SetOption((NetlinkSocketOption)77, 1));
        Assert.Equal(Errno.EINVAL, _client.Socket.SetOption(NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, 0));
    }

    [Fact]
    public void Two_assemblies_that_handle_the_same_message_are_both_named()
    {
        var builder = new HandlerTableBuilder();
        builder.AddDoIt(new HandlerInfo(ProtocolFamily.AF_INET, RtmType.RTM_NEWADDR, false, RtnlLock.PerNet, "A.New", "First"), static _ => default);
        var clash = Assert.Throws<InvalidOperationException>(() =>
            builder.AddDoIt(new HandlerInfo(ProtocolFamily.AF_INET, RtmType.RTM_NEWADDR, false, RtnlLock.Rtnl, "B.Create", "Second"), static _ => default));
        foreach (string name in (string[])["A.New", "First", "B.Create", "Second"])
            Assert.Contains(name, clash.Message, StringComparison.Ordinal);
    }

    private static ThingMessage Command(ThingCommand command) => new() { Command = (uint)command };

    private static int Value(Net net) => net.Snapshot.Get<Counter>().Value;

    private static byte[] Header(uint length, RtmType type, NetlinkFlags flags, uint sequence)
    {
        byte[] bytes = new byte[NetlinkHeader.Size];
        var header = new NetlinkHeader(length, (ushort)type, flags, sequence, 0);
        MemoryMarshal.Write(bytes, in header);
        return bytes;
    }

    private static byte[] Bytes(RtmType type, NetlinkFlags flags, uint sequence, ThingMessage message)
    {
        byte[] buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, flags, sequence, 0);
        message.Write(ref writer);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    private async Task<(uint Sequence, Errno Errno)> NextAck()
    {
        NetlinkMessage message = await _client.ReceiveAsync();
        return (message.Header.Sequence, message.ParseAck().Errno);
    }

    private async Task<string> ValuesOfDumpTornBy(ProtocolFamily family, bool expectInterrupted)
    {
        using NetlinkClient writer = NetlinkClient.Open(_host.Dispatcher, _net);
        await _client.SendAsync(RTM_GETTHING, NLM_F_DUMP, new ThingMessage { Header = new ThingHeader(family, 0, 0) });
        await writer.RequestAsync(RTM_NEWTHING, None, default(ThingMessage));
        var values = new SortedSet<int>();
        bool interrupted = false;
        while (await _client.ReceiveAsync() is { Header.Type: not NetlinkControlType.NLMSG_DONE } message)
        {
            interrupted |= (message.Header.Flags & NLM_F_DUMP_INTR) != 0;
            values.Add(message.Parse<ThingMessage>().Value!.Value);
        }
        Assert.Equal(expectInterrupted, interrupted);
        return string.Join(", ", values);
    }

    private void AssertNothingHeld()
    {
        using var context = RtnlContext.Create();
        Assert.True(_host.Gate.TryLock(context, out RtnlLease lease));
        lease.Dispose();
        Assert.True(_net.TryLock(context, out RtnlLease net));
        net.Dispose();
    }
}
