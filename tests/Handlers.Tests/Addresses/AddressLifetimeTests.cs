using static SmallRtnl.Handlers.Tests.Addresses.IpClient;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Handlers.Tests.Addresses;

public sealed class AddressLifetimeTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly IpTestHost _host;
    private readonly IpClient _net;

    public AddressLifetimeTests()
    {
        _host = new IpTestHost(time: _time);
        _net = _host.CreateNet("a");
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task An_IPv4_address_is_deprecated_and_then_removed_with_its_routes()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d valid 100 preferred 50");
        _net.Listen();
        await AdvanceAsync(49);
        Assert.Equal("", _net.Heard());
        Assert.Equal("10.0.0.1/24 dev d valid 51 preferred 1", await _net.AddressesAsync());
        await AdvanceAsync(1);
        Assert.Equal("new 10.0.0.1/24 dev d deprecated valid 50 preferred 0", _net.Heard());
        await AdvanceAsync(49);
        Assert.Equal("", _net.Heard());
        await AdvanceAsync(1);
        Assert.Equal(
            Lines(
                "del 10.0.0.1/24 dev d deprecated valid 0 preferred 0", "del 10.0.0.0/24 dev d src 10.0.0.1", "del broadcast 10.0.0.255/32 dev d src 10.0.0.1",
                "del local 10.0.0.1/32 dev d src 10.0.0.1"),
            _net.Heard());
        Assert.Equal("", await _net.AddressesAsync() + await _net.RoutesAsync());
        Assert.Equal(0, _time.Waiting);
    }

    [Fact]
    public async Task An_IPv6_address_is_deprecated_and_then_removed_and_its_prefix_route_expires()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d valid 100 preferred 50");
        _net.Listen();
        await AdvanceAsync(50);
        Assert.Equal("new 2001:db8::1/64 dev d deprecated valid 50 preferred 0", _net.Heard());
        Assert.Contains("2001:db8::/64 dev d metric 256 expires 50", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        await AdvanceAsync(50);
        Assert.Equal(
            Lines("del 2001:db8::1/64 dev d deprecated valid 0 preferred 0", "del local 2001:db8::1/128 dev d", "del 2001:db8::/64 dev d metric 256"),
            _net.Heard());
        Assert.DoesNotContain("2001:", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        Assert.Equal(0, _time.Waiting);
    }

    [Fact]
    public async Task An_address_whose_preferred_lifetime_is_its_valid_one_goes_without_being_deprecated()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/32 dev d valid 10 preferred 10");
        _net.Listen();
        await AdvanceAsync(10);
        Assert.Equal("del 10.0.0.1/32 dev d deprecated valid 0 preferred 0\ndel local 10.0.0.1/32 dev d src 10.0.0.1", _net.Heard());
    }

    [Fact]
    public async Task A_primary_and_its_secondaries_that_end_together_are_each_said_to_go_once()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d valid 10 preferred 5", "addr add 10.0.0.2/24 dev d valid 10 preferred 5");
        _net.Listen();
        await AdvanceAsync(10);
        Assert.Equal(2, _net.Heard().Split('\n').Count(line => line.StartsWith("del 10.0.0.", StringComparison.Ordinal) && line.Contains("valid", StringComparison.Ordinal)));
        Assert.Equal("", await _net.AddressesAsync() + await _net.RoutesAsync());
    }

    [Fact]
    public async Task A_secondary_that_goes_with_its_primary_is_not_deprecated_any_more()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync(
            "addr add 10.0.0.1/24 dev d valid 10 preferred 5", "addr add 10.0.0.2/24 dev d valid 100 preferred 10", "addr add 10.1.0.1/24 dev d valid 20 preferred 20");
        await AdvanceAsync(10);
        Assert.Equal("10.1.0.1/24 dev d valid 10 preferred 10", await _net.AddressesAsync());
        await AdvanceAsync(10);
        Assert.Equal("", await _net.AddressesAsync());
        Assert.Equal(0, _time.Waiting);
    }

    [Fact]
    public async Task A_replaced_lifetime_counts_from_then_longer_or_shorter()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d valid 100 preferred 50", "addr add 2001:db8::1/64 dev d valid 100 preferred 50");
        await AdvanceAsync(40);
        await _net.DoAsync("addr replace 10.0.0.1/24 dev d valid 1000 preferred 500", "addr replace 2001:db8::1/64 dev d valid 1000 preferred 500");
        await AdvanceAsync(100);
        Assert.Equal("10.0.0.1/24 dev d valid 900 preferred 400", await _net.AddressesAsync());
        Assert.Contains("2001:db8::1/64 dev d valid 900 preferred 400", await _net.AddressesAsync(AF_INET6), StringComparison.Ordinal);
        Assert.Contains("2001:db8::/64 dev d metric 256 expires 900", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        await _net.DoAsync("addr replace 10.0.0.1/24 dev d valid 5 preferred 5", "addr replace 2001:db8::1/64 dev d valid 5 preferred 5");
        await AdvanceAsync(5);
        Assert.Equal("", await _net.AddressesAsync());
        Assert.DoesNotContain("2001:", await _net.AddressesAsync(AF_INET6) + await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lifetime_replaced_by_forever_lets_address_and_prefix_route_stay()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d valid 100 preferred 50", "addr add 2001:db8::1/64 dev d valid 100 preferred 50");
        await AdvanceAsync(60);
        await _net.DoAsync("addr replace 10.0.0.1/24 dev d", "addr replace 2001:db8::1/64 dev d");
        await AdvanceAsync(1000);
        Assert.Equal("10.0.0.1/24 dev d", await _net.AddressesAsync());
        Assert.Contains("2001:db8::1/64 dev d\n", await _net.AddressesAsync(AF_INET6), StringComparison.Ordinal);
        Assert.Contains("2001:db8::/64 dev d metric 256\n", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        Assert.Equal(0, _time.Waiting);
    }

    [Fact]
    public async Task A_permanent_address_keeps_the_prefix_route_that_one_of_limited_life_brought()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 2001:db8::1/64 dev d valid 100 preferred 50", "addr add 2001:db8::2/64 dev d");
        Assert.Contains("2001:db8::/64 dev d metric 256\n", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        await AdvanceAsync(100);
        Assert.StartsWith("2001:db8::2/64 dev d\n", await _net.AddressesAsync(AF_INET6), StringComparison.Ordinal);
        Assert.Contains("2001:db8::/64 dev d metric 256\n", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_permanent_address_leaves_the_prefix_route_to_the_one_that_lives_longest()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync(
            "addr add 2001:db8::1/64 dev d", "addr add 2001:db8::2/64 dev d valid 100 preferred 50", "addr add 2001:db8::3/64 dev d valid 200 preferred 50",
            "addr del 2001:db8::1/64 dev d");
        Assert.Contains("2001:db8::/64 dev d metric 256 expires 200\n", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        await AdvanceAsync(200);
        Assert.DoesNotContain("2001:", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preferred_lifetime_of_0_is_deprecated_from_the_start_and_IPv4_shows_none_where_the_valid_one_is_forever()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d preferred 0", "addr add 10.1.0.1/24 dev d preferred 10", "addr add 2001:db8::1/64 dev d preferred 0", "addr add 2001:db8::2/64 dev d preferred 10");
        await AdvanceAsync(20);
        Assert.Equal("10.0.0.1/24 dev d deprecated\n10.1.0.1/24 dev d", await _net.AddressesAsync());
        Assert.StartsWith(
            "2001:db8::2/64 dev d deprecated valid forever preferred 0\n2001:db8::1/64 dev d deprecated valid forever preferred 0\n",
            await _net.AddressesAsync(AF_INET6),
            StringComparison.Ordinal);
        Assert.Equal(0, _time.Waiting);
    }

    [Fact]
    public async Task A_lifetime_longer_than_any_timer_ends_in_its_time()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d valid 10000000 preferred 9000000", "addr add 10.1.0.1/24 dev d valid 4294967294 preferred 4294967294", "route add 2001:db8::/48 dev d expires 4294967294");
        _host.AssertNoErrors();
        await AdvanceAsync(9_999_999);
        Assert.Equal("10.0.0.1/24 dev d deprecated valid 1 preferred 0", (await _net.AddressesAsync()).Split('\n')[0]);
        await AdvanceAsync(1);
        Assert.StartsWith("10.1.0.1/24", await _net.AddressesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stamps_tell_when_an_address_was_made_and_changed()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        await AdvanceAsync(7);
        await _net.DoAsync("addr replace 10.0.0.1/24 dev d");
        var all = await _net.Netlink.DumpAsync(RtmType.RTM_GETADDR, new SmallRtnl.Addresses.AddressMessage { Header = new(AF_INET, 0, 0, 0, 0) });
        Assert.Equal((100_000u, 100_700u), (all[0].CacheInfo!.Value.Created, all[0].CacheInfo!.Value.Updated));
    }

    [Fact]
    public async Task Each_namespace_has_a_timer_of_its_own_and_only_while_something_ends()
    {
        IpClient other = _host.CreateNet("b");
        await _net.AddLinkAsync("d");
        await other.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d valid 10 preferred 10", "addr add 10.1.0.1/24 dev d valid 5 preferred 5");
        await other.DoAsync("addr add 10.0.0.1/24 dev d valid 20 preferred 20");
        Assert.Equal(2, _time.Waiting);
        await AdvanceAsync(10);
        Assert.Equal("", await _net.AddressesAsync());
        Assert.Equal("10.0.0.1/24 dev d valid 10 preferred 10", await other.AddressesAsync());
        Assert.Equal(1, _time.Waiting);
    }

    [Fact]
    public async Task A_namespace_deleted_meanwhile_is_forgotten_with_its_timer()
    {
        IpClient doomed = _host.CreateNet("b");
        await doomed.AddLinkAsync("d");
        await doomed.DoAsync("addr add 10.0.0.1/24 dev d valid 10 preferred 10", "addr add 2001:db8::1/64 dev d valid 10 preferred 10");
        Assert.Equal(1, _time.Waiting);
        doomed.Dispose();
        _host.Registry.TryDelete("b");
        await _host.FlushAsync();
        Assert.Equal(0, _time.Waiting);
        await AdvanceAsync(100);
        _host.AssertNoErrors();
    }

    [Fact]
    public async Task An_address_deleted_or_a_link_down_before_its_time_ends_nothing_later()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d valid 10 preferred 10", "addr add 2001:db8::1/64 dev d valid 10 preferred 10", "addr del 10.0.0.1/24 dev d");
        await _net.Links.SetDownAsync("d");
        await _net.DoAsync("addr add 10.0.0.1/24 dev d");
        _net.Listen();
        await AdvanceAsync(100);
        Assert.Equal("", _net.Heard());
        Assert.Equal("10.0.0.1/24 dev d", await _net.AddressesAsync());
    }

    [Fact]
    public async Task An_IPv6_route_expires_and_one_replaced_without_end_does_not()
    {
        await _net.AddLinkAsync("d");
        await _net.DoAsync("route add 2001:db8:1::/48 dev d expires 10", "route add 2001:db8:2::/48 dev d expires 20", "route add 2001:db8:3::/48 dev d expires 4294967295");
        await _net.DoAsync("route replace 2001:db8:2::/48 dev d");
        _net.Listen();
        await AdvanceAsync(9);
        Assert.Contains("2001:db8:1::/48 dev d expires 1\n2001:db8:2::/48 dev d\n2001:db8:3::/48 dev d\n", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        await AdvanceAsync(100);
        Assert.Equal("del 2001:db8:1::/48 dev d", _net.Heard());
        Assert.StartsWith("2001:db8:2::/48 dev d\n2001:db8:3::/48 dev d\n", await _net.RoutesAsync(AF_INET6), StringComparison.Ordinal);
        Assert.Equal(0, _time.Waiting);
    }

    private Task AdvanceAsync(int seconds) => _time.AdvanceAsync(TimeSpan.FromSeconds(seconds), _host.FlushAsync);
}
