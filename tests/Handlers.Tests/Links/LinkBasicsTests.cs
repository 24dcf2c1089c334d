using SmallRtnl.Links;

namespace SmallRtnl.Handlers.Tests.Links;

public sealed class LinkBasicsTests : IDisposable
{
    private readonly LinkTestHost _host = new();
    private readonly LinkClient _net;

    public LinkBasicsTests() => _net = _host.CreateNet("a");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_new_namespace_has_a_loopback_device_that_is_down()
    {
        LinkMessage lo = await _net.GetAsync("lo");
        Assert.Equal(new IfInfoMsg(ProtocolFamily.AF_UNSPEC, 0, 772, 1, LinkFlags.IFF_LOOPBACK, LinkFlags.None), lo.Header);
        Assert.Equal(LinkOperState.Down, lo.OperState);
        Assert.Equal("noop", lo.Qdisc.ToString());
        Assert.Null(lo.Info);
        Assert.Equal("lo", await _net.NamesAsync());
    }

    [Fact]
    public async Task The_probe_of_iproute2_is_answered_with_ENODEV()
    {
        NetlinkAck ack = await _net.Netlink.RequestAsync(RtmType.RTM_NEWLINK, NetlinkFlags.None, default(LinkMessage));
        Assert.Equal(new NetlinkAck(Errno.ENODEV, null, 0), ack);
    }

    [Fact]
    public async Task A_reply_has_every_attribute_that_the_kernel_sends_in_its_order()
    {
        await _net.AddPairAsync("v0", "v1");
        await _net.Netlink.SendAsync(RtmType.RTM_GETLINK, NetlinkFlags.None, new LinkMessage { Name = new InterfaceName("v0"), ExtMask = LinkFilterMask.RTEXT_FILTER_SKIP_STATS });
        NetlinkMessage reply = await _net.Netlink.ReceiveAsync();
        var types = new List<int>();
        var reader = new NetlinkAttributeReader(reply.Bytes[32..], 32);
        while (reader.Read())
            types.Add(reader.Type);
        Assert.Equal(1124, reply.Bytes.Length);
        Assert.Equal([3, 13, 16, 17, 67, 4, 50, 51, 27, 30, 61, 31, 40, 41, 58, 63, 64, 59, 60, 66, 32, 33, 35, 47, 48, 68, 69, 39, 1, 2, 23, 7, 43, 18, 5, 6, 26, 14, 62, 65], types);
    }

    [Theory]
    [InlineData("veth", 0x1002u, 1000u, false)]
    [InlineData("dummy", 0x82u, 1000u, true)]
    [InlineData("ifb", 0x82u, 32u, true)]
    public async Task Each_kind_begins_with_its_own_defaults(string kind, uint flags, uint queue, bool carrier)
    {
        Assert.True((await _net.AddAsync(null, kind)).IsOk);
        LinkMessage link = await _net.GetAsync(kind == "veth" ? "veth1" : kind + "0");
        Assert.Equal((LinkFlags)flags, link.Header.Flags);
        Assert.Equal(queue, link.TxQueueLength);
        Assert.Equal(carrier ? (byte)1 : (byte)0, link.Carrier);
        Assert.Equal(1500u, link.Mtu);
        Assert.Equal(kind, link.Info?.Kind.ToString());
        Assert.Equal(HardwareAddress.EthernetBroadcast, link.Broadcast);
        Assert.Equal(2, link.Address!.Value.Bytes[0] & 3);
    }

    [Theory]
    [InlineData("ifb", "pfifo_fast")]
    [InlineData("dummy", "noqueue")]
    public async Task The_queueing_discipline_of_the_first_up_stays_when_the_link_goes_down(string kind, string qdisc)
    {
        await _net.AddAsync("x", kind);
        await _net.SetUpAsync("x");
        Assert.Equal((LinkFlags)0x100c3, (await _net.GetAsync("x")).Header.Flags);
        await _net.SetDownAsync("x");
        LinkMessage link = await _net.GetAsync("x");
        Assert.Equal((LinkFlags)0x82, link.Header.Flags);
        Assert.Equal(qdisc, link.Qdisc.ToString());
    }

