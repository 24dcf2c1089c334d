using SmallRtnl.Handlers.Tests.Addresses;
using SmallRtnl.Routes;
using static SmallRtnl.Handlers.Tests.Addresses.IpClient;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Handlers.Tests.Routes;

public sealed class RouteDumpTests : OneNetTests
{
    [Fact]
    public async Task Tables_come_by_the_low_byte_of_their_number_and_prefixes_by_address_the_longer_first()
    {
        await ReadyAsync();
        await _net.DoAsync(
            "route add 192.0.2.0/24 dev d table 1000", "route add 192.0.2.0/24 dev d table 100", "route add 192.0.2.0/24 dev d table 356",
            "route add default via 10.0.0.9", "route add 10.0.0.0/8 dev d", "route add 10.0.0.0/30 dev d");
        Assert.Equal(
            Lines(
                "192.0.2.0/24 dev d table 100", "192.0.2.0/24 dev d table 356", "192.0.2.0/24 dev d table 1000", "default via 10.0.0.9 dev d", "10.0.0.0/30 dev d",
                "10.0.0.0/24 dev d src 10.0.0.1", "10.0.0.0/8 dev d", "local 10.0.0.1/32 dev d src 10.0.0.1", "broadcast 10.0.0.255/32 dev d src 10.0.0.1"),
            await _net.RoutesAsync());
    }

    [Fact]
    public async Task A_strict_dump_shows_what_it_names_and_says_that_it_is_filtered()
    {
        await ReadyAsync();
        await _net.AddLinkAsync("e");
        await _net.DoAsync("route add 192.0.2.0/24 dev e proto 4", "route add blackhole 192.0.3.0/24", "route add 192.0.4.0/24 dev e table 100");
        Assert.Equal("192.0.4.0/24 dev e table 100", await _net.TableAsync(100));
        Assert.Equal("192.0.4.0/24 dev e table 100\n192.0.2.0/24 dev e", await _net.RoutesAsync(filter: new RouteMessage { OutputIndex = _net.IndexOf("e") }));
        Assert.Equal("192.0.2.0/24 dev e", await _net.RoutesAsync(filter: new RouteMessage { Header = new RtMsg(AF_INET, 0, 0, 0, 0, 4, 0, RouteType.RTN_UNSPEC, RouteFlags.None) }));
        Assert.Equal("blackhole 192.0.3.0/24", await _net.RoutesAsync(filter: new RouteMessage { Header = new RtMsg(AF_INET, 0, 0, 0, 0, 0, 0, RouteType.RTN_BLACKHOLE, RouteFlags.None) }));
        Assert.Equal("", await _net.RoutesAsync(filter: new RouteMessage { Header = new RtMsg(AF_INET, 0, 0, 0, 0, 0, 0, RouteType.RTN_UNSPEC, RouteFlags.RTM_F_CLONED) }));
        (List<NetlinkMessage> rows, NetlinkAck done) = await DumpAsync(new RouteMessage { Header = Header(AF_INET), Table = 100 });
        Assert.True(done.IsOk);
        Assert.Equal(NetlinkFlags.NLM_F_MULTI | NetlinkFlags.NLM_F_DUMP_FILTERED, Assert.Single(rows).Header.Flags);
    }

    [Fact]
    public async Task A_lenient_dump_shows_everything_whatever_it_names()
    {
        await ReadyAsync();
        await _net.DoAsync("route add 192.0.4.0/24 dev d table 100");
        _net.Netlink.Socket.SetOption(NetlinkSocketOption.NETLINK_GET_STRICT_CHK, 0);
        (List<NetlinkMessage> rows, _) = await DumpAsync(new RouteMessage { Header = Header(AF_INET) with { DestinationLength = 9, Protocol = 7 }, Table = 100, OutputIndex = 77, Priority = 5 });
        Assert.Equal(4, rows.Count);
        Assert.All(rows, row => Assert.Equal(NetlinkFlags.NLM_F_MULTI, row.Header.Flags));
        (rows, _) = await DumpAsync(new RouteMessage { Header = Header(AF_INET) with { Flags = RouteFlags.RTM_F_CLONED } });
        Assert.Equal(4, rows.Count);
        (rows, _) = await DumpAsync(new RouteMessage { Header = Header(AF_INET) with { Flags = RouteFlags.RTM_F_PREFIX } });
        Assert.Empty(rows);
    }

