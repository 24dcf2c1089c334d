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
}
