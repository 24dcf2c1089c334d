using CsCheck;
using SmallRtnl.Addresses;
using SmallRtnl.Routes;

namespace SmallRtnl.Handlers.Tests.Addresses;

/// <summary>Whatever is done to addresses and links, the IPv4 routes are those that follow from how things stand, and no others.</summary>
public sealed class ImpliedRouteProperties
{
    private static readonly Gen<string> s_address = Gen.Select(
        Gen.OneOf("10.0.0.1", "10.0.0.2", "10.0.0.129", "10.0.0.200", "10.0.1.1", "0.0.0.5"),
        Gen.OneOf(8, 16, 24, 25, 31, 32),
        Gen.Frequency((4, Gen.Const("")), (1, Gen.OneOf(" peer 10.0.0.9/32", " peer 10.0.0.7/24", " peer 10.0.1.0/25"))),
        (local, length, peer) => $"{local}/{length}{peer}");

    private static readonly Gen<string> s_dev = Gen.OneOf(" dev d", " dev e");

    private static readonly Gen<string> s_attributes = Gen.Select(
        Gen.Frequency((3, Gen.Const("")), (1, Gen.OneOf(" brd 10.0.0.255", " brd 10.0.0.127", " brd 255.255.255.255"))),
        Gen.Frequency((4, Gen.Const("")), (1, Gen.Const(" noprefixroute"))),
        Gen.Frequency((3, Gen.Const("")), (1, Gen.OneOf(" metric 5", " metric 9"))),
        (broadcast, flags, metric) => broadcast + flags + metric);

    private static readonly Gen<string> s_operation = Gen.Frequency(
        (6, Gen.Select(s_address, s_dev, s_attributes, (address, dev, attributes) => $"add {address}{dev}{attributes}")),
        (4, Gen.Select(s_address, s_dev, (address, dev) => $"del {address}{dev}")),
        (3, Gen.Int[0, 9].Select(which => $"del #{which}")),
        (2, Gen.Select(s_address, s_dev, s_attributes, (address, dev, attributes) => $"change {address}{dev}{attributes}")),
        (1, s_dev.Select(dev => "up" + dev)),
        (1, s_dev.Select(dev => "down" + dev)));

    [Fact]
    public async Task Implied_routes_are_exactly_those_that_follow_from_the_addresses_and_the_states_of_the_links()
    {
        using var host = new IpTestHost();
        int number = 0;
        await s_operation.List[1, 25].SampleAsync(
            async operations =>
            {
                string name = $"n{Interlocked.Increment(ref number)}";
                using IpClient net = host.CreateNet(name);
                await net.AddLinkAsync("d");
                await net.AddLinkAsync("e", up: false);
                foreach (string operation in operations)
                {
                    await ApplyAsync(net, operation);
                    string[] expected = [.. (await ExpectedAsync(net)).Order(StringComparer.Ordinal)];
                    string[] actual = [.. (await net.RoutesAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
                    if (!expected.SequenceEqual(actual))
                        throw new InvalidOperationException($"After '{operation}': {string.Join("; ", actual)} instead of {string.Join("; ", expected)}");
                }
                host.Registry.TryDelete(name);
            },
            iter: 300,
            print: operations => string.Join("; ", operations));
    }

    private static async Task ApplyAsync(IpClient net, string operation)
    {
        string[] words = operation.Split(' ');
        if (words[0] == "up")
            await net.Links.SetUpAsync(words[^1]);
        else if (words[0] == "down")
            await net.Links.SetDownAsync(words[^1]);
        else if (words[1][0] != '#')
            await net.AddressAsync(operation);
        else if ((await AllAsync(net)) is { Count: > 0 } all)
            Assert.True((await net.Netlink.RequestAsync(RtmType.RTM_DELADDR, NetlinkFlags.None, all[words[1][1] % all.Count])).IsOk);
    }

    private static Task<List<AddressMessage>> AllAsync(IpClient net) =>
        net.Netlink.DumpAsync(RtmType.RTM_GETADDR, new AddressMessage { Header = new IfAddrMsg(ProtocolFamily.AF_INET, 0, 0, 0, 0) });

    /// <summary>By masks and numbers, apart from what the handlers use.</summary>
    private static async Task<HashSet<string>> ExpectedAsync(IpClient net)
    {
        var expected = new HashSet<string>();
        List<AddressMessage> all = await AllAsync(net);
        foreach (string dev in new[] { "d", "e" })
        {
            int index = net.IndexOf(dev);
            bool isUp = net.Net.Snapshot.Get<SmallRtnl.Links.LinkTable>().TryFind(index, out SmallRtnl.Links.Link? link) && link.IsUp;
            List<AddressMessage> here = all.FindAll(address => address.Header.Index == index);
            foreach (AddressMessage address in here)
            {
                uint local = Number(address.Local!.Value), mask = Mask(address.Header.PrefixLength), network = Number(address.Address!.Value) & mask;
                bool isSecondary = (address.Flags & AddressFlags.IFA_F_SECONDARY) != 0;
                AddressMessage primary = isSecondary
                    ? Assert.Single(here, other => (other.Flags & AddressFlags.IFA_F_SECONDARY) == 0 && other.Header.PrefixLength == address.Header.PrefixLength && (Number(other.Address!.Value) & mask) == network)
                    : address;
                string way = $"dev {dev} src {primary.Local}";
                expected.Add($"local {address.Local}/32 {way}");
                if (!isUp)
                    continue;
                if (address.Broadcast is { } broadcast && Number(broadcast) != uint.MaxValue)
                    expected.Add($"broadcast {broadcast}/32 {way}");
                if (isSecondary || network >> 24 == 0 || (network == local && address.Header.PrefixLength == 32))
                    continue;
                if ((address.Flags & AddressFlags.IFA_F_NOPREFIXROUTE) == 0)
                    expected.Add($"{InetAddress.FromIPv4(network)}/{address.Header.PrefixLength} {way}" + (address.RoutePriority is { } metric ? $" metric {metric}" : ""));
                if (address.Header.PrefixLength < 31)
                    expected.Add($"broadcast {InetAddress.FromIPv4(network | ~mask)}/32 {way}");
            }
        }
        return expected;
    }

    private static uint Number(InetAddress address) => (uint)address.Value;

    private static uint Mask(byte length) => length == 0 ? 0 : uint.MaxValue << (32 - length);
}
