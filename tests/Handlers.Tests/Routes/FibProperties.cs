using CsCheck;
using SmallRtnl.Routes;

namespace SmallRtnl.Handlers.Tests.Routes;

/// <summary>The table against a list of routes that is searched and sorted by hand.</summary>
public sealed class FibProperties
{
    // Few bits vary, so that prefixes nest, collide and share beginnings.
    private static readonly int[] s_bits = [0, 1, 2, 7, 8, 9, 15, 16, 23, 24, 30, 31];
    private static readonly int[] s_bits6 = [0, 1, 2, 15, 16, 31, 32, 63, 64, 65, 126, 127];

    [Fact]
    public void IPv4_finds_the_longest_prefix_and_dumps_by_address_the_longer_first() => Check(
        ProtocolFamily.AF_INET,
        s_bits,
        [0, 1, 2, 8, 9, 16, 24, 25, 31, 32],
        prefix => $"{prefix.Address.Value:x8} {32 - prefix.Length:d3}");

    [Fact]
    public void IPv6_finds_the_longest_prefix_and_dumps_the_tree_children_before_their_parent() => Check(
        ProtocolFamily.AF_INET6,
        s_bits6,
        [0, 1, 2, 3, 16, 32, 48, 64, 65, 127, 128],
        prefix => $"{prefix.Address.Value:b128}"[..prefix.Length] + "~");

    private static void Check(ProtocolFamily family, int[] bits, byte[] lengths, Func<Prefix, string> sortKey)
    {
        Gen<InetAddress> address = Gen.Int[0, (1 << bits.Length) - 1].Select(chosen => Address(family, bits, chosen));
        Gen<(bool Add, InetAddress Address, byte Length, int Which)> operation = Gen.Select(
            Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false))), address, Gen.OneOf(lengths), Gen.Int[0, 3]);
        Gen.Select(operation.List[0, 150], address.List[1, 20]).Sample((operations, wanted) =>
        {
            Fib fib = Fib.Empty(family, 254);
            var model = new List<Route>();
            foreach ((bool add, InetAddress where, byte length, int which) in operations)
            {
                Prefix prefix = Prefix.Of(where, length);
                if (add)
                {
                    var route = new Route { Destination = prefix, Table = 254, Type = RouteType.RTN_UNICAST, OutputIndex = which };
                    fib = fib.WithInserted(fib.Of(prefix).Count, route);
                    model.Add(route);
                }
                else if (model.FindIndex(route => route.Destination == prefix) is >= 0 and int at)
                {
                    fib = fib.WithRemoved(prefix, fib.Of(prefix).ToList().FindIndex(route => ReferenceEquals(route, model[at])));
                    model.RemoveAt(at);
                }
            }
            Assert.Equal(model.OrderBy(route => sortKey(route.Destination), StringComparer.Ordinal), fib.All);
            foreach (InetAddress one in wanted)
            {
                for (int only = -1; only <= 1; only++)
                {
                    var condition = new ByOutput(only);
                    Route? expected = model.Where(route => condition.Suits(route) && Contains(route.Destination, one)).MaxBy(route => route.Destination.Length);
                    Assert.Equal(expected is not null, fib.TryLookup(one, in condition, out Route? found));
                    Assert.Same(expected, found);
                }
            }
        }, iter: 700, threads: 1);
    }

    private static InetAddress Address(ProtocolFamily family, int[] bits, int chosen)
    {
        UInt128 value = UInt128.Zero;
        int width = family == ProtocolFamily.AF_INET6 ? 128 : 32;
        for (int i = 0; i < bits.Length; i++)
        {
            if ((chosen >> i & 1) != 0)
                value |= UInt128.One << (width - 1 - bits[i]);
        }
        return family == ProtocolFamily.AF_INET6 ? InetAddress.FromIPv6(value) : InetAddress.FromIPv4((uint)value);
    }

    /// <summary>A route that leaves by an interface; negative: any.</summary>
    private readonly struct ByOutput(int only) : IItemCondition<Route>
    {
        public bool Suits(Route item) => only < 0 || item.OutputIndex == only;
    }

    /// <summary>Bit by bit.</summary>
    private static bool Contains(Prefix prefix, InetAddress address)
    {
        for (int bit = 0; bit < prefix.Length; bit++)
        {
            int shift = address.BitLength - 1 - bit;
            if ((prefix.Address.Value >> shift & 1) != (address.Value >> shift & 1))
                return false;
        }
        return true;
    }
}
