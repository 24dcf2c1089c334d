using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// Walks the attributes in a payload without copying. Stops, as <c>nla_ok</c> does, at the first attribute whose length
/// is below 4 or past the end; what is left over is <see cref="Leftover"/>.
/// </summary>
public ref struct NetlinkAttributeReader
{
    private const int HeaderSize = 4;

    private readonly ReadOnlyMemory<byte> _payload;
    // The same bytes: a memory's span is not free, and is asked for once.
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _offset;
    private int _first;
    private int _next;
    private int _start;
    private int _length;
    private ushort _type;

    /// <summary>Starts at the beginning of <paramref name="payload"/>.</summary>
    /// <param name="payload">Attributes, each a 4-byte header and a padded payload.</param>
    /// <param name="offset">Where the payload stands in its message, counted from nlmsghdr; for extack offsets.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NetlinkAttributeReader(ReadOnlyMemory<byte> payload, int offset)
    {
        _payload = payload;
        _bytes = payload.Span;
        _offset = offset;
    }

    /// <summary>The attribute's number, without NLA_F_NESTED and NLA_F_NET_BYTEORDER.</summary>
    public readonly ushort Type => (ushort)(_type & NetlinkWriter.NLA_TYPE_MASK);

    /// <summary>Whether NLA_F_NESTED was set.</summary>
    public readonly bool IsNested => (_type & NetlinkWriter.NLA_F_NESTED) != 0;

    /// <summary>The attribute's payload, without padding.</summary>
    public readonly ReadOnlyMemory<byte> Value => _payload.Slice(_start + HeaderSize, _length);

    /// <summary>The same bytes, where they are read and not kept.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan
    {
        // Read has seen that they lie within the payload.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), _start + HeaderSize), _length);
    }

    /// <summary>The attribute header's offset from nlmsghdr, in bytes.</summary>
    public readonly int AttributeOffset => _offset + _start;

    /// <summary>The payload's offset from nlmsghdr, in bytes.</summary>
    public readonly int ValueOffset => AttributeOffset + HeaderSize;

    /// <summary>Everything that is walked.</summary>
    internal readonly ReadOnlyMemory<byte> All => _payload[_first..];

    /// <summary>How many bytes could not be read as an attribute.</summary>
    public readonly int Leftover => Math.Max(0, _bytes.Length - _next);

    /// <summary>
    /// Reads the fixed header in front of the attributes. Where the payload allows it, a header of which only the family came
    /// (<c>struct rtgenmsg</c>, as old clients send with their dumps) is a zero header with that family.
    /// </summary>
    /// <returns>False with the reason in <paramref name="extack"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadHeader<T>(in NetlinkPayload payload, Extack extack, out T header)
        where T : unmanaged
    {
        if (!MemoryMarshal.TryRead(_bytes, out header))
            return TryReadShortHeader(in payload, extack, out header);
        _first = _next = Math.Min(NetlinkAlignment.Align(Unsafe.SizeOf<T>()), _bytes.Length);
        return true;
    }

    /// <summary>Moves to the next attribute.</summary>
    /// <returns>False at the end, or where the rest is no attribute.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read()
    {
        int start = _next;
        int remaining = _bytes.Length - start;
        if (remaining < HeaderSize)
            return false;
        ref byte first = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start);
        int length = Unsafe.ReadUnaligned<ushort>(ref first);
        if (length < HeaderSize || length > remaining)
            return false;
        _type = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref first, 2));
        _start = start;
        _length = length - HeaderSize;
        // Past the end where the last one is not padded.
        _next = start + NetlinkAlignment.Align(length);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadShortHeader<T>(in NetlinkPayload payload, Extack extack, out T header)
        where T : unmanaged
    {
        header = default;
        if (!payload.AllowShortHeader || _bytes.IsEmpty)
            return extack.Fail(Errno.EINVAL, NetlinkPolicy.InvalidHeaderLength);
        MemoryMarshal.AsBytes(new Span<T>(ref header))[0] = _bytes[0];
        _first = _next = _bytes.Length;
        return true;
    }
}