    [Fact]
    public async Task An_unknown_kind_and_no_kind_are_unknown_device_types()
    {
        Assert.Equal(new NetlinkAck(Errno.EOPNOTSUPP, "Unknown device type", 0), await _net.AddAsync("x", "nosuch"));
        NetlinkAck without = await _net.Netlink.RequestAsync(RtmType.RTM_NEWLINK, NetlinkFlags.NLM_F_CREATE, new LinkMessage { Name = new InterfaceName("x") });
        Assert.Equal(new NetlinkAck(Errno.EOPNOTSUPP, "Unknown device type", 0), without);
    }

    [Fact]
    public async Task An_MTU_out_of_bounds_is_refused_with_the_kernels_words()
    {
        await _net.AddPairAsync("v0", "v1");
        Assert.Equal("mtu less than device minimum", (await _net.SetAsync("v0", new LinkMessage { Mtu = 67 })).Message);
        Assert.Equal("mtu greater than device maximum", (await _net.SetAsync("v0", new LinkMessage { Mtu = 65536 })).Message);
        Assert.Equal(new NetlinkAck(Errno.EINVAL, null, 0), await _net.AddAsync("y", "veth", new LinkMessage { Mtu = 10 }));
    }

    [Fact]
    public async Task Addresses_are_refused_by_kind_and_form()
    {
        await _net.AddAsync("d", "dummy");
        await _net.AddAsync("i", "ifb");
        var multicast = new HardwareAddress([1, 0, 0, 0, 0, 1]);
        var good = new HardwareAddress([2, 0, 0, 0, 0, 1]);
        Assert.Equal(Errno.EADDRNOTAVAIL, (await _net.SetAsync("d", new LinkMessage { Address = multicast })).Errno);
        Assert.Equal(Errno.EADDRNOTAVAIL, (await _net.AddAsync("x", "ifb", new LinkMessage { Address = multicast })).Errno);
        Assert.Equal(Errno.EINVAL, (await _net.SetAsync("d", new LinkMessage { Address = new HardwareAddress([2, 0, 0, 0, 0]) })).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, (await _net.SetAsync("i", new LinkMessage { Address = good })).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, (await _net.SetAsync("lo", new LinkMessage { Address = good })).Errno);
        Assert.True((await _net.SetAsync("d", new LinkMessage { Address = good })).IsOk);
        Assert.Equal(good, (await _net.GetAsync("d")).Address);
    }

    [Fact]
    public async Task Templates_take_the_lowest_free_number_and_names_that_cannot_be_are_EINVAL()
    {
        await _net.AddAsync("t%d", "dummy");
        await _net.AddAsync("t%d", "dummy");
        await _net.DeleteAsync("t0");
        await _net.AddAsync("t%d", "dummy");
        Assert.Equal("lo t1 t0", await _net.NamesAsync());
        foreach (string name in new[] { "..", "a/b", "a b", "%s", "a%d%d" })
            Assert.Equal(Errno.EINVAL, (await _net.AddAsync(name, "dummy")).Errno);
    }

    [Fact]
    public async Task A_link_is_renamed_while_it_is_up()
    {
        await _net.AddAsync("d", "dummy");
        await _net.SetUpAsync("d");
        Assert.True((await _net.SetAsync("d", new LinkMessage { Name = new InterfaceName("e") })).IsOk);
        Assert.Equal(Errno.EEXIST, (await _net.SetAsync("e", new LinkMessage { Name = new InterfaceName("lo") })).Errno);
        Assert.Equal("lo e", await _net.NamesAsync());
    }

