using System.Numerics;

namespace SmallRtnl.Routes;

/// <summary>A prefix as a routing table searches for it: the family goes without saying there.</summary>
/// <param name="Bits">The network's address.</param>
/// <param name="Length">Bits.</param>
internal readonly record struct FibKey(AddressBits Bits, byte Length)
{
    /// <summary>Bits.</summary>
    public static FibKey Of(Prefix prefix) => new(AddressBits.Of(prefix.Address), prefix.Length);

    /// <summary>The first bits of an address, the others 0.</summary>
    public static FibKey Cut(AddressBits bits, byte length, bool isInet6)
    {
        // As in IPv4, where the address is the low word's low half.
        int kept = isInet6 ? length : length + 96;
        return new FibKey(
            kept >= 64
                ? new AddressBits(bits.High, kept == 64 ? 0 : bits.Low & (ulong.MaxValue << (128 - kept)))
                : new AddressBits(kept == 0 ? 0 : bits.High & (ulong.MaxValue << (64 - kept)), 0),
            length);
    }

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(AddressBits address, bool isInet6)
    {
        int compared = isInet6 ? Length : Length + 96;
        if (compared > 64)
            return address.High == Bits.High && (address.Low ^ Bits.Low) >> (128 - compared) == 0;
        return compared == 0 || (address.High ^ Bits.High) >> (64 - compared) == 0;
    }

    /// <summary>One half of it: the prefix that is a bit longer.</summary>
    public FibKey Branch(bool isRight, bool isInet6)
    {
        if (!isRight)
            return new FibKey(Bits, (byte)(Length + 1));
        int bit = isInet6 ? Length : Length + 96;
        return new FibKey(
            bit < 64 ? Bits with { High = Bits.High | (1UL << (63 - bit)) } : Bits with { Low = Bits.Low | (1UL << (127 - bit)) },
            (byte)(Length + 1));
    }

    /// <summary>The first bit in which two addresses differ; 128 for none.</summary>
    public int FirstDifference(FibKey other)
    {
        ulong high = Bits.High ^ other.Bits.High;
        return high != 0 ? BitOperations.LeadingZeroCount(high) : 64 + BitOperations.LeadingZeroCount(Bits.Low ^ other.Bits.Low);
    }
}

/// <summary>The order of the kernel's IPv4 table: by address, and of the same address the longer one first.</summary>
internal readonly struct InetRouteOrder : IKeyOrder<Route, FibKey>
{
    public static int Compare(Route item, in FibKey key)
    {
        FibKey own = item.Key;
        int byAddress = own.Bits.Low.CompareTo(key.Bits.Low);
        return byAddress != 0 ? byAddress : key.Length - own.Length;
    }
}

/// <summary>The order of the kernel's IPv6 tree walk: by the first bit that differs; a prefix comes after what it contains.</summary>
internal readonly struct Inet6RouteOrder : IKeyOrder<Route, FibKey>
{
    public static int Compare(Route item, in FibKey key)
    {
        FibKey own = item.Key;
        if (own.FirstDifference(key) >= Math.Min(own.Length, key.Length))
            return key.Length - own.Length;
        int byHigh = own.Bits.High.CompareTo(key.Bits.High);
        return byHigh != 0 ? byHigh : own.Bits.Low.CompareTo(key.Bits.Low);
    }
}