    [Fact]
    public async Task What_a_strict_dump_does_not_know_ends_it_with_the_reason()
    {
        await ReadyAsync();
        foreach ((RouteMessage wrong, NetlinkAck expected) in new[]
        {
            (new RouteMessage { Header = Header(AF_INET) with { DestinationLength = 8 } }, new NetlinkAck(Errno.EINVAL, "Invalid values in header for FIB dump request", 0)),
            (new RouteMessage { Header = Header(AF_INET) with { Flags = RouteFlags.RTM_F_FIB_MATCH } }, new NetlinkAck(Errno.EINVAL, "Invalid flags for FIB dump request", 0)),
            (new RouteMessage { Header = Header(AF_INET), Priority = 5 }, new NetlinkAck(Errno.EINVAL, "Unsupported attribute in dump request", 0)),
            (new RouteMessage { Header = Header(AF_INET), OutputIndex = 99 }, new NetlinkAck(Errno.ENODEV, null, 0)),
            (new RouteMessage { Header = Header(AF_INET), Table = 7 }, new NetlinkAck(Errno.ENOENT, "ipv4: FIB table does not exist", 0)),
            (new RouteMessage { Header = Header(AF_INET6), Table = 7 }, new NetlinkAck(Errno.ENOENT, "ipv6: FIB table does not exist", 0)),
            (new RouteMessage { Header = Header(AF_UNSPEC), Table = 7 }, new NetlinkAck(Errno.None, null, 0)),
        })
        {
            (List<NetlinkMessage> rows, NetlinkAck done) = await DumpAsync(wrong);
            Assert.Empty(rows);
            Assert.Equal(expected, done);
        }
    }

    [Fact]
    public async Task A_table_exists_from_its_first_route_on_and_for_good()
    {
        await ReadyAsync();
        await _net.DoAsync("route add 192.0.2.0/24 dev d table 7", "route del 192.0.2.0/24 table 7");
        Assert.Equal("", await _net.TableAsync(7));
    }

    [Fact]
    public async Task A_failed_route_does_not_make_its_table()
    {
        await ReadyAsync();
        Assert.False((await _net.RouteAsync("add 192.0.2.0/24 via 172.16.0.1 table 7")).IsOk);
        NetlinkException refused = await Assert.ThrowsAsync<NetlinkException>(() => _net.TableAsync(7));
        Assert.Equal(Errno.ENOENT, refused.Ack.Errno);
    }

    [Fact]
    public async Task A_dump_of_every_family_is_IPv4s_and_then_IPv6s()
    {
        await ReadyAsync();
        await _net.DoAsync("addr add 2001:db8::1/64 dev d");
        Assert.Equal(Lines(await _net.RoutesAsync(), await _net.RoutesAsync(AF_INET6)), await _net.RoutesAsync(AF_UNSPEC));
        Assert.Equal(Lines(await _net.AddressesAsync(), await _net.AddressesAsync(AF_INET6)), await _net.AddressesAsync(AF_UNSPEC));
    }

    [Fact]
    public async Task A_dump_of_many_chunks_shows_the_version_it_began_with()
    {
        await ReadyAsync();
        for (int i = 0; i < 1000; i++)
            await _net.DoAsync($"route add 172.16.{i / 250}.{i % 250}/32 dev d");
        await _net.Netlink.SendAsync(RtmType.RTM_GETROUTE, NetlinkFlags.NLM_F_DUMP, new RouteMessage { Header = Header(AF_INET), Table = 254 });
        IpClient other = _host.Open(_net.Net);
        await other.Links.SetDownAsync("d");
        int rows = 0;
        bool interrupted = false;
        NetlinkMessage message;
        while ((message = await _net.Netlink.ReceiveAsync()).Header.Type != NetlinkControlType.NLMSG_DONE)
        {
            interrupted |= (message.Header.Flags & NetlinkFlags.NLM_F_DUMP_INTR) != 0;
            rows++;
        }
        Assert.Equal(1001, rows);
        // A dump that reads a snapshot cannot be torn; one that takes its lock for each chunk says that the namespace has moved on.
        RtnlLock word = _host.Dispatcher.Table.Handlers.Single(handler => handler is { Type: RtmType.RTM_GETROUTE, Family: AF_INET, IsDump: true }).Lock;
        Assert.Equal(word != RtnlLock.Unlocked, interrupted);
        Assert.Equal("", await _net.TableAsync(254));
    }

    private static RtMsg Header(ProtocolFamily family) => new(family, 0, 0, 0, 0, 0, 0, RouteType.RTN_UNSPEC, RouteFlags.None);

    private async Task<(List<NetlinkMessage> Rows, NetlinkAck Done)> DumpAsync(RouteMessage message)
    {
        await _net.Netlink.SendAsync(RtmType.RTM_GETROUTE, NetlinkFlags.NLM_F_DUMP, message);
        var rows = new List<NetlinkMessage>();
        while (true)
        {
            NetlinkMessage row = await _net.Netlink.ReceiveAsync();
            if (row.Header.Type == NetlinkControlType.NLMSG_DONE)
                return (rows, row.ParseAck());
            rows.Add(row);
        }
    }

    private async Task ReadyAsync()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
    }
}
