using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SmallRtnl;

/// <summary>An interface name or address label: at most 15 bytes, kept inline (IFNAMSIZ).</summary>
public readonly struct InterfaceName : INetlinkValue<InterfaceName>, IEquatable<InterfaceName>
{
    /// <summary>IFNAMSIZ: the room for a name with its NUL.</summary>
    public const int Size = 16;

    private static readonly SearchValues<byte> s_forbidden = SearchValues.Create("/: \t\n\v\f\r"u8);

    private readonly ulong _low;
    private readonly ulong _high;

    /// <summary>Takes a name.</summary>
    /// <exception cref="ArgumentException">It is longer than 15 bytes of UTF-8.</exception>
    public InterfaceName(string name)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        if (!Encoding.UTF8.TryGetBytes(name, bytes[..(Size - 1)], out _))
            throw new ArgumentException($"An interface name has at most {Size - 1} bytes: '{name}'.", nameof(name));
        _low = MemoryMarshal.Read<ulong>(bytes);
        _high = MemoryMarshal.Read<ulong>(bytes[8..]);
    }

    private InterfaceName(ulong low, ulong high)
    {
        _low = low;
        _high = high;
    }

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => AttributePolicy.String(Size - 1);

    /// <summary>Whether the name has no bytes.</summary>
    public bool IsEmpty => _low == 0 && _high == 0;

    /// <summary>The name's bytes without the NUL.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Utf8
    {
        get
        {
            ReadOnlySpan<byte> all = MemoryMarshal.AsBytes(new ReadOnlySpan<InterfaceName>(in this));
            int end = all.IndexOf((byte)0);
            return end < 0 ? all : all[..end];
        }
    }

    /// <summary><c>dev_valid_name</c>: not empty, not "." or "..", no slash, colon or white space.</summary>
    public bool IsValidDeviceName
    {
        get
        {
            ReadOnlySpan<byte> name = Utf8;
            if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
                return false;
            return name.IndexOfAny(s_forbidden) < 0;
        }
    }

    /// <summary>Whether the name is this one.</summary>
    public bool Is(ReadOnlySpan<byte> utf8) => Utf8.SequenceEqual(utf8);

    /// <summary>Takes bytes up to the first NUL.</summary>
    /// <returns>False where there are more than 15.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out InterfaceName name)
    {
        int end = bytes.IndexOf((byte)0);
        if (end >= 0)
            bytes = bytes[..end];
        if (bytes.Length >= Size)
        {
            name = default;
            return false;
        }
        name = bytes.Length <= sizeof(ulong)
            ? new InterfaceName(Load(bytes), 0)
            : new InterfaceName(MemoryMarshal.Read<ulong>(bytes), Load(bytes[sizeof(ulong)..]));
        return true;
    }

    /// <summary>Up to eight bytes as they lie in memory, the rest 0. By overlapping reads, without a detour through a buffer.</summary>
    private static ulong Load(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length;
        ulong value;
        if (length == sizeof(ulong))
            value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        else if (length >= sizeof(uint))
            value = BinaryPrimitives.ReadUInt32LittleEndian(bytes) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[(length - 4)..]) << (8 * (length - 4)));
        else if (length == 0)
            value = 0;
        else
            value = bytes[0] | ((ulong)bytes[length >> 1] << (8 * (length >> 1))) | ((ulong)bytes[length - 1] << (8 * (length - 1)));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out InterfaceName value) =>
        TryCreate(payload.Span, out value) ? Errno.None : Errno.ERANGE;

    /// <inheritdoc/>
    public static bool TryReadPlain(in NetlinkAttributeReader attribute, ProtocolFamily family, out InterfaceName value)
    {
        ReadOnlySpan<byte> bytes = attribute.ValueSpan;
        value = default;
        return bytes.Length is > 0 and < Size && TryCreate(bytes, out value);
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type) => writer.PutString(type, Utf8);

    /// <inheritdoc/>
    public bool Equals(InterfaceName other) => _low == other._low && _high == other._high;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InterfaceName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_low, _high);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Utf8);

    public static bool operator ==(InterfaceName left, InterfaceName right) => left.Equals(right);

    public static bool operator !=(InterfaceName left, InterfaceName right) => !left.Equals(right);
}
