using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// Writes messages and attributes into a span. Running out of room never throws: <see cref="Overflowed"/> is set and
/// the caller takes a larger buffer, or ends its chunk at the last whole message.
/// </summary>
/// <remarks>Not thread-safe; lives on the stack.</remarks>
public ref struct NetlinkWriter
{
    /// <summary>The attribute is a nest.</summary>
    public const ushort NLA_F_NESTED = 0x8000;

    /// <summary>The bits of an attribute's type that are its number.</summary>
    public const ushort NLA_TYPE_MASK = 0x3fff;

    private readonly Span<byte> _buffer;

    /// <summary>Writes from the beginning of <paramref name="buffer"/>.</summary>
    public NetlinkWriter(Span<byte> buffer, int position = 0)
    {
        _buffer = buffer;
        Position = position;
    }

    /// <summary>How many bytes have been written.</summary>
    public int Position { get; private set; }

    /// <summary>Whether something did not fit.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Starts a message; the length is filled in by <see cref="EndMessage"/>.</summary>
    /// <returns>Where the message begins.</returns>
    public int BeginMessage(ushort type, NetlinkFlags flags, uint sequence, uint portId)
    {
        int start = Position;
        var header = new NetlinkHeader(0, type, flags, sequence, portId);
        PutStruct(in header);
        return start;
    }

    /// <summary>Ends the message that began at <paramref name="start"/>.</summary>
    public void EndMessage(int start)
    {
        if (Overflowed)
            return;
        MemoryMarshal.Write(_buffer[start..], (uint)(Position - start));
        Pad();
    }

    /// <summary>Forgets everything from <paramref name="position"/> on, an overflow included.</summary>
    public void Rewind(int position)
    {
        Position = position;
        Overflowed = false;
    }

    /// <summary>Sets flags on the message that begins at <paramref name="start"/>.</summary>
    public readonly void AddFlags(int start, NetlinkFlags flags)
    {
        ref ushort stored = ref MemoryMarshal.AsRef<ushort>(_buffer[(start + 6)..]);
        stored |= (ushort)flags;
    }

    /// <summary>Writes a fixed header, as it lies in memory, padded to 4 bytes.</summary>
    public void PutStruct<T>(in T value)
        where T : unmanaged
    {
        Span<byte> place = Reserve(Unsafe.SizeOf<T>());
        if (!place.IsEmpty)
            MemoryMarshal.Write(place, in value);
    }

    /// <summary>Writes an attribute with an unmanaged payload in host byte order.</summary>
    public void Put<T>(ushort type, T value)
        where T : unmanaged
    {
        Span<byte> place = BeginAttribute(type, Unsafe.SizeOf<T>());
        if (!place.IsEmpty)
            MemoryMarshal.Write(place, in value);
    }

    /// <summary>Writes an integer attribute in network byte order.</summary>
    public void PutBigEndian<T>(ushort type, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<byte> place = BeginAttribute(type, Unsafe.SizeOf<T>());
        // Not WriteBigEndian, whose default implementation boxes.
        if (!place.IsEmpty)
            value.TryWriteBigEndian(place, out _);
    }

    /// <summary>Writes an integer of 4 bytes where it fits, else of 8 (NLA_UINT).</summary>
    public void PutVariable(ushort type, ulong value)
    {
        if (value <= uint.MaxValue)
            Put(type, (uint)value);
        else
            Put(type, value);
    }

    /// <summary>Writes a signed integer of 4 bytes where it fits, else of 8 (NLA_SINT).</summary>
    public void PutVariable(ushort type, long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
            Put(type, (int)value);
        else
            Put(type, value);
    }

    /// <summary>Writes an attribute with the bytes given.</summary>
    public void PutBytes(ushort type, scoped ReadOnlySpan<byte> value)
    {
        Span<byte> place = BeginAttribute(type, value.Length);
        if (!place.IsEmpty)
            value.CopyTo(place);
    }

    /// <summary>Writes an attribute that is a NUL-terminated string.</summary>
    public void PutString(ushort type, scoped ReadOnlySpan<byte> utf8)
    {
        Span<byte> place = BeginAttribute(type, utf8.Length + 1);
        if (place.IsEmpty)
            return;
        utf8.CopyTo(place);
        place[utf8.Length] = 0;
    }

    /// <summary>Writes an attribute without payload.</summary>
    public void PutFlag(ushort type) => BeginAttribute(type, 0);

    /// <summary>Writes raw bytes, padded to 4.</summary>
    public void PutRaw(scoped ReadOnlySpan<byte> bytes)
    {
        Span<byte> place = Reserve(bytes.Length);
        if (!place.IsEmpty)
            bytes.CopyTo(place);
    }

    /// <summary>Starts a nest; pass the result to <see cref="EndNest"/>.</summary>
    public int BeginNest(ushort type, bool plain = false)
    {
        int start = Position;
        BeginAttribute(plain ? type : (ushort)(type | NLA_F_NESTED), 0);
        return start;
    }

    /// <summary>Ends the nest that began at <paramref name="start"/>; one that is longer than an attribute can say has not fitted.</summary>
    public void EndNest(int start)
    {
        int length = Position - start;
        if (length > ushort.MaxValue)
            Overflowed = true;
        if (!Overflowed)
            MemoryMarshal.Write(_buffer[start..], (ushort)length);
    }

    /// <summary>Writes an attribute's header and padding, with one look at the room that is left.</summary>
    /// <returns>Where the payload goes, and its padding; empty where it does not fit.</returns>
    private Span<byte> BeginAttribute(ushort type, int payload)
    {
        int length = 4 + payload;
        if (length > ushort.MaxValue)
            Overflowed = true;
        Span<byte> place = Reserve(length);
        if (place.IsEmpty)
            return default;
        MemoryMarshal.Write(place, (ushort)length);
        MemoryMarshal.Write(place[2..], type);
        return place[4..];
    }

    /// <summary>Takes room, padded with zeros to 4 bytes.</summary>
    /// <returns>Empty where there is not so much.</returns>
    private Span<byte> Reserve(int length)
    {
        int position = Position;
        int aligned = NetlinkAlignment.Align(length);
        if (Overflowed || _buffer.Length - position < aligned)
        {
            Overflowed = true;
            return default;
        }
        Position = position + aligned;
        Span<byte> place = _buffer.Slice(position, aligned);
        // The last word holds all the padding there can be.
        if (aligned != length)
            MemoryMarshal.Write(place[(aligned - sizeof(uint))..], 0u);
        return place;
    }

    private void Pad()
    {
        int aligned = NetlinkAlignment.Align(Position);
        if (aligned == Position)
            return;
        if (aligned > _buffer.Length)
        {
            Overflowed = true;
            return;
        }
        _buffer[Position..aligned].Clear();
        Position = aligned;
    }
}
