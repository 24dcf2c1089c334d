using System.Buffers.Binary;
using System.Net;

namespace SmallRtnl;

/// <summary>An IPv4 or IPv6 address, kept inline; its length follows from the family.</summary>
public readonly struct InetAddress : INetlinkValue<InetAddress>, IEquatable<InetAddress>, IComparable<InetAddress>
{
    // Two words rather than a UInt128, whose alignment would cost eight bytes more, and copies through memory.
    private readonly ulong _upper;
    private readonly ulong _lower;
    private readonly ProtocolFamily _family;

    private InetAddress(ulong upper, ulong lower, ProtocolFamily family)
    {
        _upper = upper;
        _lower = lower;
        _family = family;
    }

    private InetAddress(UInt128 value, ProtocolFamily family)
        : this((ulong)(value >> 64), (ulong)value, family)
    {
    }

    /// <summary>AF_INET or AF_INET6.</summary>
    public ProtocolFamily Family => _family;

    /// <summary>The address as a number, most significant byte first on the wire; IPv4 in the low 32 bits.</summary>
    public UInt128 Value => new(_upper, _lower);

    /// <summary>4 or 16 bytes.</summary>
    public int Length => _family == ProtocolFamily.AF_INET6 ? 16 : 4;

    /// <summary>32 or 128 bits.</summary>
    public int BitLength => Length * 8;

    /// <summary>Whether all bits are 0 (INADDR_ANY, in6addr_any).</summary>
    public bool IsAny => (_upper | _lower) == 0;

    /// <summary>224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => _family == ProtocolFamily.AF_INET6 ? (byte)(_upper >> 56) == 0xff : ((uint)_lower >> 28) == 0xe;

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => _family == ProtocolFamily.AF_INET6 ? _upper == 0 && _lower == 1 : ((uint)_lower >> 24) == 127;

    /// <summary>169.254.0.0/16 or fe80::/10.</summary>
    public bool IsLinkLocal => _family == ProtocolFamily.AF_INET6 ? (_upper >> 54) == 0xfe80 >> 6 : ((uint)_lower >> 16) == 0xa9fe;

    /// <summary>An IPv4 address from its number in host byte order.</summary>
    public static InetAddress FromIPv4(uint value) => new(0, value, ProtocolFamily.AF_INET);

    /// <summary>An IPv6 address from its number.</summary>
    public static InetAddress FromIPv6(UInt128 value) => new(value, ProtocolFamily.AF_INET6);

    /// <summary>The unspecified address of a family.</summary>
    public static InetAddress Any(ProtocolFamily family) => new(UInt128.Zero, family);

    /// <summary>Reads text such as "10.0.0.1" or "fe80::1".</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static InetAddress Parse(string text) => FromBytes(IPAddress.Parse(text).GetAddressBytes());

    /// <summary>From 4 or 16 bytes in network order.</summary>
    public static InetAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => FromIPv6(BinaryPrimitives.ReadUInt128BigEndian(bytes)),
        _ => throw new ArgumentException("An address has 4 or 16 bytes.", nameof(bytes)),
    };

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) =>
        family switch
        {
            ProtocolFamily.AF_INET => AttributePolicy.Integer(sizeof(uint), isSigned: false),
            ProtocolFamily.AF_INET6 => AttributePolicy.Unspecified(16),
            _ => default,
        };

    /// <inheritdoc/>
    /// <remarks>Where the message names AF_INET or AF_INET6 the payload must hold that many bytes at least; else its length decides.</remarks>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out InetAddress value)
    {
        ReadOnlySpan<byte> bytes = payload.Span;
        value = default;
        int length = family switch
        {
            ProtocolFamily.AF_INET => 4,
            ProtocolFamily.AF_INET6 => 16,
            _ => bytes.Length >= 16 ? 16 : 4,
        };
        if (bytes.Length < length)
            return Errno.ERANGE;
        value = FromBytes(bytes[..length]);
        return Errno.None;
    }

    /// <inheritdoc/>
    public static bool TryReadPlain(in NetlinkAttributeReader attribute, ProtocolFamily family, out InetAddress value)
    {
        ReadOnlySpan<byte> bytes = attribute.ValueSpan;
        if (family == ProtocolFamily.AF_INET && BinaryPrimitives.TryReadUInt32BigEndian(bytes, out uint number))
        {
            value = FromIPv4(number);
            return true;
        }
        if (family == ProtocolFamily.AF_INET6 && bytes.Length >= 16)
        {
            value = new InetAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), family);
            return true;
        }
        value = default;
        return false;
    }

    /// <summary>Writes the bytes in network order.</summary>
    /// <returns>4 or 16.</returns>
    public int CopyTo(Span<byte> destination)
    {
        if (_family == ProtocolFamily.AF_INET6)
            BinaryPrimitives.WriteUInt128BigEndian(destination, Value);
        else
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_lower);
        return Length;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type)
    {
        Span<byte> bytes = stackalloc byte[16];
        writer.PutBytes(type, bytes[..CopyTo(bytes)]);
    }

    /// <summary>The network part: the first <paramref name="prefixLength"/> bits, the others 0.</summary>
    public InetAddress Mask(int prefixLength) => new(Value & NetMask(prefixLength), _family);

    /// <summary>Whether both lie in the same network of <paramref name="prefixLength"/> bits.</summary>
    public bool InSameNetwork(InetAddress other, int prefixLength) =>
        _family == other._family && ((Value ^ other.Value) & NetMask(prefixLength)) == UInt128.Zero;

    /// <summary>The network's last address (IPv4's broadcast address).</summary>
    public InetAddress LastInNetwork(int prefixLength)
    {
        UInt128 all = _family == ProtocolFamily.AF_INET6 ? UInt128.MaxValue : uint.MaxValue;
        return new(Value | (all & ~NetMask(prefixLength)), _family);
    }

    /// <inheritdoc/>
    public bool Equals(InetAddress other) => _upper == other._upper && _lower == other._lower && _family == other._family;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InetAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_upper, _lower, _family);

    /// <inheritdoc/>
    public int CompareTo(InetAddress other)
    {
        int byFamily = _family.CompareTo(other._family);
        return byFamily != 0 ? byFamily : Value.CompareTo(other.Value);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..CopyTo(bytes)]).ToString();
    }

    public static bool operator ==(InetAddress left, InetAddress right) => left.Equals(right);

    public static bool operator !=(InetAddress left, InetAddress right) => !left.Equals(right);

    public static bool operator <(InetAddress left, InetAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(InetAddress left, InetAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(InetAddress left, InetAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(InetAddress left, InetAddress right) => left.CompareTo(right) >= 0;

    private UInt128 NetMask(int prefixLength)
    {
        int bits = BitLength;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)prefixLength, (uint)bits, nameof(prefixLength));
        return prefixLength == 0 ? UInt128.Zero : (bits == 32 ? (UInt128)(uint.MaxValue << (32 - prefixLength)) : UInt128.MaxValue << (128 - prefixLength));
    }
}
