using SmallRtnl.Addresses;
using SmallRtnl.Links;
using static SmallRtnl.Handlers.Tests.Addresses.IpClient;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Handlers.Tests.Addresses;

public sealed class Inet6AddressTests : OneNetTests
{
    private const string LinkLocal = "fe80::ff:fe00:64";
    private const string Multicast = "multicast ff00::/8 dev d metric 256";

    [Fact]
    public async Task A_link_that_becomes_ready_gets_a_link_local_address_and_loses_it_when_it_goes_down()
    {
        await _net.AddLinkAsync("d", up: false);
        Assert.Equal("", await _net.AddressesAsync(AF_INET6));
        _net.Listen(links: true);
        await _net.Links.SetUpAsync("d");
        Assert.Equal(
            Lines("RTM_NEWLINK d", "new " + Multicast, "new fe80::/64 dev d metric 256", $"new {LinkLocal}/64 dev d", $"new local {LinkLocal}/128 dev d"),
            _net.Heard());
        await _net.Links.SetDownAsync("d");
        Assert.Equal(
            Lines("RTM_NEWLINK d", "del fe80::/64 dev d metric 256", $"del local {LinkLocal}/128 dev d", "del " + Multicast, $"del {LinkLocal}/64 dev d"),
            _net.Heard());
        Assert.Equal("", await _net.AddressesAsync(AF_INET6) + await _net.RoutesAsync(AF_INET6));
    }

