using System.Globalization;
using SmallRtnl.Addresses;
using SmallRtnl.Routes;

namespace SmallRtnl.Handlers.Tests.Addresses;

public sealed class AddressChurnTests
{
    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public async Task While_eight_churn_addresses_routes_and_links_no_reader_sees_an_address_without_its_local_route(RtnlMode mode)
    {
        const int Nets = 8, Operations = 200;
        using var host = new IpTestHost(mode);
        var nets = new List<Net>();
        for (int i = 0; i < Nets; i++)
        {
            IpClient net = host.CreateNet(i.ToString(CultureInfo.InvariantCulture));
            await net.AddLinkAsync("d");
            await net.AddLinkAsync("e");
            nets.Add(net.Net);
        }
        using var done = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(reader => Task.Run(() => ReadAsync(host, nets, reader, done.Token)))];
        await Task.WhenAll(Enumerable.Range(0, Nets).Select(churner => Task.Run(() => ChurnAsync(host, nets, churner, Operations))));
        await done.CancelAsync();
        int[] seen = await Task.WhenAll(readers);
        Assert.All(seen, addresses => Assert.True(addresses > 0));
        host.AssertNoErrors();
    }

    private static async Task ChurnAsync(IpTestHost host, List<Net> nets, int seed, int operations)
    {
        var random = new Random(seed);
        IpClient[] clients = [.. nets.Select(net => host.Open(net))];
        for (int i = 0; i < operations; i++)
        {
            IpClient net = clients[random.Next(3) == 0 ? random.Next(nets.Count) : seed];
            string dev = random.Next(2) == 0 ? "d" : "e";
            int host4 = random.Next(1, 6), network = random.Next(2);
            // Refusals are part of it: others have been here before.
            _ = random.Next(8) switch
            {
                0 or 1 => await net.AddressAsync($"add 10.0.{network}.{host4}/24 dev {dev}"),
                2 => await net.AddressAsync($"del 10.0.{network}.{host4}/24 dev {dev}"),
                3 => await net.AddressAsync($"add 2001:db8:{network}::{host4}/64 dev {dev} valid 1000 preferred 500"),
                4 => await net.AddressAsync($"del 2001:db8:{network}::{host4}/64 dev {dev}"),
                5 => await net.RouteAsync($"append 192.0.{host4}.0/24 via 10.0.{network}.9 src 10.0.{network}.{host4}"),
                6 => await net.RouteAsync($"replace 2001:db8:9{host4}::/48 dev {dev}"),
                _ => await (random.Next(2) == 0 ? net.Links.SetUpAsync(dev) : net.Links.SetDownAsync(dev)),
            };
        }
    }

    private static async Task<int> ReadAsync(IpTestHost host, List<Net> nets, int reader, CancellationToken done)
    {
        IpClient[] clients = [.. nets.Select(net => host.Open(net, isPrivileged: false))];
        int addresses = 0;
        for (int i = reader; !done.IsCancellationRequested || addresses == 0; i++)
        {
            IpClient net = clients[i % clients.Length];
            foreach (ProtocolFamily family in new[] { ProtocolFamily.AF_INET, ProtocolFamily.AF_INET6 })
            {
                addresses += AssertWhole(net.Net.Snapshot, family);
                await net.RoutesAsync(family);
                await net.AddressesAsync(family);
            }
        }
        return addresses;
    }

    /// <summary>Each address has its local route over its link, and each local route its address.</summary>
    private static int AssertWhole(NetSnapshot snapshot, ProtocolFamily family)
    {
        var owned = new HashSet<(int Index, InetAddress Local)>();
        foreach (KeyValuePair<int, System.Collections.Immutable.ImmutableArray<InterfaceAddress>> entry in snapshot.Get<AddressTable>().All(family))
            owned.UnionWith(entry.Value.Select(address => (entry.Key, address.Local)));
        IEnumerable<Route> local = snapshot.Get<RouteTable>().Get(family, RouteTableId.Local).All.Where(route => route.Type == RouteType.RTN_LOCAL);
        HashSet<(int Index, InetAddress Local)> routed = [.. local.Select(route => (route.OutputIndex, route.Destination.Address))];
        if (!owned.SetEquals(routed))
            throw new InvalidOperationException($"Torn: {string.Join(", ", owned.Except(routed))} without a route, {string.Join(", ", routed.Except(owned))} without an address.");
        return owned.Count;
    }
}
