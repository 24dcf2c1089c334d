using SmallRtnl.Links;

namespace SmallRtnl.Handlers.Tests.Links;

public sealed class VethTests : IDisposable
{
    private readonly LinkTestHost _host = new();
    private readonly LinkClient _net;

    public VethTests() => _net = _host.CreateNet("a");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task The_peer_is_made_first_and_each_end_names_the_other()
    {
        await _net.AddPairAsync("v0", "v1");
        Assert.Equal("lo v1 v0", await _net.NamesAsync());
        Assert.Equal(2, (await _net.GetAsync("v0")).Link);
        Assert.Equal(3, (await _net.GetAsync("v1")).Link);
    }

    [Theory]
    [InlineData("v9", "lo")]
    [InlineData("v9", "v9")]
    public async Task A_clash_of_names_leaves_neither_end_behind(string name, string peer)
    {
        _net.Listen();
        Assert.Equal(Errno.EEXIST, (await _net.AddPairAsync(name, peer)).Errno);
        Assert.Equal("lo", await _net.NamesAsync());
        Assert.Equal("", _net.Heard());
    }

    [Fact]
    public async Task Both_ends_have_a_carrier_while_both_are_up_and_each_change_counts_for_both()
    {
        await _net.AddPairAsync("v0", "v1");
        await _net.SetUpAsync("v0");
        Assert.Equal(LinkOperState.LowerLayerDown, (await _net.GetAsync("v0")).OperState);
        await _net.SetUpAsync("v1");
        foreach (string end in new[] { "v0", "v1" })
        {
            LinkMessage link = await _net.GetAsync(end);
            Assert.Equal((LinkFlags)0x11043, link.Header.Flags);
            Assert.Equal(LinkOperState.Up, link.OperState);
            Assert.Equal((2u, 1u, 1u), (link.CarrierChanges, link.CarrierUpCount, link.CarrierDownCount));
        }
        await _net.SetDownAsync("v1");
        LinkMessage v0 = await _net.GetAsync("v0");
        Assert.Equal((LinkFlags)0x1003, v0.Header.Flags);
        Assert.Equal(3u, v0.CarrierChanges);
    }

    [Fact]
    public async Task Notifications_come_in_the_kernels_order()
    {
        _net.Listen();
        await _net.AddPairAsync("v0", "v1");
        Assert.Equal("new v1 None Down noop at 0, new v0 None Down noop at 2", _net.Heard());
        await _net.SetUpAsync("v0");
        Assert.Equal("new v0 IFF_UP LowerLayerDown noqueue at 2", _net.Heard());
        await _net.SetUpAsync("v1");
        Assert.Equal(
            "new v1 IFF_UP, IFF_LOWER_UP LowerLayerDown noqueue at 3, new v1 IFF_UP, IFF_LOWER_UP Up noqueue at 3, new v0 IFF_UP, IFF_LOWER_UP Up noqueue at 2",
            _net.Heard());
        await _net.SetDownAsync("v0");
        Assert.Equal("new v0 None Down noqueue at 2, new v1 IFF_UP LowerLayerDown noqueue at 3", _net.Heard());
        await _net.SetUpAsync("v0");
        _net.Heard();
        await _net.DeleteAsync("v0");
        Assert.Equal("new v0 None Down noqueue at 0, new v1 None Down noqueue at 0, del v0 None Down noop at 0, del v1 None Down noop at 0", _net.Heard());
    }

    [Theory]
    [InlineData("v0")]
    [InlineData("v1")]
    public async Task Deleting_either_end_deletes_both(string end)
    {
        await _net.AddPairAsync("v0", "v1");
        Assert.True((await _net.DeleteAsync(end)).IsOk);
        Assert.Equal("lo", await _net.NamesAsync());
    }

    [Fact]
    public async Task An_end_without_an_own_message_takes_after_the_other_but_for_name_and_address()
    {
        var address = new HardwareAddress([2, 0, 0, 0, 0, 1]);
        await _net.AddAsync("v0", "veth", new LinkMessage { Mtu = 1400, Address = address });
        LinkMessage peer = await _net.GetAsync("veth0");
        Assert.Equal(1400u, peer.Mtu);
        Assert.NotEqual(address, peer.Address);
        Assert.Equal(address, (await _net.GetAsync("v0")).Address);
    }

    [Fact]
    public async Task A_peer_cannot_be_born_up()
    {
        LinkMessage peer = LinkClient.Flags(LinkFlags.IFF_UP, LinkFlags.IFF_UP) with { Name = new InterfaceName("v1") };
        Assert.Equal(Errno.ENOTCONN, (await _net.AddPairAsync("v0", peer)).Errno);
        Assert.Equal("lo", await _net.NamesAsync());
    }

    [Fact]
    public async Task Only_a_requester_that_wants_an_echo_is_named_in_the_notification()
    {
        LinkClient listener = _host.Open(_net.Net);
        listener.Listen();
        await _net.AddAsync("d", "dummy");
        Assert.True(listener.Netlink.TryReceive(out NetlinkMessage silent));
        Assert.Equal((0u, 0u), (silent.Header.PortId, silent.Header.Sequence));
        uint sequence = await _net.Netlink.SendAsync(RtmType.RTM_DELLINK, NetlinkFlags.NLM_F_ECHO | NetlinkFlags.NLM_F_ACK, new LinkMessage { Name = new InterfaceName("d") });
        NetlinkMessage echo = await _net.Netlink.ReceiveAsync();
        Assert.Equal((RtmType.RTM_DELLINK, sequence), (echo.Header.RtmType, echo.Header.Sequence));
        Assert.Equal(NetlinkControlType.NLMSG_ERROR, (await _net.Netlink.ReceiveAsync()).Header.Type);
    }
}
