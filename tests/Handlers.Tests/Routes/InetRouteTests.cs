using SmallRtnl.Handlers.Tests.Addresses;
using SmallRtnl.Routes;
using static SmallRtnl.Handlers.Tests.Addresses.IpClient;

namespace SmallRtnl.Handlers.Tests.Routes;

public sealed class InetRouteTests : OneNetTests
{
    [Fact]
    public async Task Routes_of_one_key_stand_in_the_order_that_the_flags_ask_for()
    {
        await ReadyAsync();
        await _net.DoAsync(
            "route add 192.0.2.0/24 via 10.0.0.11 table 9", "route append 192.0.2.0/24 via 10.0.0.12 table 9", "route prepend 192.0.2.0/24 via 10.0.0.13 table 9",
            "route append 192.0.2.0/24 via 10.0.0.14 table 9");
        Assert.Equal("13 11 12 14", await GatewaysAsync());
        await _net.DoAsync("route replace 192.0.2.0/24 via 10.0.0.15 table 9");
        Assert.Equal("15 11 12 14", await GatewaysAsync());
        await _net.DoAsync("route change 192.0.2.0/24 via 10.0.0.16 table 9", "route replace 192.0.2.0/24 via 10.0.0.16 table 9");
        Assert.Equal("16 11 12 14", await GatewaysAsync());
        var exists = new NetlinkAck(Errno.EEXIST, null, 0);
        Assert.Equal(exists, await _net.RouteAsync("replace 192.0.2.0/24 via 10.0.0.12 table 9"));
        Assert.Equal(exists, await _net.RouteAsync("append 192.0.2.0/24 via 10.0.0.12 table 9"));
        Assert.Equal(exists, await _net.RouteAsync("prepend 192.0.2.0/24 via 10.0.0.12 table 9"));
        Assert.Equal(exists, await _net.RouteAsync("add 192.0.2.0/24 via 10.0.0.17 table 9"));
        Assert.Equal(exists, await _net.RouteAsync("test 192.0.2.0/24 via 10.0.0.17 table 9"));
        await _net.DoAsync("route replace 192.0.2.0/24 via 10.0.0.18 metric 1 table 9", "route del 192.0.2.0/24 table 9");
        Assert.Equal("11 12 14 18", await GatewaysAsync());
    }

    [Fact]
    public async Task Without_CREATE_nothing_is_made_not_even_by_APPEND()
    {
        await ReadyAsync();
        await _net.DoAsync("route add 192.0.2.0/24 via 10.0.0.11 table 9");
        var missing = new NetlinkAck(Errno.ENOENT, null, 0);
        Assert.Equal(missing, await _net.RouteAsync("change 192.0.3.0/24 via 10.0.0.11 table 9"));
        Assert.Equal(missing, await _net.RouteAsync("test 192.0.3.0/24 via 10.0.0.11 table 9"));
        (RtmType type, _, RouteMessage message) = _net.ParseRoute("add 192.0.2.0/24 via 10.0.0.12 table 9");
        Assert.Equal(missing, await _net.Netlink.RequestAsync(type, NetlinkFlags.None, message));
        Assert.Equal(missing, await _net.Netlink.RequestAsync(type, NetlinkFlags.NLM_F_APPEND, message));
        Assert.Equal("11", await GatewaysAsync());
    }

    [Fact]
    public async Task Metric_and_tos_are_part_of_the_key_and_order_the_routes_of_a_prefix()
    {
        await ReadyAsync();
        await _net.DoAsync(
            "route add 192.0.2.0/24 dev d metric 20", "route add 192.0.2.0/24 dev d metric 10", "route add 192.0.2.0/24 dev d", "route add 192.0.2.0/24 dev d tos 16",
            "route add 192.0.2.0/24 dev d tos 8 metric 5");
        Assert.Equal(
            Lines("192.0.2.0/24 tos 16 dev d", "192.0.2.0/24 tos 8 dev d metric 5", "192.0.2.0/24 dev d", "192.0.2.0/24 dev d metric 10", "192.0.2.0/24 dev d metric 20"),
            Lines((await _net.TableAsync(254)).Split('\n').Skip(1)));
        Assert.Equal(new NetlinkAck(Errno.EINVAL, "Invalid dsfield (tos): ECN bits must be 0", 0), await _net.RouteAsync("add 192.0.2.0/24 dev d tos 17"));
    }

