using SmallRtnl.Handlers.Tests.Addresses;
using SmallRtnl.Routes;
using static SmallRtnl.Handlers.Tests.Addresses.IpClient;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Handlers.Tests.Routes;

public sealed class Inet6RouteTests : OneNetTests
{
    [Fact]
    public async Task Routes_of_a_prefix_stand_by_metric_and_then_by_age()
    {
        await ReadyAsync();
        await _net.DoAsync(
            "route add 2001:db8:1::/48 via 2001:db8::9 metric 20 table 9", "route add 2001:db8:1::/48 via 2001:db8::8 metric 10 table 9",
            "route prepend 2001:db8:1::/48 dev e metric 10 table 9");
        const string Before = "2001:db8:1::/48 via 2001:db8::8 dev d metric 10 table 9\n2001:db8:1::/48 dev e metric 10 table 9\n2001:db8:1::/48 via 2001:db8::9 dev d metric 20 table 9";
        Assert.Equal(Before, await _net.TableAsync(9, AF_INET6));
        Assert.Equal(Errno.EEXIST, (await _net.RouteAsync("add 2001:db8:1::/48 dev d metric 10 table 9")).Errno);
        Assert.Equal(Errno.EEXIST, (await _net.RouteAsync("prepend 2001:db8:1::/48 dev e metric 10 table 9")).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, (await _net.RouteAsync("append 2001:db8:1::/48 via 2001:db8::7 metric 10 table 9")).Errno);
        Assert.Equal(Before, await _net.TableAsync(9, AF_INET6));
        await _net.DoAsync("route replace 2001:db8:1::/48 via 2001:db8::7 metric 10 table 9", "route del 2001:db8:1::/48 dev e table 9");
        Assert.Equal("2001:db8:1::/48 via 2001:db8::7 dev d metric 10 table 9\n2001:db8:1::/48 via 2001:db8::9 dev d metric 20 table 9", await _net.TableAsync(9, AF_INET6));
    }

    [Theory]
    [InlineData("", "2")]
    [InlineData("metric 20", "1")]
    [InlineData("dev e", "1")]
    [InlineData("via 2001:db8::9", "2")]
    [InlineData("proto 4", "1")]
    [InlineData("proto 9", "ESRCH")]
    [InlineData("via 2001:db8::1", "ESRCH")]
    [InlineData("table 77", "FIB table does not exist")]
    public async Task Deletion_takes_the_first_that_has_everything_that_is_named(string words, string left)
    {
        await ReadyAsync();
        await _net.DoAsync("route add 2001:db8:1::/48 via 2001:db8::9 metric 10", "route add 2001:db8:1::/48 dev e metric 20 proto 4");
        NetlinkAck ack = await _net.RouteAsync($"del 2001:db8:1::/48 {words}");
        string after = string.Concat((await _net.TableAsync(254, AF_INET6)).Split('\n').Where(line => line.StartsWith("2001:db8:1:", StringComparison.Ordinal)).Select(line => line.Contains("via", StringComparison.Ordinal) ? "1" : "2"));
        Assert.Equal(left, ack.IsOk ? after : ack.Message ?? ack.Errno.ToString());
    }

