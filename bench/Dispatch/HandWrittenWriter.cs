using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl.Bench;

/// <summary>What the hand-written serialisers have in common: attributes into a span, one bounds check each.</summary>
internal ref struct HandWrittenWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Position { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw<T>(in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(_buffer[Position..], in value);
        Position += NetlinkAlignment.Align(Unsafe.SizeOf<T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put<T>(int type, T value)
        where T : unmanaged
    {
        // Padding included, so that one check is enough.
        Span<byte> place = Begin(type, Unsafe.SizeOf<T>());
        MemoryMarshal.Write(place[4..], in value);
    }

    public void PutAddress(int type, InetAddress address) => address.CopyTo(Begin(type, address.Length)[4..]);

    public void PutBytes(int type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Begin(type, value.Length)[4..]);

    public void PutString(int type, scoped ReadOnlySpan<byte> utf8)
    {
        Span<byte> place = Begin(type, utf8.Length + 1);
        utf8.CopyTo(place[4..]);
        place[4 + utf8.Length] = 0;
    }

    public int BeginNest(int type)
    {
        int start = Position;
        Begin(type, 0);
        return start;
    }

    public readonly void EndNest(int start) => MemoryMarshal.Write(_buffer[start..], (ushort)(Position - start));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Begin(int type, int length)
    {
        int aligned = NetlinkAlignment.Align(4 + length);
        Span<byte> place = _buffer.Slice(Position, aligned);
        MemoryMarshal.Write(place, (uint)(4 + length) | ((uint)type << 16));
        if (aligned != 4 + length)
            place[(4 + length)..].Clear();
        Position += aligned;
        return place;
    }
}
