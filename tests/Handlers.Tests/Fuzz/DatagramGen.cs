using System.Runtime.InteropServices;
using CsCheck;

namespace SmallRtnl.Handlers.Tests.Fuzz;

/// <summary>Datagrams as a hostile or broken client sends them: well formed, half right, mutated, and noise.</summary>
internal static class DatagramGen
{
    private static readonly Gen<ushort> s_type = Gen.Frequency(
        (20, Gen.Int[16, 27].Select(type => (ushort)type)),
        (3, Gen.Int[88, 90].Select(type => (ushort)type)),
        (2, Gen.Int[0, 140].Select(type => (ushort)type)),
        (1, Gen.UShort));

    private static readonly Gen<ushort> s_flags = Gen.Frequency(
        (6, Gen.OneOf<ushort>(0x005, 0x001, 0x605, 0x405, 0x105, 0x905, 0x505, 0x305, 0x301, 0x205, 0x60d)),
        (1, Gen.UShort));

    private static readonly Gen<byte> s_family = Gen.Frequency((8, Gen.OneOf<byte>(0, 2, 10)), (1, Gen.Byte));

    private static readonly Gen<byte[]> s_word = Gen.Frequency(
        (4, Gen.Int[0, 12].Select(BitConverter.GetBytes)),
        (2, Gen.OneOf(254, 255, 253, 1500, 65535, -1, int.MaxValue, int.MinValue).Select(BitConverter.GetBytes)),
        (2, Gen.Int.Select(BitConverter.GetBytes)));

    private static readonly Gen<byte[]> s_name = Gen.OneOf("v0", "v1", "v2", "d0", "lo", "v%d", "", ".", "a/b", "x:1", "0123456789abcdef", "v0\0rest")
        .Select(name => System.Text.Encoding.UTF8.GetBytes(name + "\0"));

    private static readonly Gen<byte[]> s_address = Gen.Frequency(
        (4, Gen.Select(Gen.Byte[0, 3], Gen.Byte[0, 3]).Select((net, host) => (byte[])[10, 0, net, host])),
        (1, Gen.Byte.Array[4]),
        (3, Gen.Byte[0, 3].Select(host => (byte[])[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host])),
        (1, Gen.Byte.Array[16]),
        (1, Gen.OneOf<byte[]>([2, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0])));

    private static readonly Gen<byte[]> s_linkInfo = Gen.Select(
        Gen.OneOf("veth", "dummy", "ifb", "bridge", ""),
        s_name,
        Gen.Int[0, 3]).Select((kind, peer, form) =>
        {
            byte[] kindAttribute = Attribute(1, System.Text.Encoding.UTF8.GetBytes(kind + "\0"));
            byte[] peerMessage = [.. new byte[16], .. Attribute(3, peer)];
            return form switch
            {
                0 => kindAttribute,
                1 => [.. kindAttribute, .. Attribute(2, Attribute(1, peerMessage))],
                2 => [.. kindAttribute, .. Attribute(2, Attribute(1, peerMessage[..10]))],
                _ => [.. Attribute(2, Attribute(1, peerMessage)), .. kindAttribute],
            };
        });

    private static readonly Gen<byte[]> s_nested = Gen.Select(Gen.Int[0, 20], s_word).List[0, 3]
        .Select(attributes => attributes.SelectMany(attribute => Attribute((ushort)attribute.Item1, attribute.Item2)).ToArray());

    private static readonly Gen<byte[]> s_value = Gen.Frequency((4, s_word), (3, s_name), (5, s_address), (2, s_nested), (1, Gen.Byte.Array[0, 40]));

    private static readonly Gen<byte[]> s_attribute = Gen.Frequency(
        (8, Gen.Select(Gen.Int[0, 31], s_value).Select((type, value) => Attribute((ushort)type, value))),
        (2, s_linkInfo.Select(value => Attribute(18, value))),
        (1, Gen.Select(Gen.UShort, s_value).Select(Attribute)));

    // Family and three bytes, then words: what every fixed header looks like. Its length is right more often than not.
    private static readonly Gen<byte[]> s_fixed = Gen.Select(s_family, Gen.OneOf<byte>(0, 8, 16, 24, 32, 64, 128, 200), Gen.Byte, Gen.Byte[0, 3], s_word, s_word, Gen.OneOf(8, 8, 12, 12, 16, 16, 16, 1, 3, 4))
        .Select((family, second, third, fourth, index, change, length) =>
            ((byte[])[family, second, third, fourth, .. index, 1, 0, 0, 0, .. change])[..length]);

    private static readonly Gen<byte[]> s_message = Gen.Select(s_type, s_flags, Gen.UInt, s_fixed, s_attribute.List[0, 5])
        .Select((type, flags, sequence, fixedHeader, attributes) =>
            Message(type, flags, sequence, [.. fixedHeader, .. attributes.SelectMany(attribute => attribute)]));

    private static readonly Gen<byte[]> s_datagram = s_message.List[1, 3].Select(messages => messages.SelectMany(message => message).ToArray());

    /// <summary>Any datagram.</summary>
    public static Gen<byte[]> Datagram { get; } = Gen.Frequency(
        (6, s_datagram),
        (3, Gen.Select(s_datagram, Gen.Select(Gen.Int[0, 400], Gen.Byte).List[1, 4]).Select(Flip)),
        (2, Gen.Select(s_datagram, Gen.Int[0, 200]).Select((datagram, cut) => datagram[..Math.Max(0, datagram.Length - cut)])),
        (1, Gen.Byte.Array[0, 100]));

    private static byte[] Attribute(ushort type, byte[] value)
    {
        byte[] bytes = new byte[NetlinkAlignment.Align(4 + value.Length)];
        MemoryMarshal.Write(bytes, (ushort)(4 + value.Length));
        MemoryMarshal.Write(bytes.AsSpan(2), type);
        value.CopyTo(bytes, 4);
        return bytes;
    }

    private static byte[] Message(ushort type, ushort flags, uint sequence, byte[] payload)
    {
        byte[] bytes = new byte[NetlinkAlignment.Align(NetlinkHeader.Size + payload.Length)];
        var header = new NetlinkHeader((uint)(NetlinkHeader.Size + payload.Length), type, (NetlinkFlags)flags, sequence, 0);
        MemoryMarshal.Write(bytes, in header);
        payload.CopyTo(bytes, NetlinkHeader.Size);
        return bytes;
    }

    private static byte[] Flip(byte[] datagram, List<(int At, byte Value)> flips)
    {
        byte[] mutated = (byte[])datagram.Clone();
        foreach ((int at, byte value) in flips)
            mutated[at % mutated.Length] ^= value;
        return mutated;
    }
}