    [Fact]
    public async Task A_route_with_a_tos_serves_only_that()
    {
        await ReadyAsync();
        await _net.DoAsync("route add 192.0.2.0/24 via 10.0.0.11 tos 16");
        Assert.Equal("ENETUNREACH", await _net.WayAsync("192.0.2.1"));
        await _net.DoAsync("route add 192.0.0.0/16 via 10.0.0.12");
        Assert.Equal("192.0.2.1/32 via 10.0.0.12 dev d src 10.0.0.1", await _net.WayAsync("192.0.2.1"));
        Assert.Equal("192.0.2.1/32 tos 16 via 10.0.0.11 dev d src 10.0.0.1", await _net.WayAsync("192.0.2.1", tos: 16));
        Assert.Equal("192.0.2.1/32 via 10.0.0.12 dev d src 10.0.0.1", await _net.WayAsync("192.0.2.1", tos: 8));
    }

    [Theory]
    [InlineData("metric 5", "1 3")]
    [InlineData("proto 4", "1 2")]
    [InlineData("dev e", "1 2")]
    [InlineData("via 10.0.0.9", "2 3")]
    [InlineData("src 10.0.0.1", "1 3")]
    [InlineData("scope 0", "2 3")]
    [InlineData("mtu 1400", "1 3")]
    [InlineData("", "2 3")]
    [InlineData("src 0.0.0.0", "2 3")]
    [InlineData("via 0.0.0.0", "2 3")]
    [InlineData("proto 9", "ESRCH")]
    [InlineData("tos 16", "ESRCH")]
    [InlineData("mtu 1400 advmss 7", "ESRCH")]
    [InlineData("table 77", "FIB table does not exist")]
    public async Task Deletion_takes_the_first_that_has_everything_that_is_named(string words, string left)
    {
        await ReadyAsync();
        await _net.AddLinkAsync("e");
        await _net.DoAsync(
            "route append 192.0.2.0/24 via 10.0.0.9 metric 1",
            "route append 192.0.2.0/24 dev d src 10.0.0.1 mtu 1400 advmss 1000 metric 5",
            "route append 192.0.2.0/24 dev e metric 9 proto 4");
        NetlinkAck ack = await _net.RouteAsync($"del 192.0.2.0/24 {words}");
        string after = string.Join(' ', (await _net.TableAsync(254)).Split('\n').Where(line => line.StartsWith("192", StringComparison.Ordinal)).Select(line =>
            line.Contains("via", StringComparison.Ordinal) ? "1" : line.Contains("dev d", StringComparison.Ordinal) ? "2" : "3"));
        Assert.Equal(left, ack.IsOk ? after : ack.Message ?? ack.Errno.ToString());
        if (!ack.IsOk)
            Assert.Equal((Errno.ESRCH, "1 2 3"), (ack.Errno, after));
    }

    [Theory]
    [InlineData("192.0.2.0/24 via 172.16.0.1", Errno.ENETUNREACH, "Nexthop has invalid gateway")]
    [InlineData("192.0.2.0/24 via 10.0.0.9 dev e", Errno.ENETUNREACH, "Nexthop has invalid gateway")]
    [InlineData("192.0.2.0/24 via 10.0.0.255", Errno.EINVAL, "Nexthop has invalid gateway")]
    [InlineData("192.0.2.0/24 via 198.51.100.1", Errno.ENETUNREACH, "Nexthop has invalid gateway")]
    [InlineData("192.0.2.0/24 via 10.0.0.9 scope 254", Errno.EINVAL, "Route with host scope can not have a gateway")]
    [InlineData("192.0.2.0/24 via 10.9.0.1 onlink", Errno.ENODEV, "Nexthop device required for onlink")]
    [InlineData("192.0.2.0/24 via 10.9.0.1 dev x onlink", Errno.ENETDOWN, "Nexthop device is not up")]
    [InlineData("192.0.2.0/24 via 10.0.0.1 dev d onlink", Errno.EINVAL, "Nexthop has invalid gateway")]
    [InlineData("192.0.2.0/24 dev d onlink", Errno.EINVAL, "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set")]
    [InlineData("192.0.2.0/24 dev x", Errno.ENETDOWN, "Device for nexthop is not up")]
    [InlineData("192.0.2.0/24 dev nosuch", Errno.ENODEV, null)]
    [InlineData("192.0.2.0/24", Errno.ENODEV, null)]
    [InlineData("192.0.2.0/24 dev d src 10.0.0.2", Errno.EINVAL, "Invalid prefsrc address")]
    [InlineData("192.0.2.0/24 dev d src 10.0.0.255", Errno.EINVAL, "Invalid prefsrc address")]
    [InlineData("192.0.2.1/24 dev d", Errno.EINVAL, "Invalid prefix for given prefix length")]
    [InlineData("local 192.0.2.1/32 dev d scope 0", Errno.EINVAL, "Invalid scope")]
    [InlineData("blackhole 192.0.2.0/24 dev d", Errno.EINVAL, "Gateway, device and multipath can not be specified for this route type")]
    [InlineData("unspec 192.0.2.0/24 dev d", Errno.EINVAL, "Invalid scope")]
    public async Task What_cannot_be_is_refused_with_the_kernels_words_and_leaves_nothing(string words, Errno errno, string? text)
    {
        await ReadyAsync();
        await _net.AddLinkAsync("e");
        await _net.AddLinkAsync("x", up: false);
        await _net.DoAsync("route add 198.51.100.0/24 via 10.0.0.9");
        _net.Listen();
        NetSnapshot before = _net.Net.Snapshot;
        NetlinkAck ack = await _net.RouteAsync($"add {words}");
        Assert.Equal((errno, text), (ack.Errno, ack.Message));
        Assert.Same(before, _net.Net.Snapshot);
        Assert.Equal("", _net.Heard());
    }