    [Fact]
    public async Task An_index_asked_for_does_not_move_the_counter()
    {
        await _net.AddAsync("a", "dummy", new LinkMessage { Header = new IfInfoMsg { Index = 17 } });
        await _net.AddAsync("b", "dummy");
        Assert.Equal("lo b a", await _net.NamesAsync());
        Assert.Equal(2, (await _net.GetAsync("b")).Header.Index);
        Assert.Equal(Errno.EEXIST, (await _net.AddAsync("c", "dummy", new LinkMessage { Header = new IfInfoMsg { Index = 17 } })).Errno);
        Assert.Equal("ifindex can't be negative", (await _net.AddAsync("c", "dummy", new LinkMessage { Header = new IfInfoMsg { Index = -3 } })).Message);
    }

    [Fact]
    public async Task The_loopback_device_is_not_deleted()
    {
        Assert.Equal(Errno.EOPNOTSUPP, (await _net.DeleteAsync("lo")).Errno);
        Assert.Equal(Errno.ENODEV, (await _net.DeleteAsync("nosuch")).Errno);
        Assert.Equal(Errno.EINVAL, (await _net.Netlink.RequestAsync(RtmType.RTM_DELLINK, NetlinkFlags.None, default(LinkMessage))).Errno);
    }

    [Fact]
    public async Task A_group_is_changed_and_deleted_as_a_whole()
    {
        await _net.AddAsync("a", "dummy", new LinkMessage { Group = 7 });
        await _net.AddAsync("b", "dummy", new LinkMessage { Group = 7 });
        await _net.AddAsync("c", "dummy");
        LinkMessage up = LinkClient.Flags(LinkFlags.IFF_UP, LinkFlags.IFF_UP) with { Group = 7 };
        Assert.True((await _net.Netlink.RequestAsync(RtmType.RTM_NEWLINK, NetlinkFlags.None, up)).IsOk);
        Assert.Equal(LinkOperState.Unknown, (await _net.GetAsync("b")).OperState);
        Assert.Equal(LinkOperState.Down, (await _net.GetAsync("c")).OperState);
        Assert.Equal(Errno.ENODEV, (await _net.Netlink.RequestAsync(RtmType.RTM_DELLINK, NetlinkFlags.None, new LinkMessage { Group = 9 })).Errno);
        Assert.Equal(Errno.EPERM, (await _net.Netlink.RequestAsync(RtmType.RTM_DELLINK, NetlinkFlags.None, new LinkMessage { Group = 0 })).Errno);
        Assert.True((await _net.Netlink.RequestAsync(RtmType.RTM_DELLINK, NetlinkFlags.None, new LinkMessage { Group = 7 })).IsOk);
        Assert.Equal("lo c", await _net.NamesAsync());
    }

    [Fact]
    public async Task Promiscuity_is_a_count_that_the_flag_moves_by_one()
    {
        await _net.AddAsync("d", "dummy");
        LinkMessage on = LinkClient.Flags(LinkFlags.IFF_PROMISC, LinkFlags.IFF_PROMISC);
        await _net.SetAsync("d", on);
        await _net.SetAsync("d", on);
        Assert.Equal(1u, (await _net.GetAsync("d")).Promiscuity);
        await _net.SetAsync("d", LinkClient.Flags(LinkFlags.None, LinkFlags.IFF_PROMISC));
        LinkMessage link = await _net.GetAsync("d");
        Assert.Equal(0u, link.Promiscuity);
        Assert.Equal((LinkFlags)0x82, link.Header.Flags);
    }

    [Fact]
    public async Task A_dummys_carrier_is_switched_and_others_are_not()
    {
        await _net.AddAsync("d", "dummy");
        await _net.SetUpAsync("d");
        Assert.True((await _net.SetAsync("d", new LinkMessage { Carrier = 0 })).IsOk);
        LinkMessage link = await _net.GetAsync("d");
        Assert.Equal(LinkOperState.Down, link.OperState);
        Assert.Equal((LinkFlags)0x83, link.Header.Flags);
        await _net.SetAsync("d", new LinkMessage { Carrier = 1 });
        Assert.Equal(LinkOperState.Up, (await _net.GetAsync("d")).OperState);
        Assert.Equal(Errno.EOPNOTSUPP, (await _net.SetAsync("lo", new LinkMessage { Carrier = 0 })).Errno);
    }

