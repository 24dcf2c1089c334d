using System.Numerics;

namespace SmallRtnl.Routes;

/// <summary>A network: an address whose host bits are 0, and a length in bits.</summary>
public readonly record struct Prefix(InetAddress Address, byte Length)
{
    /// <summary>The network of <paramref name="address"/>, its host bits cut off.</summary>
    public static Prefix Of(InetAddress address, byte length) => new(address.Mask(length), length);

    /// <summary>A host's own prefix.</summary>
    public static Prefix Host(InetAddress address) => new(address, (byte)address.BitLength);

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(InetAddress address) => Address.InSameNetwork(address, Length);

    /// <summary>The order of the kernel's IPv4 table: by address, and of the same address the longer one first.</summary>
    public static int CompareInet(Prefix left, Prefix right)
    {
        int byAddress = left.Address.Value.CompareTo(right.Address.Value);
        return byAddress != 0 ? byAddress : right.Length.CompareTo(left.Length);
    }

    /// <summary>The order of the kernel's IPv6 tree walk: by the first bit that differs; a prefix comes after what it contains.</summary>
    public static int CompareInet6(Prefix left, Prefix right)
    {
        UInt128 differing = left.Address.Value ^ right.Address.Value;
        int common = Math.Min(left.Length, right.Length);
        int first = differing == UInt128.Zero ? 128 : (int)UInt128.LeadingZeroCount(differing);
        return first < common ? left.Address.Value.CompareTo(right.Address.Value) : right.Length.CompareTo(left.Length);
    }
}