    [Fact]
    public async Task A_gateway_on_a_link_is_taken_by_scope_or_by_onlink_and_an_unset_source_is_none()
    {
        await ReadyAsync();
        await _net.DoAsync(
            "route add 192.0.2.0/24 via 10.0.0.9 src 0.0.0.0", "route add 192.0.3.0/24 via 10.0.0.1", "route add 192.0.4.0/24 via 172.16.0.1 dev d onlink",
            "route add 192.0.5.0/24 dev d src 10.0.0.1", "route add local 192.0.6.1/32 dev d src 192.0.6.1");
        Assert.Equal(
            Lines("192.0.2.0/24 via 10.0.0.9 dev d", "192.0.3.0/24 via 10.0.0.1 dev d", "192.0.4.0/24 via 172.16.0.1 dev d", "192.0.5.0/24 dev d src 10.0.0.1", "local 192.0.6.1/32 dev d src 192.0.6.1 table 254"),
            Lines((await _net.TableAsync(254)).Split('\n').Skip(1)));
    }

    [Theory]
    [InlineData("blackhole", "EINVAL")]
    [InlineData("unreachable", "EHOSTUNREACH")]
    [InlineData("prohibit", "EACCES")]
    [InlineData("throw", "ENETUNREACH")]
    public async Task Each_way_to_refuse_has_its_errno_whatever_lies_behind(string type, string errno)
    {
        await ReadyAsync();
        await _net.DoAsync("route add default via 10.0.0.9", $"route add {type} 192.0.2.0/24");
        Assert.Equal(errno, await _net.WayAsync("192.0.2.1"));
        Assert.Equal(errno, await _net.WayAsync("192.0.2.1", fibMatch: true));
        Assert.Equal("192.0.3.1/32 via 10.0.0.9 dev d src 10.0.0.1", await _net.WayAsync("192.0.3.1"));
        Assert.Contains($"{type} 192.0.2.0/24\n", await _net.TableAsync(254) + "\n", StringComparison.Ordinal);
        await _net.DoAsync($"route del {type} 192.0.2.0/24");
        Assert.Equal("192.0.2.1/32 via 10.0.0.9 dev d src 10.0.0.1", await _net.WayAsync("192.0.2.1"));
    }

    [Fact]
    public async Task A_throw_in_main_goes_on_to_the_default_table()
    {
        await ReadyAsync();
        await _net.DoAsync("route add throw 192.0.2.0/24", "route add 192.0.2.0/24 via 10.0.0.9 table 253");
        Assert.Equal("192.0.2.1/32 via 10.0.0.9 dev d src 10.0.0.1", await _net.WayAsync("192.0.2.1"));
    }

