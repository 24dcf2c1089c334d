using System.Runtime.InteropServices;

namespace SmallRtnl.Links;

/// <summary>IFLA_INET6_CONF: the link's IPv6 sysctls, 60 of them, by <c>DEVCONF_*</c>. Here the defaults, but for what follows from the link.</summary>
public readonly struct Inet6DeviceConf : INetlinkValue<Inet6DeviceConf>, IEquatable<Inet6DeviceConf>
{
    private const int Mtu6 = 2;
    private const int UseTempAddress = 10;
    private const int AcceptDad = 27;
    private const int AddressGenerationMode = 47;

    private static readonly int[] s_defaults =
    [
        0, 64, 0, 1, 1, 1, 0, -1, 4000, 1000, 0, 604800, 86400, 3, 600, 16, 0, 1, 1, 1, 60000, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        10000, 1000, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 3600000, 0, 0, 1, 0, 0, 0, 0, 0, 1024, 0, 65535, -1, 1, 0, 0, 0,
    ];

    private readonly uint _mtu;
    private readonly LinkFlags _flags;
    private readonly Inet6AddressGeneration _addressGeneration;

    /// <summary>The defaults for a link.</summary>
    /// <param name="mtu">The link's MTU, bytes.</param>
    /// <param name="flags">The link's flags: a loopback device makes no temporary addresses, one without ARP detects no duplicates.</param>
    /// <param name="addressGeneration">How its link-local address comes about.</param>
    public Inet6DeviceConf(uint mtu, LinkFlags flags, Inet6AddressGeneration addressGeneration)
    {
        _mtu = mtu;
        _addressGeneration = addressGeneration;
        _flags = flags & (LinkFlags.IFF_LOOPBACK | LinkFlags.IFF_NOARP);
    }

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out Inet6DeviceConf value)
    {
        ReadOnlySpan<int> values = MemoryMarshal.Cast<byte, int>(payload.Span);
        value = default;
        if (values.Length <= AddressGenerationMode)
            return Errno.None;
        LinkFlags flags = values[UseTempAddress] < 0 ? LinkFlags.IFF_LOOPBACK : LinkFlags.None;
        value = new Inet6DeviceConf((uint)values[Mtu6], values[AcceptDad] < 0 ? flags | LinkFlags.IFF_NOARP : flags, (Inet6AddressGeneration)values[AddressGenerationMode]);
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type)
    {
        Span<int> values = stackalloc int[s_defaults.Length];
        s_defaults.CopyTo(values);
        values[Mtu6] = (int)_mtu;
        values[AddressGenerationMode] = (int)_addressGeneration;
        if ((_flags & LinkFlags.IFF_LOOPBACK) != 0)
            values[UseTempAddress] = -1;
        if ((_flags & LinkFlags.IFF_NOARP) != 0)
            values[AcceptDad] = -1;
        writer.PutBytes(type, MemoryMarshal.AsBytes(values));
    }

    /// <inheritdoc/>
    public bool Equals(Inet6DeviceConf other) => _mtu == other._mtu && _flags == other._flags && _addressGeneration == other._addressGeneration;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Inet6DeviceConf other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_mtu, _flags, _addressGeneration);

    public static bool operator ==(Inet6DeviceConf left, Inet6DeviceConf right) => left.Equals(right);

    public static bool operator !=(Inet6DeviceConf left, Inet6DeviceConf right) => !left.Equals(right);
}
