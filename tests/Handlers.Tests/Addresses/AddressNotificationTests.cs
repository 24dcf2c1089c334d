using SmallRtnl.Addresses;
using static SmallRtnl.Handlers.Tests.Addresses.IpClient;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Handlers.Tests.Addresses;

public sealed class AddressNotificationTests : IDisposable
{
    private readonly IpTestHost _host = new();
    private readonly IpClient _net;
    private readonly IpClient _listener;

    public AddressNotificationTests()
    {
        _net = _host.CreateNet("a");
        _listener = _host.Open(_net.Net);
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task An_IPv4_address_is_announced_before_its_routes_and_taken_back_before_them()
    {
        await ReadyAsync();
        await _net.DoAsync("addr add 10.0.0.1/24 dev d brd 10.0.0.255");
        Assert.Equal(
            Lines(
                "new* 10.0.0.1/24 brd 10.0.0.255 dev d", "new local 10.0.0.1/32 dev d src 10.0.0.1 0x600", "new broadcast 10.0.0.255/32 dev d src 10.0.0.1 0x600",
                "new 10.0.0.0/24 dev d src 10.0.0.1 0x600"),
            _listener.Heard(withFlags: true));
        await _net.DoAsync("addr add 10.0.0.1/25 dev d metric 5");
        Assert.Equal(
            Lines("new* 10.0.0.1/25 dev d metric 5", "new 10.0.0.0/25 dev d src 10.0.0.1 metric 5 0x600", "new broadcast 10.0.0.127/32 dev d src 10.0.0.1 0x600"),
            _listener.Heard(withFlags: true));
        await _net.DoAsync("addr del 10.0.0.1/25 dev d");
        Assert.Equal(
            Lines("del* 10.0.0.1/25 dev d metric 5", "del 10.0.0.0/25 dev d src 10.0.0.1 metric 5 0x0", "del broadcast 10.0.0.127/32 dev d src 10.0.0.1 0x0"),
            _listener.Heard(withFlags: true));
    }

    [Fact]
    public async Task An_implied_route_beside_one_of_the_same_key_is_said_to_be_appended()
    {
        await ReadyAsync();
        await _net.AddLinkAsync("e");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        _listener.Heard();
        await _net.DoAsync("addr add 10.0.0.2/24 dev e");
        Assert.Equal(
            Lines(
                "new* 10.0.0.2/24 dev e", "new local 10.0.0.2/32 dev e src 10.0.0.2 0x600", "new 10.0.0.0/24 dev e src 10.0.0.2 0xc00",
                "new broadcast 10.0.0.255/32 dev e src 10.0.0.2 0xc00"),
            _listener.Heard(withFlags: true));
    }

    [Fact]
    public async Task A_changed_metric_makes_the_new_route_before_the_old_one_goes_and_the_address_is_said_last()
    {
        await ReadyAsync();
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        _listener.Heard();
        await _net.DoAsync("addr change 10.0.0.1/24 dev d metric 7");
        Assert.Equal(
            Lines("new 10.0.0.0/24 dev d src 10.0.0.1 metric 7 0x600", "del 10.0.0.0/24 dev d src 10.0.0.1 0x0", "new* 10.0.0.1/24 dev d metric 7"),
            _listener.Heard(withFlags: true));
    }

    [Fact]
    public async Task An_IPv6_address_comes_after_its_prefix_route_tentative_first()
    {
        await ReadyAsync();
        await _net.DoAsync("addr add 2001:db8::1/64 dev d", "addr add 2001:db8::2/64 dev d nodad");
        Assert.Equal(
            Lines(
                "new 2001:db8::/64 dev d metric 256 0x600", "new 2001:db8::1/64 dev d tentative", "new 2001:db8::1/64 dev d", "new local 2001:db8::1/128 dev d 0x600",
                "new 2001:db8::2/64 dev d nodad", "new local 2001:db8::2/128 dev d 0x600"),
            _listener.Heard(withFlags: true));
        await _net.DoAsync("addr del 2001:db8::1/64 dev d", "addr del 2001:db8::2/64 dev d");
        Assert.Equal(
            Lines("del 2001:db8::1/64 dev d", "del local 2001:db8::1/128 dev d", "del 2001:db8::2/64 dev d nodad", "del local 2001:db8::2/128 dev d", "del 2001:db8::/64 dev d metric 256"),
            _listener.Heard());
    }

    [Fact]
    public async Task An_IPv6_address_with_a_peer_brings_both_ends_and_another_peer_replaces_the_first()
    {
        await ReadyAsync();
        await _net.DoAsync("addr add 2001:db8::1 peer 2001:db8::2 dev d nodad");
        Assert.Equal(
            Lines("new 2001:db8::1/128 dev d metric 256", "new 2001:db8::1/128 peer 2001:db8::2 dev d nodad", "new local 2001:db8::1/128 dev d", "new 2001:db8::2/128 dev d metric 256"),
            _listener.Heard());
        await _net.DoAsync("addr replace 2001:db8::1 peer 2001:db8::3 dev d nodad");
        Assert.Equal(
            Lines("del 2001:db8::2/128 dev d metric 256", "new 2001:db8::1/128 peer 2001:db8::3 dev d nodad", "new 2001:db8::3/128 dev d metric 256"),
            _listener.Heard());
    }

    [Fact]
    public async Task Routes_are_said_with_the_flags_of_what_was_done()
    {
        await ReadyAsync();
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 2001:db8::1/64 dev d");
        _listener.Heard();
        await _net.DoAsync(
            "route add 192.0.2.0/24 via 10.0.0.9", "route append 192.0.2.0/24 via 10.0.0.10", "route prepend 192.0.2.0/24 via 10.0.0.11", "route replace 192.0.2.0/24 via 10.0.0.12",
            "route replace 192.0.3.0/24 via 10.0.0.9", "route append 192.0.4.0/24 via 10.0.0.9", "route del 192.0.2.0/24",
            "route add 2001:db8:1::/48 dev d", "route replace 2001:db8:1::/48 via 2001:db8::9", "route prepend 2001:db8:1::/48 dev d", "route del 2001:db8:1::/48");
        Assert.Equal(
            Lines(
                "new* 192.0.2.0/24 via 10.0.0.9 dev d 0x600", "new* 192.0.2.0/24 via 10.0.0.10 dev d 0xc00", "new* 192.0.2.0/24 via 10.0.0.11 dev d 0x400",
                "new* 192.0.2.0/24 via 10.0.0.12 dev d 0x100", "new* 192.0.3.0/24 via 10.0.0.9 dev d 0x600", "new* 192.0.4.0/24 via 10.0.0.9 dev d 0x600",
                "del* 192.0.2.0/24 via 10.0.0.12 dev d 0x0", "new* 2001:db8:1::/48 dev d 0x600", "new* 2001:db8:1::/48 via 2001:db8::9 dev d 0x100",
                "new* 2001:db8:1::/48 dev d 0x400", "del* 2001:db8:1::/48 via 2001:db8::9 dev d 0x0"),
            _listener.Heard(withFlags: true));
    }

    [Fact]
    public async Task A_message_that_was_asked_for_names_the_requesters_socket_and_request()
    {
        await ReadyAsync();
        (RtmType type, NetlinkFlags flags, AddressMessage message) = _net.ParseAddress("add 10.0.0.1/24 dev d");
        uint sequence = await _net.Netlink.SendAsync(type, flags, message);
        List<NetlinkMessage> heard = _listener.Messages(multicast: true);
        Assert.Equal((_net.Netlink.Socket.PortId, sequence), (heard[0].Header.PortId, heard[0].Header.Sequence));
        Assert.All(heard.Skip(1), implied => Assert.Equal((0u, 0u), (implied.Header.PortId, implied.Header.Sequence)));
        Assert.Equal([RtnetlinkGroup.RTNLGRP_IPV4_IFADDR, 7, 7, 7], heard.ConvertAll(one => one.Group));
    }

    [Theory]
    [InlineData("addr add 10.0.0.1/24 dev d", "new* 10.0.0.1/24 dev d")]
    [InlineData("addr add 2001:db8::1/64 dev d nodad", "")]
    [InlineData("addr add 2001:db8::1/64 dev d", "")]
    [InlineData("route add 192.0.2.0/24 dev d", "new* 192.0.2.0/24 dev d")]
    [InlineData("route add 2001:db8:1::/48 dev d", "new* 2001:db8:1::/48 dev d")]
    public async Task ECHO_brings_the_requester_a_copy_of_what_it_asked_for_and_of_nothing_else(string command, string echoed)
    {
        await ReadyAsync();
        Assert.Equal((new NetlinkAck(Errno.None, null, 0), echoed), await _net.EchoAsync(command));
    }

    [Fact]
    public async Task Nothing_is_heard_in_another_namespace()
    {
        IpClient other = _host.CreateNet("b");
        other.Listen(links: true);
        await ReadyAsync();
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 2001:db8::1/64 dev d");
        Assert.Equal("", other.Heard());
    }

    [Theory]
    [InlineData("add 10.0.0.1/24 dev d", Errno.EEXIST)]
    [InlineData("add 10.0.0.2/24 dev d scope 254", Errno.EINVAL)]
    [InlineData("add 10.0.0.2/33 dev d", Errno.EINVAL)]
    [InlineData("add 10.0.0.2/24 dev d valid 0", Errno.EINVAL)]
    [InlineData("add 10.0.0.2/24 dev d valid 5 preferred 6", Errno.EINVAL)]
    [InlineData("add 10.0.0.2/24 dev nosuch", Errno.ENODEV)]
    [InlineData("change 10.0.0.1/24 dev d valid 5 preferred 6", Errno.EINVAL)]
    [InlineData("del 10.0.0.2/24 dev d", Errno.EADDRNOTAVAIL)]
    [InlineData("add 2001:db8::1/64 dev d", Errno.EEXIST)]
    [InlineData("add 2001:db8::2/129 dev d", Errno.EINVAL)]
    [InlineData("add ::/64 dev d", Errno.EADDRNOTAVAIL)]
    [InlineData("add ff02::1/64 dev d", Errno.EADDRNOTAVAIL)]
    [InlineData("add ::1/128 dev d", Errno.EADDRNOTAVAIL)]
    [InlineData("add 2001:db8::2/48 dev d flags 100", Errno.EINVAL)]
    [InlineData("add 2001:db8::2/64 dev d valid 5 preferred 6", Errno.EINVAL)]
    [InlineData("add 2001:db8::2/64 dev nosuch", Errno.ENODEV)]
    [InlineData("del 2001:db8::1/63 dev d", Errno.EADDRNOTAVAIL)]
    [InlineData("del 2001:db8::1/129 dev d", Errno.EINVAL)]
    public async Task A_request_that_fails_leaves_nothing_behind_and_says_nothing(string words, Errno errno)
    {
        await ReadyAsync();
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 2001:db8::1/64 dev d");
        _listener.Heard();
        NetSnapshot before = _net.Net.Snapshot;
        (NetlinkAck ack, string echoed) = await _net.EchoAsync("addr " + words);
        Assert.Equal(errno, ack.Errno);
        Assert.Same(before, _net.Net.Snapshot);
        Assert.Equal("", _listener.Heard() + echoed);
    }

    [Fact]
    public async Task Without_an_address_nothing_is_done()
    {
        await ReadyAsync();
        var header = new IfAddrMsg(AF_INET, 24, 0, 0, (uint)_net.IndexOf("d"));
        NetSnapshot before = _net.Net.Snapshot;
        Assert.Equal(
            new NetlinkAck(Errno.EINVAL, "ipv4: Local address is not supplied", 0),
            await _net.Netlink.RequestAsync(RtmType.RTM_NEWADDR, NetlinkFlags.NLM_F_CREATE, new AddressMessage { Header = header, Address = InetAddress.Parse("10.0.0.1") }));
        foreach (RtmType type in new[] { RtmType.RTM_NEWADDR, RtmType.RTM_DELADDR })
            Assert.Equal(Errno.EINVAL, (await _net.Netlink.RequestAsync(type, NetlinkFlags.NLM_F_CREATE, new AddressMessage { Header = header with { Family = AF_INET6 } })).Errno);
        Assert.Same(before, _net.Net.Snapshot);
    }

    private async Task ReadyAsync()
    {
        await _net.AddLinkAsync("d");
        _listener.Listen();
    }
}