    [Fact]
    public async Task The_longest_prefix_wins_then_the_smallest_metric()
    {
        await ReadyAsync();
        await _net.AddLinkAsync("e");
        await _net.DoAsync(
            "addr add 10.1.0.1/24 dev e", "route add default via 10.0.0.9", "route add 192.0.0.0/16 via 10.0.0.10", "route add 192.0.2.0/24 via 10.0.0.11 metric 20",
            "route add 192.0.2.0/24 via 10.1.0.12 metric 10", "route add 192.0.2.5/32 via 10.0.0.13", "route add 192.0.2.6/32 via 10.0.0.14 table 100");
        Assert.Equal("8.8.8.8/32 via 10.0.0.9 dev d src 10.0.0.1", await _net.WayAsync("8.8.8.8"));
        Assert.Equal("192.0.3.1/32 via 10.0.0.10 dev d src 10.0.0.1", await _net.WayAsync("192.0.3.1"));
        Assert.Equal("192.0.2.6/32 via 10.1.0.12 dev e src 10.1.0.1", await _net.WayAsync("192.0.2.6"));
        Assert.Equal("192.0.2.5/32 via 10.0.0.13 dev d src 10.0.0.1", await _net.WayAsync("192.0.2.5"));
        Assert.Equal("192.0.2.6/32 via 10.0.0.11 dev d src 10.0.0.1", await _net.WayAsync("192.0.2.6", oif: "d"));
        Assert.Equal("192.0.2.0/24 via 10.1.0.12 dev e metric 10", await _net.WayAsync("192.0.2.6", fibMatch: true));
        Assert.Equal("192.0.2.5/32 via 10.1.0.12 dev e src 10.1.0.1", await _net.WayAsync("192.0.2.5", oif: "e"));
        Assert.Equal("ENODEV", await _net.WayAsync("192.0.2.5", oif: "nosuch"));
    }

    [Fact]
    public async Task The_source_asked_for_must_be_ones_own_and_is_said_again()
    {
        await ReadyAsync();
        Assert.Equal("10.0.0.9/32 from 10.0.0.1 dev d", await _net.WayAsync("10.0.0.9", from: "10.0.0.1"));
        Assert.Equal("ENETUNREACH", await _net.WayAsync("10.0.0.9", from: "10.0.0.2"));
    }

    [Fact]
    public async Task Own_and_broadcast_addresses_are_what_they_are()
    {
        await ReadyAsync();
        await _net.Links.SetUpAsync("lo");
        Assert.Equal("local 10.0.0.1/32 dev lo src 10.0.0.1", await _net.WayAsync("10.0.0.1"));
        Assert.Equal("local 127.1.2.3/32 dev lo src 127.0.0.1", (await _net.WayAsync("127.1.2.3")));
        Assert.Equal("broadcast 10.0.0.255/32 dev d src 10.0.0.1", await _net.WayAsync("10.0.0.255"));
        // Without rules of one's own the kernel keeps local and main in one table, and says so.
        Assert.Equal("local 10.0.0.1/32 dev d src 10.0.0.1 table 254", await _net.WayAsync("10.0.0.1", fibMatch: true));
    }

