using SmallRtnl.Addresses;
using SmallRtnl.Links;
using SmallRtnl.Routes;
using static SmallRtnl.Handlers.Tests.Addresses.IpClient;

namespace SmallRtnl.Handlers.Tests.Addresses;

public sealed class InetAddressTests : OneNetTests
{
    [Fact]
    public async Task An_address_implies_a_local_a_connected_and_a_broadcast_route()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        Assert.Equal("10.0.0.1/24 dev d", await _net.AddressesAsync());
        Assert.Equal(
            Lines("10.0.0.0/24 dev d src 10.0.0.1", "local 10.0.0.1/32 dev d src 10.0.0.1", "broadcast 10.0.0.255/32 dev d src 10.0.0.1"),
            await _net.RoutesAsync());
        await _net.DoAsync("addr del 10.0.0.1/24 dev d");
        Assert.Equal("", await _net.RoutesAsync());
        Assert.Equal("", await _net.AddressesAsync());
    }

    [Theory]
    [InlineData("10.0.0.1/32 dev d", "local 10.0.0.1/32 dev d src 10.0.0.1")]
    [InlineData("10.0.0.0/31 dev d", "10.0.0.0/31 dev d src 10.0.0.0\nlocal 10.0.0.0/32 dev d src 10.0.0.0")]
    [InlineData("10.0.0.1/24 dev d noprefixroute", "local 10.0.0.1/32 dev d src 10.0.0.1\nbroadcast 10.0.0.255/32 dev d src 10.0.0.1")]
    [InlineData("10.0.0.1/24 dev d brd 10.0.0.9", "10.0.0.0/24 dev d src 10.0.0.1\nlocal 10.0.0.1/32 dev d src 10.0.0.1\nbroadcast 10.0.0.9/32 dev d src 10.0.0.1\nbroadcast 10.0.0.255/32 dev d src 10.0.0.1")]
    [InlineData("10.0.0.1/24 dev d metric 7", "10.0.0.0/24 dev d src 10.0.0.1 metric 7\nlocal 10.0.0.1/32 dev d src 10.0.0.1\nbroadcast 10.0.0.255/32 dev d src 10.0.0.1")]
    [InlineData("10.0.0.1/24 peer 10.9.0.2/32 dev d", "10.9.0.2/32 dev d src 10.0.0.1\nlocal 10.0.0.1/32 dev d src 10.0.0.1")]
    [InlineData("0.1.2.3/24 dev d", "local 0.1.2.3/32 dev d src 0.1.2.3")]
    [InlineData("0.0.0.0/24 dev d", "")]
    public async Task What_is_implied_depends_on_the_address(string address, string routes)
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync($"addr add {address}");
        Assert.Equal(routes, await _net.RoutesAsync());
        if (routes.Length > 0)
            await _net.DoAsync($"addr del {address}");
        Assert.Equal("", await _net.RoutesAsync());
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    public async Task A_broadcast_address_of_all_zeros_or_all_ones_makes_no_route(string broadcast)
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync($"addr add 10.0.0.1/32 dev d brd {broadcast}");
        Assert.Equal("local 10.0.0.1/32 dev d src 10.0.0.1", await _net.RoutesAsync());
        Assert.Equal(broadcast == "0.0.0.0" ? "10.0.0.1/32 dev d" : "10.0.0.1/32 brd 255.255.255.255 dev d", await _net.AddressesAsync());
    }

    [Fact]
    public async Task On_a_link_that_is_down_there_is_the_local_route_only_and_up_brings_the_others()
    {
        await _net.AddLinkAsync("d", up: false);
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        Assert.Equal("local 10.0.0.1/32 dev d src 10.0.0.1", await _net.RoutesAsync());
        await _net.Links.SetUpAsync("d");
        Assert.Equal("10.0.0.0/24 dev d src 10.0.0.1\nlocal 10.0.0.1/32 dev d src 10.0.0.1\nbroadcast 10.0.0.255/32 dev d src 10.0.0.1", await _net.RoutesAsync());
        _net.Listen();
        await _net.DoAsync("route add 192.0.2.0/24 dev d");
        await _net.Links.SetDownAsync("d");
        Assert.Equal("local 10.0.0.1/32 dev d src 10.0.0.1", await _net.RoutesAsync());
        Assert.DoesNotContain("del 10.0.0.0", _net.Heard(), StringComparison.Ordinal);
        await _net.DoAsync("addr del 10.0.0.1/24 dev d");
        Assert.Equal("", await _net.RoutesAsync());
    }

    [Fact]
    public async Task The_second_of_a_network_is_a_secondary_whose_routes_prefer_the_primary()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.2/24 dev d", "addr add 10.0.1.1/24 dev d", "addr add 10.0.0.3/25 dev d");
        Assert.Equal(
            Lines("10.0.0.1/24 dev d", "10.0.1.1/24 dev d", "10.0.0.3/25 dev d", "10.0.0.2/24 dev d secondary"),
            await _net.AddressesAsync());
        Assert.Contains("local 10.0.0.2/32 dev d src 10.0.0.1", await _net.RoutesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_primary_takes_its_secondaries_along_and_they_are_said_to_go_first()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.2/24 dev d", "addr add 10.0.0.3/24 dev d", "addr add 10.1.0.1/24 dev d");
        _net.Listen();
        await _net.DoAsync("addr del 10.0.0.1/24 dev d");
        Assert.Equal(
            Lines(
                "del* 10.0.0.2/24 dev d secondary",
                "del local 10.0.0.2/32 dev d src 10.0.0.1",
                "del* 10.0.0.3/24 dev d secondary",
                "del local 10.0.0.3/32 dev d src 10.0.0.1",
                "del* 10.0.0.1/24 dev d",
                "del 10.0.0.0/24 dev d src 10.0.0.1",
                "del broadcast 10.0.0.255/32 dev d src 10.0.0.1",
                "del local 10.0.0.1/32 dev d src 10.0.0.1"),
            _net.Heard());
        Assert.Equal("10.1.0.1/24 dev d", await _net.AddressesAsync());
    }

    [Fact]
    public async Task A_secondary_leaves_its_primary_alone()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.2/24 dev d", "addr del 10.0.0.2/24 dev d");
        Assert.Equal("10.0.0.0/24 dev d src 10.0.0.1\nlocal 10.0.0.1/32 dev d src 10.0.0.1\nbroadcast 10.0.0.255/32 dev d src 10.0.0.1", await _net.RoutesAsync());
    }

    [Fact]
    public async Task Networks_that_share_a_broadcast_address_keep_a_route_each_and_lose_their_own()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.200/25 dev d", "addr del 10.0.0.1/24 dev d");
        Assert.Equal("10.0.0.128/25 dev d src 10.0.0.200\nlocal 10.0.0.200/32 dev d src 10.0.0.200\nbroadcast 10.0.0.255/32 dev d src 10.0.0.200", await _net.RoutesAsync());
    }

    [Fact]
    public async Task An_address_that_is_secondary_and_primary_of_two_networks_keeps_the_local_route_of_the_one_that_stays()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.5/24 dev d", "addr add 10.0.0.5/16 dev d", "addr del 10.0.0.5/24 dev d");
        Assert.Equal("local 10.0.0.1/32 dev d src 10.0.0.1\nlocal 10.0.0.5/32 dev d src 10.0.0.5", Lines((await _net.RoutesAsync()).Split('\n').Where(line => line.StartsWith("local", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task One_address_with_two_masks_has_one_local_route_until_the_last_goes()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.1/16 dev d", "addr del 10.0.0.1/24 dev d");
        Assert.Equal("10.0.0.0/16 dev d src 10.0.0.1\nlocal 10.0.0.1/32 dev d src 10.0.0.1\nbroadcast 10.0.255.255/32 dev d src 10.0.0.1", await _net.RoutesAsync());
    }

    [Fact]
    public async Task Primaries_are_dumped_by_scope_and_then_secondaries_as_they_came()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync(
            "addr add 10.0.0.1/24 dev d", "addr add 10.0.0.2/24 dev d", "addr add 10.1.0.1/24 dev d scope 253", "addr add 10.2.0.1/24 dev d scope 254",
            "addr add 10.3.0.1/24 dev d", "addr add 10.1.0.2/24 dev d scope 253", "addr add 10.4.0.1/24 dev d scope 253");
        Assert.Equal(
            Lines(
                "10.2.0.1/24 dev d scope 254", "10.1.0.1/24 dev d scope 253", "10.4.0.1/24 dev d scope 253", "10.0.0.1/24 dev d", "10.3.0.1/24 dev d",
                "10.0.0.2/24 dev d secondary", "10.1.0.2/24 dev d scope 253 secondary"),
            await _net.AddressesAsync());
        Assert.Equal(new NetlinkAck(Errno.EINVAL, "ipv4: Invalid scope value", 0), await _net.AddressAsync("add 10.3.0.2/24 dev d scope 253"));
    }

    [Fact]
    public async Task The_same_address_again_is_EEXIST_whatever_else_differs()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        var exists = new NetlinkAck(Errno.EEXIST, "ipv4: Address already assigned", 0);
        Assert.Equal(exists, await _net.AddressAsync("add 10.0.0.1/24 dev d"));
        Assert.Equal(exists, await _net.AddressAsync("add 10.0.0.1/24 dev d scope 254 label d:x metric 3"));
        (RtmType type, _, AddressMessage message) = _net.ParseAddress("add 10.0.0.1/24 dev d");
        Assert.Equal(exists, await _net.Netlink.RequestAsync(type, NetlinkFlags.NLM_F_CREATE, message));
        Assert.Equal(exists, await _net.Netlink.RequestAsync(type, NetlinkFlags.NLM_F_REPLACE | NetlinkFlags.NLM_F_EXCL, message));
    }

    [Fact]
    public async Task REPLACE_changes_lifetimes_metric_and_protocol_and_nothing_else()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d brd 10.0.0.255 label d:x", "addr replace 10.0.0.1/24 dev d brd 10.0.0.7 label d:y noprefixroute metric 9 valid 100 preferred 50");
        Assert.Equal("10.0.0.1/24 brd 10.0.0.255 dev d label d:x metric 9 valid 100 preferred 50", await _net.AddressesAsync());
        Assert.Equal("10.0.0.0/24 dev d src 10.0.0.1 metric 9", await _net.TableAsync(254));
        await _net.DoAsync("addr change 10.0.0.1/24 dev d");
        Assert.Equal("10.0.0.1/24 brd 10.0.0.255 dev d label d:x", await _net.AddressesAsync());
        Assert.Equal("10.0.0.0/24 dev d src 10.0.0.1", await _net.TableAsync(254));
        await _net.DoAsync("addr replace 10.0.0.2/24 dev d");
        Assert.Contains("10.0.0.2/24 dev d secondary", await _net.AddressesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_that_only_IPv6_knows_and_those_that_follow_from_lifetimes_are_not_taken_from_the_client()
    {
        await _net.AddLinkAsync("d");
        // SECONDARY NODAD OPTIMISTIC DADFAILED HOMEADDRESS DEPRECATED TENTATIVE PERMANENT, and NOPREFIXROUTE, which is taken.
        await _net.DoAsync("addr add 10.0.0.1/24 dev d flags 9ff");
        List<AddressMessage> all = await _net.Netlink.DumpAsync(RtmType.RTM_GETADDR, new AddressMessage { Header = new IfAddrMsg(ProtocolFamily.AF_INET, 0, 0, 0, 0) });
        Assert.Equal(AddressFlags.IFA_F_PERMANENT, Assert.Single(all).Flags);
        await _net.DoAsync("addr add 10.0.1.1/24 dev d flags 200");
        Assert.Contains("10.0.1.1/24 dev d noprefixroute", await _net.AddressesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletion_compares_what_it_is_given_and_takes_the_first_that_fits()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d label d:x", "addr add 10.1.0.1/16 dev d", "addr add 10.1.0.1/24 dev d");
        var missing = new NetlinkAck(Errno.EADDRNOTAVAIL, "ipv4: Address not found", 0);
        Assert.Equal(missing, await _net.AddressAsync("del 10.0.0.1/25 dev d"));
        Assert.Equal(missing, await _net.AddressAsync("del 10.0.0.1/24 dev d label d:y"));
        Assert.Equal(missing, await _net.AddressAsync("del 10.0.0.2/24 dev d"));
        Assert.Equal(new NetlinkAck(Errno.ENODEV, "ipv4: Device not found", 0), await _net.AddressAsync("del 10.0.0.1/24 dev nosuch"));
        var local = new AddressMessage { Header = new IfAddrMsg(ProtocolFamily.AF_INET, 0, 0, 0, (uint)_net.IndexOf("d")), Local = InetAddress.Parse("10.1.0.1") };
        Assert.True((await _net.Netlink.RequestAsync(RtmType.RTM_DELADDR, NetlinkFlags.None, local)).IsOk);
        Assert.Equal("10.0.0.1/24 dev d label d:x\n10.1.0.1/24 dev d", await _net.AddressesAsync());
        Assert.True((await _net.Netlink.RequestAsync(RtmType.RTM_DELADDR, NetlinkFlags.None, local with { Local = null, Label = new InterfaceName("d:x") })).IsOk);
        Assert.True((await _net.Netlink.RequestAsync(RtmType.RTM_DELADDR, NetlinkFlags.None, local with { Local = null })).IsOk);
        Assert.Equal("", await _net.AddressesAsync());
    }

    [Fact]
    public async Task Labels_follow_the_name_of_the_link_also_where_there_is_no_room()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.1.0.1/24 dev d", "addr add 10.2.0.1/24 dev d label d:sfx", "addr add 10.3.0.1/24 dev d label d:muchtoolongla");
        await _net.Links.SetAsync("d", new LinkMessage { Name = new InterfaceName("averylongname") });
        Assert.Equal(
            Lines(
                "10.0.0.1/24 dev averylongname", "10.1.0.1/24 dev averylongname label averylongname:2",
                "10.2.0.1/24 dev averylongname label averylongna:sfx", "10.3.0.1/24 dev averylongname label a:muchtoolongla"),
            await _net.AddressesAsync());
        await _net.Links.SetAsync("averylongname", new LinkMessage { Name = new InterfaceName("ääääääx") });
        Assert.Contains("10.1.0.1/24 dev ääääääx label ääääääx:2", await _net.AddressesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loopback_device_gets_its_address_at_the_first_up_and_keeps_it()
    {
        await _net.Links.SetUpAsync("lo");
        Assert.Equal("127.0.0.1/8 dev lo scope 254", await _net.AddressesAsync());
        const string Routes = "local 127.0.0.0/8 dev lo src 127.0.0.1\nlocal 127.0.0.1/32 dev lo src 127.0.0.1\nbroadcast 127.255.255.255/32 dev lo src 127.0.0.1";
        Assert.Equal(Routes, await _net.RoutesAsync());
        await _net.Links.SetDownAsync("lo");
        Assert.Equal("127.0.0.1/8 dev lo scope 254", await _net.AddressesAsync());
        await _net.Links.SetUpAsync("lo");
        Assert.Equal(Routes, await _net.RoutesAsync());
        await _net.Links.SetDownAsync("lo");
        await _net.DoAsync("addr del 127.0.0.1/8 dev lo", "addr add 10.0.0.1/32 dev lo");
        await _net.Links.SetUpAsync("lo");
        Assert.Equal("10.0.0.1/32 dev lo", await _net.AddressesAsync());
    }

    [Fact]
    public async Task Routes_that_prefer_an_address_go_with_it_unless_another_link_has_it_too()
    {
        await _net.AddLinkAsync("d");
        await _net.AddLinkAsync("e");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.1/32 dev e", "route add 192.0.2.0/24 dev e src 10.0.0.1", "addr del 10.0.0.1/24 dev d");
        Assert.Contains("192.0.2.0/24 dev e src 10.0.0.1", await _net.RoutesAsync(), StringComparison.Ordinal);
        await _net.DoAsync("addr add 10.9.0.1/24 dev e");
        _net.Listen();
        await _net.DoAsync("addr del 10.0.0.1/32 dev e");
        Assert.Equal("del* 10.0.0.1/32 dev e\ndel local 10.0.0.1/32 dev e src 10.0.0.1\ndel 192.0.2.0/24 dev e src 10.0.0.1", _net.Heard());
    }

    [Fact]
    public async Task The_last_address_of_a_link_takes_every_route_over_it_along_without_a_word()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "route add 192.0.2.0/24 dev d", "route add 198.51.100.0/24 dev d table 100");
        _net.Listen();
        await _net.DoAsync("addr del 10.0.0.1/24 dev d");
        Assert.Equal("", await _net.RoutesAsync());
        Assert.DoesNotContain("192.0.2.0", _net.Heard(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_link_leaves_no_address_and_no_route()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.2/24 dev d", "addr add 2001:db8::1/64 dev d", "route add 192.0.2.0/24 via 10.0.0.9");
        await _net.Links.DeleteAsync("d");
        foreach (ProtocolFamily family in new[] { ProtocolFamily.AF_INET, ProtocolFamily.AF_INET6 })
        {
            Assert.Equal("", await _net.AddressesAsync(family));
            Assert.Equal("", await _net.RoutesAsync(family));
        }
    }

    [Fact]
    public async Task A_link_that_moves_away_leaves_its_addresses_behind_nowhere()
    {
        IpClient other = _host.CreateNet("b");
        _net.Netlink.Socket.AddNetHandle(70, other.Net);
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 2001:db8::1/64 dev d");
        Assert.True((await _net.Links.SetAsync("d", new LinkMessage { NetNsFd = 70 })).IsOk);
        Assert.Equal("", await _net.AddressesAsync() + await _net.RoutesAsync() + await _net.AddressesAsync(ProtocolFamily.AF_INET6) + await _net.RoutesAsync(ProtocolFamily.AF_INET6));
        Assert.Equal("", await other.AddressesAsync() + await other.RoutesAsync());
        await other.DoAsync("addr add 10.0.0.1/24 dev d");
        Assert.Equal("local 10.0.0.1/32 dev d src 10.0.0.1", await other.RoutesAsync());
    }

    [Fact]
    public async Task An_MTU_too_small_for_IPv4_takes_it_off_the_link()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.0.0.2/24 dev d");
        await _net.Links.SetAsync("d", new LinkMessage { Mtu = 68 });
        Assert.Equal("10.0.0.1/24 dev d\n10.0.0.2/24 dev d secondary", await _net.AddressesAsync());
        await _net.Links.SetAsync("d", new LinkMessage { Mtu = 67 });
        Assert.Equal("", await _net.AddressesAsync() + await _net.RoutesAsync());
        Assert.Equal(Errno.ENOBUFS, (await _net.AddressAsync("add 10.0.0.1/24 dev d")).Errno);
        await _net.Links.SetAsync("d", new LinkMessage { Mtu = 1500 });
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        Assert.Equal("10.0.0.1/24 dev d", await _net.AddressesAsync());
    }

    [Fact]
    public async Task A_dump_of_one_interface_is_marked_filtered_and_only_a_strict_client_gets_it()
    {
        await _net.AddLinkAsync("d");
        await _net.AddLinkAsync("e");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 10.1.0.1/24 dev e");
        var wanted = new AddressMessage { Header = new IfAddrMsg(ProtocolFamily.AF_INET, 0, 0, 0, (uint)_net.IndexOf("e")) };
        Assert.Equal("10.1.0.1/24 dev e", Lines((await _net.Netlink.DumpAsync(RtmType.RTM_GETADDR, wanted)).ConvertAll(_net.Describe)));
        await _net.Netlink.SendAsync(RtmType.RTM_GETADDR, NetlinkFlags.NLM_F_DUMP, wanted);
        Assert.Equal(NetlinkFlags.NLM_F_MULTI | NetlinkFlags.NLM_F_DUMP_FILTERED, (await _net.Netlink.ReceiveAsync()).Header.Flags);
        Assert.Equal(NetlinkFlags.NLM_F_MULTI | NetlinkFlags.NLM_F_DUMP_FILTERED, (await _net.Netlink.ReceiveAsync()).Header.Flags);
        _net.Netlink.Socket.SetOption(NetlinkSocketOption.NETLINK_GET_STRICT_CHK, 0);
        Assert.Equal("10.0.0.1/24 dev d\n10.1.0.1/24 dev e", Lines((await _net.Netlink.DumpAsync(RtmType.RTM_GETADDR, wanted)).ConvertAll(_net.Describe)));
    }

    [Fact]
    public async Task Unprivileged_clients_may_look_and_not_touch()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d", "addr add 2001:db8::1/64 dev d");
        IpClient guest = _host.Open(_net.Net, isPrivileged: false);
        var refused = new NetlinkAck(Errno.EPERM, null, 0);
        foreach (string words in new[] { "add 10.0.0.2/24 dev d", "del 10.0.0.1/24 dev d", "add 2001:db8::2/64 dev d", "del 2001:db8::1/64 dev d" })
            Assert.Equal(refused, await guest.AddressAsync(words));
        foreach (string words in new[] { "add 192.0.2.0/24 dev d", "del 10.0.0.0/24", "add 2001:db8:1::/48 dev d", "del 2001:db8::/64" })
            Assert.Equal(refused, await guest.RouteAsync(words));
        Assert.Equal(await _net.RoutesAsync(), await guest.RoutesAsync());
        Assert.Equal(await _net.AddressesAsync(ProtocolFamily.AF_INET6), await guest.AddressesAsync(ProtocolFamily.AF_INET6));
        Assert.Equal("10.0.0.9/32 dev d src 10.0.0.1", await guest.WayAsync("10.0.0.9"));
    }
}
