using System.Buffers.Binary;
using CsCheck;
using SmallRtnl.Generators.Tests.Declarations;

namespace SmallRtnl.Generators.Tests;

/// <summary>Generated parsers and serialisers at work, on this project's own declarations.</summary>
public sealed class MessageBehaviourTests
{
    private const int Start = NetlinkHeader.Size;

    private static readonly Gen<InterfaceName> s_name = Gen.String[Gen.Char['a', 'z'], 0, 15].Select(text => new InterfaceName(text));

    private static readonly Gen<InnerNest> s_inner =
        from number in Optional(Gen.UInt)
        from small in Optional(Gen.Byte[0, 10])
        select new InnerNest { Number = number, Small = small };

    private static readonly Gen<OuterNest> s_outer =
        from inner in Optional(s_inner)
        from text in Optional(Gen.String[Gen.Char['a', 'z'], 0, 40].Select(text => new NetlinkString(text)))
        select new OuterNest { Inner = inner, Text = text };

    private static readonly Gen<ThingMessage> s_message =
        from integers in Gen.Select(Optional(Gen.Byte), Optional(Gen.SByte), Optional(Gen.UShort), Optional(Gen.Short), Optional(Gen.UInt), Optional(Gen.Int), Optional(Gen.ULong), Optional(Gen.Long))
        from big in Gen.Select(Optional(Gen.UShort), Optional(Gen.UShort), Optional(Gen.Int))
        from bounded in Gen.Select(Optional(Gen.UInt[5, 9]), Optional(Gen.Long[-5, 5]), Optional(Gen.ULong[0, long.MaxValue]), Optional(Gen.UShort[2, 3]))
        from nests in Gen.Select(Optional(s_outer), Optional(s_inner))
        from header in Gen.Select(Gen.Bool, Gen.Byte, Gen.UShort, Gen.UInt)
        from bytes in Gen.Select(Optional(Gen.Byte.Array[2, 6].Select(all => new NetlinkBytes(all))), Optional(Gen.Byte.Array[0, 32].Select(all => new HardwareAddress(all))), Gen.Byte.Array[16], Gen.Bool)
        from rest in Gen.Select(Gen.Bool, Optional(s_name), Optional(Gen.Select(Gen.UInt, Gen.UInt, (low, high) => new Range32(low, high))), Optional(Gen.UInt), Optional(Gen.UInt), Optional(Gen.UShort))
        select new ThingMessage
        {
            Header = new ThingHeader(header.Item1 ? ProtocolFamily.AF_INET : ProtocolFamily.AF_INET6, header.Item2, header.Item3, header.Item4),
            Byte = integers.Item1,
            SByte = integers.Item2,
            UInt16 = integers.Item3,
            Int16 = integers.Item4,
            UInt32 = integers.Item5,
            Int32 = integers.Item6,
            UInt64 = integers.Item7,
            Int64 = integers.Item8,
            Port = big.Item1,
            BigColour = (Colour?)big.Item2,
            BigSigned = big.Item3,
            Bounded = bounded.Item1,
            BoundedSigned = bounded.Item2,
            BoundedLarge = bounded.Item3,
            BoundedColour = (Colour?)bounded.Item4,
            Nest = nests.Item1,
            Plain = nests.Item2,
            Blob = bytes.Item1,
            Hardware = bytes.Item2,
            Address = bytes.Item4 ? InetAddress.FromBytes(bytes.Item3.AsSpan(0, header.Item1 ? 4 : 16)) : null,
            Flag = rest.Item1,
            Name = rest.Item2,
            Range = rest.Item3,
            @event = rest.Item4,
            Message = rest.Item5,
            Colour = (Colour?)rest.Item6,
        };

    [Fact]
    public void What_was_written_is_read_again()
    {
        s_message.Sample(message =>
        {
            byte[] bytes = Bytes(message);
            foreach (NetlinkValidation strict in new[] { NetlinkValidation.Liberal, NetlinkValidation.DeprecatedStrict })
            {
                var extack = new Extack();
                bool parsed = ThingMessage.TryParse(new NetlinkPayload(bytes, Start, message.Header.Family, strict), extack, out ThingMessage read);
                if (!parsed || read != message)
                    return false;
            }
            return true;
        });
    }