    [Theory]
    [InlineData("2001:db8:1::/48 via 2001:db9::1", Errno.EHOSTUNREACH, null)]
    [InlineData("2001:db8:1::/48 via 2001:db8::9 dev e", Errno.EHOSTUNREACH, null)]
    [InlineData("2001:db8:1::/48 via 2001:db8::1", Errno.EINVAL, "Gateway can not be a local address")]
    [InlineData("2001:db8:1::/48 via fe80::9", Errno.EINVAL, "Egress device not specified")]
    [InlineData("2001:db8:1::/48 via ff02::1 dev d", Errno.EINVAL, "Invalid gateway address")]
    [InlineData("2001:db8:1::/48 via :: dev d", Errno.EINVAL, "Invalid gateway address")]
    [InlineData("2001:db8:1::/48 via 2001:db8:9::1", Errno.EHOSTUNREACH, null)]
    [InlineData("2001:db8:1::/48 dev x", Errno.ENETDOWN, "Nexthop device is not up")]
    [InlineData("2001:db8:1::/48 dev nosuch", Errno.ENODEV, null)]
    [InlineData("2001:db8:1::/48", Errno.ENODEV, null)]
    [InlineData("2001:db8:1::/48 dev d src 2001:db8::2", Errno.EINVAL, "Invalid source address")]
    [InlineData("2001:db8:1::/48 dev d tos 16", Errno.EINVAL, "Invalid dsfield (tos): option not available for IPv6")]
    public async Task What_cannot_be_is_refused_with_the_kernels_words_and_leaves_nothing(string words, Errno errno, string? text)
    {
        await ReadyAsync();
        await _net.AddLinkAsync("x", up: false);
        await _net.DoAsync("route add 2001:db8:9::/48 via 2001:db8::9");
        _net.Listen();
        NetSnapshot before = _net.Net.Snapshot;
        NetlinkAck ack = await _net.RouteAsync($"add {words}");
        Assert.Equal((errno, text), (ack.Errno, ack.Message));
        Assert.Same(before, _net.Net.Snapshot);
        Assert.Equal("", _net.Heard());
    }