    [Fact]
    public async Task A_dump_filters_by_kind_and_master_and_ignores_an_unknown_kind()
    {
        await _net.AddAsync("d", "dummy");
        await _net.AddAsync("i", "ifb");
        async Task<string> Names(LinkMessage filter) =>
            string.Join(' ', (await _net.Netlink.DumpAsync(RtmType.RTM_GETLINK, filter)).ConvertAll(link => link.Name.ToString()));
        Assert.Equal("i", await Names(new LinkMessage { Info = LinkClient.KindOf("ifb") }));
        Assert.Equal("lo d i", await Names(new LinkMessage { Info = LinkClient.KindOf("nosuch") }));
        Assert.Equal("", await Names(new LinkMessage { Master = 99 }));
    }

    [Fact]
    public async Task A_strict_request_is_refused_for_what_it_should_not_say()
    {
        var flags = new LinkMessage { Header = new IfInfoMsg { Index = 1, Flags = LinkFlags.IFF_UP } };
        Assert.Equal("Invalid values in header for get link request", (await _net.Netlink.GetAsync(RtmType.RTM_GETLINK, flags)).Ack.Message);
        var mtu = new LinkMessage { Header = new IfInfoMsg { Index = 1 }, Mtu = 5 };
        Assert.Equal("Unsupported attribute in get link request", (await _net.Netlink.GetAsync(RtmType.RTM_GETLINK, mtu)).Ack.Message);
        async Task<string?> Dump(LinkMessage message) =>
            (await Assert.ThrowsAsync<NetlinkException>(() => _net.Netlink.DumpAsync(RtmType.RTM_GETLINK, message))).Ack.Message;
        Assert.Equal("Filter by device index not supported for link dumps", await Dump(new LinkMessage { Header = new IfInfoMsg { Index = 1 } }));
        Assert.Equal("Invalid values in header for link dump request", await Dump(LinkClient.Flags(LinkFlags.IFF_UP, LinkFlags.None)));
        Assert.Equal("Unsupported attribute in link dump request", await Dump(new LinkMessage { Mtu = 5 }));
    }

    [Fact]
    public async Task A_failed_change_leaves_nothing_of_what_came_before_the_failure()
    {
        await _net.AddAsync("d", "dummy");
        _net.Listen();
        NetlinkAck ack = await _net.SetAsync("d", new LinkMessage { Mtu = 1400, Alias = new NetlinkString("x"), Master = 1 });
        Assert.Equal(Errno.EOPNOTSUPP, ack.Errno);
        LinkMessage link = await _net.GetAsync("d");
        Assert.Equal(1500u, link.Mtu);
        Assert.Null(link.Alias);
        Assert.Equal("", _net.Heard());
    }

    [Fact]
    public async Task An_existing_link_is_neither_created_again_nor_replaced()
    {
        await _net.AddAsync("d", "dummy");
        Assert.Equal(Errno.EEXIST, (await _net.AddAsync("d", "dummy")).Errno);
        NetlinkAck replaced = await _net.Netlink.RequestAsync(RtmType.RTM_NEWLINK, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_REPLACE,
            new LinkMessage { Name = new InterfaceName("d"), Info = LinkClient.KindOf("dummy") });
        Assert.Equal(Errno.EOPNOTSUPP, replaced.Errno);
    }

    [Fact]
    public async Task Numbers_of_queues_are_bounded()
    {
        Assert.Equal("Invalid number of transmit queues", (await _net.AddAsync("d", "dummy", new LinkMessage { TxQueues = 5000 })).Message);
        Assert.Equal("Invalid number of receive queues", (await _net.AddAsync("d", "dummy", new LinkMessage { RxQueues = 0 })).Message);
    }