    [Fact]
    public async Task A_pair_gets_its_link_local_addresses_with_the_carrier()
    {
        await _net.Links.AddPairAsync("v", "w");
        await _net.Links.SetUpAsync("v");
        Assert.Equal("", await _net.AddressesAsync(AF_INET6));
        await _net.DoAsync("addr add 2001:db8::1/64 dev v");
        await _net.Links.SetUpAsync("w");
        Assert.Equal(3, (await _net.AddressesAsync(AF_INET6)).Split('\n').Length);
        await _net.Links.SetDownAsync("w");
        Assert.Equal(2, (await _net.AddressesAsync(AF_INET6)).Split('\n').Length);
        Assert.Contains("2001:db8::/64 dev v metric 256 linkdown", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mode_none_makes_no_link_local_address()
    {
        await _net.AddLinkAsync("d", up: false);
        await _net.Links.SetAsync("d", new LinkMessage { AfSpec = new LinkAfSpec { Inet6 = new Inet6LinkInfo { AddressGeneration = Inet6AddressGeneration.None } } });
        await _net.Links.SetUpAsync("d");
        Assert.Equal("", await _net.AddressesAsync(AF_INET6));
        Assert.Equal(Multicast, await _net.RoutesAsync(AF_INET6));
    }

    [Theory]
    [InlineData("2001:db8::1/64 dev d", "2001:db8::/64 dev d metric 256\nlocal 2001:db8::1/128 dev d")]
    [InlineData("2001:db8::1/64 dev d metric 9", "2001:db8::/64 dev d metric 9\nlocal 2001:db8::1/128 dev d")]
    [InlineData("2001:db8::1/64 dev d noprefixroute", "local 2001:db8::1/128 dev d")]
    [InlineData("2001:db8::1/128 dev d", "2001:db8::1/128 dev d metric 256\nlocal 2001:db8::1/128 dev d")]
    [InlineData("2001:db8::1 peer 2001:db8::2 dev d", "2001:db8::1/128 dev d metric 256\n2001:db8::2/128 dev d metric 256\nlocal 2001:db8::1/128 dev d")]
    public async Task What_is_implied_depends_on_the_address_and_goes_with_it(string address, string routes)
    {
        await _net.AddLinkAsync("d");
        string before = await _net.RoutesAsync(AF_INET6);
        await _net.DoAsync($"addr add {address}");
        Assert.Equal(routes, Lines((await _net.RoutesAsync(AF_INET6)).Split('\n').Where(line => line.Contains("2001:", StringComparison.Ordinal))));
        await _net.DoAsync($"addr del {address}");
        Assert.Equal(before, await _net.RoutesAsync(AF_INET6));
    }

    [Fact]
    public async Task On_a_link_that_is_down_there_is_the_local_route_only_and_up_brings_the_prefix_route()
    {
        await _net.AddLinkAsync("d", up: false);
        await _net.DoAsync("addr add 2001:db8::1/64 dev d", "addr add 2001:db8:1::1 peer 2001:db8:1::2 dev d");
        Assert.Equal("local 2001:db8::1/128 dev d\nlocal 2001:db8:1::1/128 dev d", await _net.RoutesAsync(AF_INET6));
        await _net.Links.SetUpAsync("d");
        Assert.StartsWith("2001:db8::/64 dev d metric 256\n2001:db8:1::1/128 dev d metric 256\nfe80::/64", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shared_prefix_route_goes_with_the_last_address_that_needs_it()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d", "addr add 2001:db8::2/64 dev d", "addr del 2001:db8::1/64 dev d");
        Assert.Contains("2001:db8::/64 dev d metric 256", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        await _net.DoAsync("addr del 2001:db8::2/64 dev d");
        Assert.DoesNotContain("2001:", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noprefixroute_asked_for_later_leaves_the_prefix_route_to_those_that_share_it()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d", "addr add 2001:db8::2/64 dev d", "addr change 2001:db8::1/64 dev d noprefixroute");
        Assert.Contains("2001:db8::/64 dev d metric 256", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        await _net.DoAsync("addr del 2001:db8::2/64 dev d", "addr change 2001:db8::1/64 dev d");
        Assert.Contains("2001:db8::/64 dev d metric 256", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        await _net.DoAsync("addr change 2001:db8::1/64 dev d noprefixroute");
        Assert.DoesNotContain("2001:db8::/64", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task REPLACE_brings_back_a_prefix_route_that_was_deleted()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d", "route del 2001:db8::/64 dev d", "addr replace 2001:db8::1/64 dev d");
        Assert.Contains("2001:db8::/64 dev d metric 256", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_are_dumped_by_scope_and_the_newest_first()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add fec0::1/64 dev d", "addr add 2001:db8::1/64 dev d", "addr add fe80::1/64 dev d", "addr add fd00::1/64 dev d", "addr add fec0::2/64 dev d");
        Assert.Equal(
            Lines("fd00::1/64 dev d", "2001:db8::1/64 dev d", "fec0::2/64 dev d", "fec0::1/64 dev d", "fe80::1/64 dev d", $"{LinkLocal}/64 dev d"),
            await _net.AddressesAsync(AF_INET6));
    }

    [Fact]
    public async Task An_MTU_below_1280_takes_IPv6_off_the_link_and_keeps_it_off()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 2001:db8::1/64 dev d", "route add 2001:db8:1::/48 dev d");
        await _net.Links.SetAsync("d", new LinkMessage { Mtu = 1279 });
        Assert.Equal("", await _net.AddressesAsync(AF_INET6) + await _net.RoutesAsync(AF_INET6));
        Assert.Equal("10.0.0.1/24 dev d", await _net.AddressesAsync());
        Assert.Equal(new NetlinkAck(Errno.EINVAL, "ipv6: IPv6 is disabled on this device", 0), await _net.AddressAsync("add 2001:db8::1/64 dev d"));
        await _net.Links.SetDownAsync("d");
        await _net.Links.SetUpAsync("d");
        Assert.Equal("", await _net.AddressesAsync(AF_INET6) + await _net.RoutesAsync(AF_INET6));
        await _net.Links.SetAsync("d", new LinkMessage { Mtu = 1280 });
        Assert.Equal($"{LinkLocal}/64 dev d", await _net.AddressesAsync(AF_INET6));
    }

    [Fact]
    public async Task The_same_address_with_another_prefix_length_is_there_already_and_is_not_found_for_deletion()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d");
        Assert.Equal(new NetlinkAck(Errno.EEXIST, "ipv6: address already assigned", 0), await _net.AddressAsync("add 2001:db8::1/48 dev d"));
        Assert.Equal(new NetlinkAck(Errno.EADDRNOTAVAIL, "ipv6: address not found", 0), await _net.AddressAsync("del 2001:db8::1/48 dev d"));
        await _net.AddLinkAsync("e");
        await _net.DoAsync("addr add 2001:db8::1/64 dev e");
    }

    [Fact]
    public async Task Routes_that_prefer_an_address_outlive_it_without_the_preference()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d", "route add 2001:db8:1::/48 dev d src 2001:db8::1", "addr del 2001:db8::1/64 dev d");
        Assert.Contains("2001:db8:1::/48 dev d\n", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_address_is_answered_for_by_name_and_by_interface()
    {
        await _net.AddLinkAsync("d");
        await _net.AddLinkAsync("e");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d");
        var wanted = new AddressMessage { Header = new IfAddrMsg(AF_INET6, 0, 0, 0, 0), Address = InetAddress.Parse("2001:db8::1") };
        (NetlinkAck ack, AddressMessage found) = await _net.Netlink.GetAsync(RtmType.RTM_GETADDR, wanted);
        Assert.True(ack.IsOk);
        Assert.Equal("2001:db8::1/64 dev d", _net.Describe(found));
        (ack, _) = await _net.Netlink.GetAsync(RtmType.RTM_GETADDR, wanted with { Header = wanted.Header with { Index = (uint)_net.IndexOf("e") } });
        Assert.Equal(Errno.EADDRNOTAVAIL, ack.Errno);
    }

    [Fact]
    public async Task The_loopback_address_comes_and_goes_with_the_device()
    {
        await _net.Links.SetUpAsync("lo");
        Assert.Equal("::1/128 dev lo", await _net.AddressesAsync(AF_INET6));
        Assert.Equal("local ::1/128 dev lo", await _net.RoutesAsync(AF_INET6));
        await _net.DoAsync("route add unreachable 2001:db8::/32");
        await _net.Links.SetDownAsync("lo");
        Assert.Equal("", await _net.AddressesAsync(AF_INET6));
        Assert.Equal("unreachable 2001:db8::/32 dev lo", await _net.RoutesAsync(AF_INET6));
    }
}