    [Theory]
    [InlineData("blackhole", "EINVAL")]
    [InlineData("unreachable", "EHOSTUNREACH")]
    [InlineData("prohibit", "EACCES")]
    [InlineData("throw", "ENETUNREACH")]
    public async Task Each_way_to_refuse_has_its_errno_and_leads_to_the_loopback_device(string type, string errno)
    {
        await ReadyAsync();
        await _net.DoAsync("route add default6 via 2001:db8::9", $"route add {type} 2001:db8:1::/48 dev d");
        Assert.Equal(errno, await _net.WayAsync("2001:db8:1::1"));
        Assert.Contains($"{type} 2001:db8:1::/48 dev lo", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        Assert.Equal("2001:db8:2::1/128 via 2001:db8::9 dev d src 2001:db8::1", await _net.WayAsync("2001:db8:2::1"));
    }

    [Fact]
    public async Task The_longest_prefix_wins_then_the_smallest_metric_and_the_interface_asked_for()
    {
        await ReadyAsync();
        await _net.DoAsync(
            "route add default6 via 2001:db8::9", "route add 2001:db8:1::/48 dev e", "route add 2001:db8:1:1::/64 via 2001:db8::8", "route add 2001:db8:1:1::/64 dev e metric 5");
        Assert.Equal("2001:db8:2::1/128 via 2001:db8::9 dev d src 2001:db8::1", await _net.WayAsync("2001:db8:2::1"));
        Assert.StartsWith("2001:db8:1:1::5/128 dev e", await _net.WayAsync("2001:db8:1:1::5"), StringComparison.Ordinal);
        Assert.StartsWith("2001:db8:1:1::5/128 via 2001:db8::8 dev d", await _net.WayAsync("2001:db8:1:1::5", oif: "d"), StringComparison.Ordinal);
        Assert.Equal("2001:db8:1:1::/64 dev e metric 5", await _net.WayAsync("2001:db8:1:1::5", fibMatch: true));
        Assert.Equal("ENETUNREACH", await _net.WayAsync("2001:db8:2::1", oif: "e"));
        Assert.Equal("local 2001:db8::1/128 dev lo src 2001:db8::1", await _net.WayAsync("2001:db8::1"));
    }

    [Fact]
    public async Task Host_bits_are_cut_off_and_the_same_network_is_there_already()
    {
        await ReadyAsync();
        await _net.DoAsync("route add 2001:db8:1::1/48 dev d");
        Assert.Equal(Errno.EEXIST, (await _net.RouteAsync("add 2001:db8:1::2/48 dev e")).Errno);
        Assert.Contains("2001:db8:1::/48 dev d\n", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_CREATE_a_route_is_made_but_not_replaced()
    {
        await ReadyAsync();
        (RtmType type, _, RouteMessage message) = _net.ParseRoute("add 2001:db8:1::/48 dev d");
        Assert.Equal(new NetlinkAck(Errno.ENOENT, "Can not replace route - no match found", 0), await _net.Netlink.RequestAsync(type, NetlinkFlags.NLM_F_REPLACE, message));
        Assert.True((await _net.Netlink.RequestAsync(type, NetlinkFlags.None, message)).IsOk);
        Assert.Equal(Errno.ENOENT, (await _net.RouteAsync("change 2001:db8:1::/48 dev d metric 5")).Errno);
    }

    [Fact]
    public async Task A_replacement_takes_the_place_of_a_route_of_its_own_sort_first()
    {
        await ReadyAsync();
        await _net.DoAsync("route add 2001:db8:1::/48 dev d table 9", "route append 2001:db8:1::/48 via fe80::1 dev d table 9", "route replace 2001:db8:1::/48 via fe80::2 dev d table 9");
        Assert.Equal("2001:db8:1::/48 dev d table 9\n2001:db8:1::/48 via fe80::2 dev d table 9", await _net.TableAsync(9, AF_INET6));
        await _net.DoAsync("route change 2001:db8:1::/48 dev e table 9");
        Assert.Equal("2001:db8:1::/48 dev e table 9\n2001:db8:1::/48 via fe80::2 dev d table 9", await _net.TableAsync(9, AF_INET6));
        // Only where there is none of its sort does it take another.
        await _net.DoAsync("route del 2001:db8:1::/48 dev e table 9", "route replace blackhole 2001:db8:1::/48 table 9");
        Assert.Equal("blackhole 2001:db8:1::/48 dev lo table 9", await _net.TableAsync(9, AF_INET6));
    }

    /// <summary>The kernel makes one route with two ways of it; until that is served it is said to be not, and nothing has happened.</summary>
    [Theory]
    [InlineData("append", "2001:db8:1::/48 via fe80::2 dev d")]
    [InlineData("append", "2001:db8:1::/48 via fe80::1 dev e")]
    [InlineData("prepend", "2001:db8:1::/48 via fe80::2 dev d")]
    [InlineData("plain", "2001:db8:1::/48 via fe80::2 dev d")]
    [InlineData("join", "2001:db8:1::/48 via fe80::2 dev d")]
    [InlineData("append", "2001:db8:1::/48 via 2001:db8::9 metric 1024")]
    [InlineData("several", "2001:db8:1::/48 dev d")]
    [InlineData("several", "2001:db8:2::/48 dev d")]
    [InlineData("several", "192.0.2.0/24 dev d")]
    [InlineData("replace several", "2001:db8:1::/48 dev d")]
    [InlineData("del several", "2001:db8:1::/48 dev d")]
    [InlineData("del several", "192.0.2.0/24 dev d")]
    public async Task A_route_with_several_next_hops_is_refused_at_every_door(string door, string words)
    {
        await ReadyAsync();
        await _net.DoAsync("route add 2001:db8:1::/48 dev d", "route append 2001:db8:1::/48 via fe80::1 dev d");
        _net.Listen();
        NetSnapshot before = _net.Net.Snapshot;
        NetlinkFlags flags = door switch
        {
            "append" => NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_APPEND,
            "join" => NetlinkFlags.NLM_F_APPEND,
            "plain" or "del several" => NetlinkFlags.None,
            "replace several" => NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_REPLACE,
            _ => NetlinkFlags.NLM_F_CREATE,
        };
        (RtmType type, _, RouteMessage message) = _net.ParseRoute($"{(door.StartsWith("del", StringComparison.Ordinal) ? "del" : "add")} {words}");
        if (door.Contains("several", StringComparison.Ordinal))
            message = message with { OutputIndex = null, Multipath = new NetlinkBytes(new byte[] { 8, 0, 0, 0, (byte)_net.IndexOf("d"), 0, 0, 0, 8, 0, 0, 0, (byte)_net.IndexOf("e"), 0, 0, 0 }) };
        NetlinkAck ack = await _net.Netlink.RequestAsync(type, flags, message);
        Assert.Equal((Errno.EOPNOTSUPP, "A route with several next hops is not served"), (ack.Errno, ack.Message));
        Assert.Same(before, _net.Net.Snapshot);
        Assert.Equal("", _net.Heard());
    }

    [Fact]
    public async Task Without_a_default_route_its_deletion_finds_the_entry_that_cannot_be_deleted()
    {
        await ReadyAsync();
        Assert.Equal(new NetlinkAck(Errno.ENOENT, null, 0), await _net.RouteAsync("del default6"));
        Assert.Equal(new NetlinkAck(Errno.ENOENT, null, 0), await _net.RouteAsync("del default6 dev lo"));
        Assert.Equal(new NetlinkAck(Errno.ESRCH, null, 0), await _net.RouteAsync("del default6 dev d"));
        Assert.Equal(new NetlinkAck(Errno.ESRCH, "FIB table does not exist", 0), await _net.RouteAsync("del default6 table 9"));
        await _net.DoAsync("route add default6 dev d");
        Assert.Equal(new NetlinkAck(Errno.ESRCH, null, 0), await _net.RouteAsync("del default6 dev lo"));
    }

    [Fact]
    public async Task Where_two_branches_part_a_change_finds_a_place_but_no_route()
    {
        await ReadyAsync();
        await _net.DoAsync("route add 2001:db8:76::/48 dev d", "route add 2001:db8:77::/48 dev d");
        Assert.Equal(new NetlinkAck(Errno.ENOENT, null, 0), await _net.RouteAsync("change 2001:db8:76::/47 dev d"));
        Assert.Equal(new NetlinkAck(Errno.ENOENT, "Can not replace route - no match found", 0), await _net.RouteAsync("change 2001:db8:78::/47 dev d"));
    }

    [Theory]
    [InlineData("2001:db8::1", "d", "local 2001:db8::1/128 from 2001:db8::9 dev lo")]
    [InlineData("2001:db8::1", "e", "local 2001:db8::1/128 from 2001:db8::9 dev lo")]
    [InlineData("2001:db8::5", "d", "2001:db8::5/128 from 2001:db8::9 dev d metric 256")]
    [InlineData("ff02::1", "d", "EMSGSIZE")]
    [InlineData("2001:db9::1", "d", "ENETUNREACH")]
    [InlineData("2001:db8::1", "nosuch", "ENODEV")]
    public async Task A_packet_that_comes_in_goes_where_the_tables_say(string destination, string iif, string way)
    {
        await ReadyAsync();
        Assert.Equal(way, await _net.WayAsync(destination, from: "2001:db8::9", iif: iif));
    }

    [Fact]
    public async Task Of_several_routes_the_most_preferred_wins_and_then_the_one_by_the_interface()
    {
        await ReadyAsync();
        await _net.DoAsync("route add 2001:db8:1::/48 dev d", "route append 2001:db8:1::/48 dev e");
        Assert.StartsWith("2001:db8:1::5/128 from 2001:db8::1 dev e", await _net.WayAsync("2001:db8:1::5", from: "2001:db8::1", oif: "e"), StringComparison.Ordinal);
        Assert.StartsWith("2001:db8:1::5/128 dev d", await _net.WayAsync("2001:db8:1::5"), StringComparison.Ordinal);
        (RtmType type, _, RouteMessage message) = _net.ParseRoute("replace 2001:db8:1::/48 dev e metric 1");
        await _net.DoAsync("route add 2001:db8:1::/48 dev d metric 1");
        Assert.True((await _net.Netlink.RequestAsync(type, NetlinkFlags.NLM_F_CREATE, message with { Preference = 1 })).IsOk);
        Assert.StartsWith("2001:db8:1::5/128 dev e", await _net.WayAsync("2001:db8:1::5"), StringComparison.Ordinal);
    }

    private async Task ReadyAsync()
    {
        await _net.AddLinkAsync("d");
        await _net.AddLinkAsync("e");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d");
    }
}