    [Fact]
    public async Task Bytes_left_over_are_a_warning_on_an_ACK_that_says_success()
    {
        byte[] request = new byte[40];
        var writer = new NetlinkWriter(request);
        int start = writer.BeginMessage((ushort)RtmType.RTM_NEWLINK, NetlinkFlags.NLM_F_REQUEST | NetlinkFlags.NLM_F_ACK, 1, 0);
        writer.PutStruct(new IfInfoMsg { Index = 1 });
        writer.PutRaw([200, 0, 4, 0, 0, 0, 0, 0]);
        writer.EndMessage(start);
        await _net.Netlink.SendBytesAsync(request);
        NetlinkAck ack = (await _net.Netlink.ReceiveAsync()).ParseAck();
        Assert.Equal(new NetlinkAck(Errno.None, "bytes leftover after parsing attributes", 0), ack);
    }

    [Fact]
    public async Task Settings_that_only_the_state_change_announces_are_silent_while_the_link_is_down()
    {
        await _net.AddAsync("d", "dummy");
        _net.Listen();
        await _net.SetAsync("d", new LinkMessage { Alias = new NetlinkString("x") });
        await _net.SetAsync("d", new LinkMessage { Group = 5 });
        Assert.Equal("", _net.Heard());
        await _net.SetAsync("d", new LinkMessage { Mtu = 1400 });
        await _net.SetAsync("d", new LinkMessage { Mtu = 1400 });
        await _net.SetAsync("d", new LinkMessage { TxQueueLength = 9 });
        Assert.Equal("new d None Down noop, new d None Down noop", _net.Heard());
        LinkMessage link = await _net.GetAsync("d");
        Assert.Equal(("x", 5u, 1400u, 9u), (link.Alias.ToString(), link.Group, link.Mtu, link.TxQueueLength));
        await _net.SetAsync("d", new LinkMessage { Alias = new NetlinkString("") });
        Assert.Null((await _net.GetAsync("d")).Alias);
    }

    [Fact]
    public async Task User_space_may_keep_a_link_dormant_and_wake_it()
    {
        await _net.AddAsync("d", "dummy");
        await _net.SetUpAsync("d");
        await _net.SetAsync("d", new LinkMessage { OperState = LinkOperState.Dormant });
        LinkMessage dormant = await _net.GetAsync("d");
        Assert.Equal((LinkOperState.Dormant, (LinkFlags)0x10083), (dormant.OperState, dormant.Header.Flags));
        await _net.SetAsync("d", new LinkMessage { OperState = LinkOperState.Up });
        Assert.Equal(LinkOperState.Up, (await _net.GetAsync("d")).OperState);
    }

    [Fact]
    public async Task The_address_generation_mode_is_part_of_the_link()
    {
        await _net.AddAsync("d", "dummy");
        LinkMessage none = new() { AfSpec = new LinkAfSpec { Inet6 = new Inet6LinkInfo { AddressGeneration = Inet6AddressGeneration.None } } };
        Assert.True((await _net.SetAsync("d", none)).IsOk);
        Assert.Equal(Inet6AddressGeneration.None, (await _net.GetAsync("d")).AfSpec?.Inet6?.AddressGeneration);
        none = new() { AfSpec = new LinkAfSpec { Inet6 = new Inet6LinkInfo { AddressGeneration = (Inet6AddressGeneration)9 } } };
        Assert.Equal(Errno.EINVAL, (await _net.SetAsync("d", none)).Errno);
    }

    [Fact]
    public async Task IPv6_has_a_view_of_its_own()
    {
        await _net.AddPairAsync("v0", "v1");
        List<Inet6LinkMessage> rows = await _net.Netlink.DumpAsync(RtmType.RTM_GETLINK, new Inet6LinkMessage { Header = new IfInfoMsg { Family = ProtocolFamily.AF_INET6 } });
        Assert.Equal(["lo", "v1", "v0"], rows.ConvertAll(row => row.Name.ToString()!));
        Assert.Equal([null, 3, 2], rows.ConvertAll(row => row.Link));
        Assert.All(rows, row => Assert.Equal(ProtocolFamily.AF_INET6, row.Header.Family));
    }

    [Fact]
    public async Task A_dump_larger_than_a_chunk_is_whole()
    {
        for (int i = 0; i < 100; i++)
            await _net.AddAsync(null, "dummy");
        Assert.Equal(101, (await _net.NamesAsync()).Split(' ').Length);
    }
}
