using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// Walks the attributes in a payload without copying. Stops, as <c>nla_ok</c> does, at the first attribute whose length
/// is below 4 or past the end; what is left over is <see cref="Leftover"/>.
/// </summary>
public ref struct NetlinkAttributeReader
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly int _offset;
    private int _position;

    /// <summary>Starts at the beginning of <paramref name="payload"/>.</summary>
    /// <param name="payload">Attributes, each a 4-byte header and a padded payload.</param>
    /// <param name="offset">Where the payload stands in its message, counted from nlmsghdr; for extack offsets.</param>
    public NetlinkAttributeReader(ReadOnlyMemory<byte> payload, int offset)
    {
        _payload = payload;
        _offset = offset;
    }

    /// <summary>The attribute's number, without NLA_F_NESTED and NLA_F_NET_BYTEORDER.</summary>
    public ushort Type { get; private set; }

    /// <summary>Whether NLA_F_NESTED was set.</summary>
    public bool IsNested { get; private set; }

    /// <summary>The attribute's payload, without padding.</summary>
    public ReadOnlyMemory<byte> Value { get; private set; }

    /// <summary>The attribute header's offset from nlmsghdr, in bytes.</summary>
    public int AttributeOffset { get; private set; }

    /// <summary>The payload's offset from nlmsghdr, in bytes.</summary>
    public readonly int ValueOffset => AttributeOffset + 4;

    /// <summary>Everything that is walked.</summary>
    internal readonly ReadOnlyMemory<byte> All => _payload;

    /// <summary>How many bytes could not be read as an attribute.</summary>
    public readonly int Leftover => Math.Max(0, _payload.Length - _position);

    /// <summary>Moves to the next attribute.</summary>
    /// <returns>False at the end, or where the rest is no attribute.</returns>
    public bool Read()
    {
        int remaining = _payload.Length - _position;
        if (remaining < 4)
            return false;
        ReadOnlySpan<byte> span = _payload.Span[_position..];
        int length = MemoryMarshal.Read<ushort>(span);
        if (length < 4 || length > remaining)
            return false;
        ushort type = MemoryMarshal.Read<ushort>(span[2..]);
        IsNested = (type & NetlinkWriter.NLA_F_NESTED) != 0;
        Type = (ushort)(type & NetlinkWriter.NLA_TYPE_MASK);
        Value = _payload.Slice(_position + 4, length - 4);
        AttributeOffset = _offset + _position;
        _position = Math.Min(_position + NetlinkAlignment.Align(length), _payload.Length);
        return true;
    }
}