    [Fact]
    public async Task A_link_without_carrier_marks_its_routes_and_still_serves_them()
    {
        await _net.Links.AddPairAsync("v", "w");
        await _net.Links.SetUpAsync("v");
        await _net.Links.SetUpAsync("w");
        await _net.DoAsync("addr add 10.0.0.1/24 dev v", "route add 192.0.2.0/24 via 10.0.0.9");
        Assert.DoesNotContain("linkdown", await _net.RoutesAsync(), StringComparison.Ordinal);
        await _net.Links.SetDownAsync("w");
        Assert.Equal(
            Lines(
                "10.0.0.0/24 dev v src 10.0.0.1 linkdown", "192.0.2.0/24 via 10.0.0.9 dev v linkdown", "local 10.0.0.1/32 dev v src 10.0.0.1",
                "broadcast 10.0.0.255/32 dev v src 10.0.0.1 linkdown"),
            await _net.RoutesAsync());
        Assert.Equal("192.0.2.1/32 via 10.0.0.9 dev v src 10.0.0.1", await _net.WayAsync("192.0.2.1"));
        Assert.Equal("192.0.2.0/24 via 10.0.0.9 dev v linkdown", await _net.WayAsync("192.0.2.1", fibMatch: true));
        await _net.Links.SetUpAsync("w");
        Assert.DoesNotContain("linkdown", await _net.RoutesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_served_is_refused_and_not_half_done()
    {
        await ReadyAsync();
        (RtmType type, NetlinkFlags flags, RouteMessage message) = _net.ParseRoute("add 192.0.2.0/24 dev d");
        foreach (RouteMessage other in new[]
        {
            message with { NexthopId = 5 }, message with { Multipath = new NetlinkBytes(new byte[8]) }, message with { EncapType = 1 },
            message with { Via = new NetlinkBytes(new byte[18]) },
        })
        {
            NetSnapshot before = _net.Net.Snapshot;
            Assert.False((await _net.Netlink.RequestAsync(type, flags, other)).IsOk);
            Assert.Same(before, _net.Net.Snapshot);
        }
    }

    [Theory]
    [InlineData("10.0.0.255", "10.0.0.9", "d", "broadcast 10.0.0.255/32 from 10.0.0.9 dev lo")]
    [InlineData("10.0.0.1", "10.0.0.9", "d", "local 10.0.0.1/32 from 10.0.0.9 dev lo")]
    [InlineData("10.0.0.1", "8.8.8.8", "lo", "local 10.0.0.1/32 from 8.8.8.8 dev lo")]
    [InlineData("255.255.255.255", null, "d", "broadcast 255.255.255.255/32 dev lo")]
    [InlineData("224.0.0.1", "10.0.0.9", "d", "multicast 224.0.0.1/32 from 10.0.0.9 dev lo")]
    [InlineData("224.0.0.9", "10.0.0.9", "d", "EINVAL")]
    [InlineData("10.0.0.1", "10.0.0.1", "d", "EINVAL")]
    [InlineData("10.0.0.1", "224.0.0.1", "d", "EINVAL")]
    [InlineData("10.0.0.1", null, "d", "EINVAL")]
    [InlineData("10.0.0.1", "127.0.0.1", "lo", "EINVAL")]
    [InlineData("127.0.0.1", "10.0.0.9", "lo", "EINVAL")]
    [InlineData("10.0.0.7", "10.0.0.9", "d", "EHOSTUNREACH")]
    [InlineData("172.16.0.1", "10.0.0.9", "d", "EHOSTUNREACH")]
    [InlineData("10.0.0.1", "10.0.0.9", "nosuch", "ENODEV")]
    public async Task A_packet_that_comes_in_is_delivered_or_refused(string destination, string? from, string iif, string way)
    {
        await ReadyAsync();
        Assert.Equal(way, await _net.WayAsync(destination, from: from, iif: iif));
    }

    [Fact]
    public async Task Where_somebody_has_made_local_routes_the_tables_judge_a_source()
    {
        await ReadyAsync();
        Assert.Equal("local 10.0.0.1/32 from 10.0.0.255 dev lo", await _net.WayAsync("10.0.0.1", from: "10.0.0.255", iif: "d"));
        await _net.DoAsync("route add local 192.0.2.0/24 dev lo", "route del local 192.0.2.0/24 dev lo");
        Assert.Equal("EINVAL", await _net.WayAsync("10.0.0.1", from: "10.0.0.255", iif: "d"));
        Assert.Equal("local 10.0.0.1/32 from 10.0.0.9 dev lo", await _net.WayAsync("10.0.0.1", from: "10.0.0.9", iif: "d"));
    }

    [Theory]
    [InlineData("224.0.0.1", "10.0.0.1", null, "multicast 224.0.0.1/32 from 10.0.0.1 dev d")]
    [InlineData("255.255.255.255", "10.0.0.1", null, "broadcast 255.255.255.255/32 from 10.0.0.1 dev d")]
    [InlineData("10.0.0.7", "224.0.0.1", null, "EINVAL")]
    [InlineData("10.0.0.7", "255.255.255.255", null, "EINVAL")]
    [InlineData("10.0.0.7", "10.0.0.8", null, "ENETUNREACH")]
    public async Task A_source_of_ones_own_says_where_a_group_is(string destination, string from, string? oif, string way)
    {
        await ReadyAsync();
        Assert.Equal(way, await _net.WayAsync(destination, oif, from));
    }

    [Fact]
    public async Task Before_there_is_an_address_there_is_no_table_to_delete_from()
    {
        await _net.AddLinkAsync("d", up: false);
        var none = new NetlinkAck(Errno.ESRCH, "FIB table does not exist", 0);
        Assert.Equal(none, await _net.RouteAsync("del default"));
        Assert.Equal(none, await _net.RouteAsync("del 192.0.2.0/24"));
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        Assert.Equal(new NetlinkAck(Errno.ESRCH, null, 0), await _net.RouteAsync("del default"));
        Assert.Equal(none, await _net.RouteAsync("del default table 253"));
    }

    private async Task ReadyAsync()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
    }

    private async Task<string> GatewaysAsync() =>
        string.Join(' ', (await _net.TableAsync(9)).Split('\n').Select(line => line.Split(' ')[2][^2..]));
}