    [Fact]
    public void A_truncated_message_never_throws_and_strict_checking_finds_the_cut()
    {
        s_message.Sample(message =>
        {
            byte[] bytes = Bytes(message);
            HashSet<int> boundaries = Boundaries(bytes);
            for (int length = 0; length < bytes.Length; length++)
            {
                var cut = new NetlinkPayload(bytes.AsMemory(0, length), Start, message.Header.Family, NetlinkValidation.DeprecatedStrict);
                if (ThingMessage.TryParse(in cut, new Extack(), out _) != boundaries.Contains(length))
                    return false;
                ThingMessage.TryParse(cut with { Validation = NetlinkValidation.Liberal, AllowShortHeader = true }, new Extack(), out _);
            }
            return true;
        }, iter: 200);
    }

    [Fact]
    public void Random_bytes_never_throw_and_a_failure_says_why()
    {
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Bool).Sample((bytes, strict) =>
        {
            var extack = new Extack();
            bool parsed = ThingMessage.TryParse(new NetlinkPayload(bytes, Start, (ProtocolFamily)2, strict ? NetlinkValidation.Strict : NetlinkValidation.Liberal), extack, out _);
            return parsed == (extack.Errno == Errno.None) && (parsed || extack.Message is not null);
        });
    }

    [Fact]
    public void Random_attributes_are_parsed_or_refused_at_one_of_them()
    {
        Gen.Select(Gen.Select(Gen.UShort[0, 30], Gen.Byte.Array[0, 12]).Array[0, 12], Gen.Bool).Sample((attributes, strict) =>
        {
            byte[] bytes = Raw(attributes);
            var extack = new Extack();
            bool parsed = ThingMessage.TryParse(new NetlinkPayload(bytes, Start, ProtocolFamily.AF_INET, strict ? NetlinkValidation.Strict : NetlinkValidation.Liberal), extack, out _);
            // A leftover, which a nest may have, stands at no attribute.
            return parsed || extack.Message == "bytes leftover after parsing attributes" || (extack.Offset >= Start + 8 && extack.Offset % 4 == 0 && extack.Offset < Start + bytes.Length);
        });
    }

    [Theory]
    [InlineData(5, "01020304", false, Errno.None, null)]
    [InlineData(5, "0102030405", false, Errno.None, null)]
    [InlineData(5, "010203", false, Errno.ERANGE, "Attribute failed policy validation")]
    [InlineData(5, "010203", true, Errno.EINVAL, "invalid attribute length")]
    [InlineData(5, "0102030405", true, Errno.EINVAL, "invalid attribute length")]
    [InlineData(19, "04000000", false, Errno.ERANGE, "integer out of range")]
    [InlineData(19, "05000000", false, Errno.None, null)]
    [InlineData(19, "09000000", false, Errno.None, null)]
    [InlineData(19, "0a000000", true, Errno.ERANGE, "integer out of range")]
    [InlineData(20, "faffffffffffffff", false, Errno.ERANGE, "integer out of range")]
    [InlineData(20, "fbffffffffffffff", false, Errno.None, null)]
    [InlineData(21, "0000000000000080", false, Errno.ERANGE, "integer out of range")]
    [InlineData(25, "0100", false, Errno.ERANGE, "integer out of range")]
    [InlineData(10, "", false, Errno.None, null)]
    [InlineData(10, "00", false, Errno.ERANGE, "Attribute failed policy validation")]
    [InlineData(11, "61626300", false, Errno.None, null)]
    [InlineData(11, "61616161616161616161616161616161", false, Errno.ERANGE, "Attribute failed policy validation")]
    [InlineData(12, "0a0000", false, Errno.ERANGE, "Attribute failed policy validation")]
    [InlineData(13, "0000000000000000", false, Errno.None, null)]
    [InlineData(13, "000000000000000000", false, Errno.None, null)]
    [InlineData(13, "00000000000000", false, Errno.ERANGE, "binary attribute size out of range")]
    [InlineData(16, "0050", false, Errno.None, null)]
    [InlineData(16, "00", false, Errno.ERANGE, "Attribute failed policy validation")]
    [InlineData(22, "01", false, Errno.ERANGE, "binary attribute size out of range")]
    [InlineData(22, "01020304050607", false, Errno.ERANGE, "binary attribute size out of range")]
    [InlineData(23, "01020304", false, Errno.EINVAL, "Attribute failed policy validation")]
    [InlineData(100, "01020304", false, Errno.None, null)]
    [InlineData(100, "01020304", true, Errno.EINVAL, "Unknown attribute type")]
    public void The_policy_decides_errno_text_and_offset(ushort type, string payload, bool strict, Errno errno, string? text)
    {
        // The attribute in question comes second, so its offset is that of no other.
        byte[] bytes = Raw((1, [7]), (type, Convert.FromHexString(payload)));
        var extack = new Extack();
        bool parsed = ThingMessage.TryParse(new NetlinkPayload(bytes, Start, ProtocolFamily.AF_INET, strict ? NetlinkValidation.Strict : NetlinkValidation.Liberal), extack, out _);
        Assert.Equal(errno == Errno.None, parsed);
        Assert.Equal(errno, extack.Errno);
        Assert.Equal(text, extack.Message);
        Assert.Equal(parsed ? 0 : Start + 8 + 8, extack.Offset);
    }

    [Fact]
    public void An_offence_in_a_nest_is_found_where_it_stands()
    {
        byte[] inner = Attributes((1, [1, 0, 0, 0]), (2, [11]));
        byte[] bytes = Raw((14, Attributes((1, inner))));
        var extack = new Extack();
        Assert.False(ThingMessage.TryParse(new NetlinkPayload(bytes, Start, ProtocolFamily.AF_INET, NetlinkValidation.Liberal), extack, out _));
        Assert.Equal((Errno.ERANGE, "integer out of range"), (extack.Errno, extack.Message));
        // nlmsghdr, header, THING nest, inner nest, its first attribute.
        Assert.Equal(16 + 8 + 4 + 4 + 8, extack.Offset);
    }

    [Fact]
    public void Leftover_bytes_are_ignored_unless_checking_is_strict()
    {
        byte[] bytes = [.. Raw((1, [7])), 1, 2, 3];
        Assert.True(Parse(bytes, strict: false, out ThingMessage message, out _));
        Assert.Equal((byte)7, message.Byte);
        Assert.False(Parse(bytes, strict: true, out _, out Extack extack));
        Assert.Equal((Errno.EINVAL, "bytes leftover after parsing attributes"), (extack.Errno, extack.Message));
    }

    [Fact]
    public void Of_an_attribute_given_twice_the_last_counts()
    {
        Assert.True(Parse(Raw((1, [7]), (1, [8])), strict: true, out ThingMessage message, out _));
        Assert.Equal((byte)8, message.Byte);
    }

    [Fact]
    public void The_nested_bit_says_nothing_about_the_type()
    {
        Assert.True(Parse(Raw((0x8001, [7]), (0x4003, [0, 1])), strict: false, out ThingMessage message, out _));
        Assert.Equal((byte)7, message.Byte);
    }

    [Fact]
    public void Big_endian_integers_travel_in_network_order()
    {
        byte[] bytes = Bytes(new ThingMessage { Port = 0x1234, BigColour = (Colour)0x0001, BigSigned = -2 });
        Assert.Equal(Raw((16, [0x12, 0x34]), (17, [0, 1]), (18, [0xff, 0xff, 0xff, 0xfe]))[8..], bytes[8..]);
    }

    [Fact]
    public void Attributes_are_written_in_the_order_of_declaration_and_nests_are_marked_unless_plain()
    {
        byte[] bytes = Bytes(new ThingMessage { Plain = new InnerNest { Small = 1 }, Byte = 9, Nest = default(OuterNest), Flag = true });
        Assert.Equal(Raw((1, [9]), (10, []), (0x800e, []), (15, Attributes((2, [1]))))[8..], bytes[8..]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(7, true)]
    [InlineData(8, true)]
    public void A_short_header_is_a_zero_header_where_it_is_allowed(int length, bool parses)
    {
        byte[] bytes = [10, 2, 3, 4, 5, 6, 7, 8];
        var payload = new NetlinkPayload(bytes.AsMemory(0, length), Start, ProtocolFamily.AF_INET6, NetlinkValidation.Liberal) { AllowShortHeader = true };
        Assert.Equal(parses, ThingMessage.TryParse(in payload, new Extack(), out ThingMessage message));
        if (parses && length < 8)
            Assert.Equal(new ThingMessage { Header = new ThingHeader(ProtocolFamily.AF_INET6, 0, 0, 0) }, message);

        var extack = new Extack();
        Assert.Equal(length == 8, ThingMessage.TryParse(payload with { AllowShortHeader = false }, extack, out _));
        if (length < 8)
            Assert.Equal((Errno.EINVAL, "Invalid header length"), (extack.Errno, extack.Message));
    }

    [Fact]
    public void Parsing_and_writing_allocate_nothing()
    {
        byte[] bytes = Bytes(Sample());
        byte[] room = new byte[4096];
        var extack = new Extack();
        var payload = new NetlinkPayload(bytes, Start, (ProtocolFamily)bytes[0], NetlinkValidation.DeprecatedStrict);
        for (int i = 0; i < 50; i++)
            Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            ThingMessage.TryParse(in payload, extack, out ThingMessage message);
            var writer = new NetlinkWriter(room);
            message.Write(ref writer);
        }
    }

    [Fact]
    public void A_message_that_does_not_fit_overflows_and_does_not_throw()
    {
        ThingMessage message = Sample();
        byte[] whole = Bytes(message);
        for (int length = 0; length < whole.Length; length++)
        {
            var writer = new NetlinkWriter(new byte[length]);
            message.Write(ref writer);
            Assert.True(writer.Overflowed);
        }
    }

    private static ThingMessage Sample() => new()
    {
        Header = new ThingHeader(ProtocolFamily.AF_INET, 1, 2, 3),
        Byte = 1,
        Int64 = long.MinValue,
        Flag = true,
        Name = new InterfaceName("eth0"),
        Address = InetAddress.Parse("10.0.0.1"),
        Range = new Range32(1, 2),
        Nest = new OuterNest { Inner = new InnerNest { Number = 1, Small = 2 }, Text = new NetlinkString("text") },
        Port = 80,
        Blob = new NetlinkBytes(new byte[] { 1, 2, 3 }),
        Hardware = HardwareAddress.EthernetBroadcast,
    };

    private static Gen<T?> Optional<T>(Gen<T> gen)
        where T : struct => Gen.Select(Gen.Bool, gen, (present, value) => present ? value : (T?)null);

    private static bool Parse(byte[] bytes, bool strict, out ThingMessage message, out Extack extack)
    {
        extack = new Extack();
        return ThingMessage.TryParse(new NetlinkPayload(bytes, Start, ProtocolFamily.AF_INET, strict ? NetlinkValidation.Strict : NetlinkValidation.Liberal), extack, out message);
    }

    private static byte[] Bytes(in ThingMessage message)
    {
        byte[] room = new byte[4096];
        var writer = new NetlinkWriter(room);
        message.Write(ref writer);
        Assert.False(writer.Overflowed);
        return room[..writer.Position];
    }

    /// <summary>A header of AF_INET and attributes, put together without the code under test.</summary>
    private static byte[] Raw(params (ushort Type, byte[] Payload)[] attributes) => [2, 0, 0, 0, 0, 0, 0, 0, .. Attributes(attributes)];

    private static byte[] Attributes(params (ushort Type, byte[] Payload)[] attributes)
    {
        var bytes = new List<byte>();
        foreach ((ushort type, byte[] payload) in attributes)
        {
            byte[] header = new byte[4];
            BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(4 + payload.Length));
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), type);
            bytes.AddRange(header);
            bytes.AddRange(payload);
            while (bytes.Count % 4 != 0)
                bytes.Add(0);
        }
        return [.. bytes];
    }

    /// <summary>Where a message may end: behind the header and behind each attribute, with or without its padding.</summary>
    private static HashSet<int> Boundaries(byte[] bytes)
    {
        var boundaries = new HashSet<int> { 8 };
        for (int position = 8; position < bytes.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(position));
            int next = (position + length + 3) & ~3;
            for (int end = position + length; end <= next; end++)
                boundaries.Add(end);
            position = next;
        }
        return boundaries;
    }
}
