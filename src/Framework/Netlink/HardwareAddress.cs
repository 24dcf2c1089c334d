using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>A link-layer address of up to 32 bytes (MAX_ADDR_LEN), kept inline.</summary>
public readonly struct HardwareAddress : INetlinkValue<HardwareAddress>, IEquatable<HardwareAddress>
{
    /// <summary>MAX_ADDR_LEN.</summary>
    public const int MaxLength = 32;

    private readonly Storage _storage;
    private readonly byte _length;

    /// <summary>Takes up to 32 bytes.</summary>
    public HardwareAddress(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxLength);
        bytes.CopyTo(_storage);
        _length = (byte)bytes.Length;
    }

    /// <summary>Six bytes of 0xff.</summary>
    public static HardwareAddress EthernetBroadcast { get; } = new([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

    /// <summary>Six bytes of 0.</summary>
    public static HardwareAddress EthernetZero { get; } = new([0, 0, 0, 0, 0, 0]);

    /// <summary>The length in bytes.</summary>
    public int Length => _length;

    /// <summary>The address's bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_storage)[.._length];

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => AttributePolicy.Binary(MaxLength);

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out HardwareAddress value)
    {
        value = default;
        if (payload.Length > MaxLength)
            return Errno.ERANGE;
        value = new HardwareAddress(payload.Span);
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type) => writer.PutBytes(type, Bytes);

    /// <inheritdoc/>
    public bool Equals(HardwareAddress other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HardwareAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Colon-separated hexadecimal, as <c>ip</c> prints it.</summary>
    public override string ToString() => BitConverter.ToString(Bytes.ToArray()).Replace('-', ':').ToLowerInvariant();

    public static bool operator ==(HardwareAddress left, HardwareAddress right) => left.Equals(right);

    public static bool operator !=(HardwareAddress left, HardwareAddress right) => !left.Equals(right);

    [InlineArray(MaxLength)]
    private struct Storage
    {
        private byte _first;
    }
}
