using System.Buffers.Binary;
using CsCheck;
using SmallRtnl.Generators.Tests.Declarations;
using static SmallRtnl.NetlinkValidation;

namespace SmallRtnl.Generators.Tests;

/// <summary>Every policy at work: who is refused, with which errno, text, offset and description.</summary>
public sealed class PolicyTests
{
    private const int First = NetlinkHeader.Size + 8;
    private const string Failed = "Attribute failed policy validation";

    private static readonly Gen<InnerNest> s_inner = Gen.Select(Gen.UInt, Gen.Byte[0, 10], Gen.Bool).Select((number, small, has) => new InnerNest { Number = number, Small = has ? small : null });

    [Theory]
    [InlineData(1, "0f000000", Strict, Errno.None, null)]
    [InlineData(1, "10000000", Liberal, Errno.EINVAL, "reserved bit set")]
    [InlineData(1, "0f0000", Liberal, Errno.ERANGE, Failed)]
    [InlineData(2, "0500000005000000", Liberal, Errno.None, null)]
    [InlineData(2, "0000000005000000", Liberal, Errno.None, null)]
    [InlineData(2, "0200000002000000", Liberal, Errno.EINVAL, Failed)]
    [InlineData(2, "0000000002000000", Liberal, Errno.EINVAL, Failed)]
    [InlineData(2, "0100000004000000", Liberal, Errno.EINVAL, Failed)]
    [InlineData(2, "05000000", Liberal, Errno.ERANGE, Failed)]
    [InlineData(2, "050000000500000000", Liberal, Errno.ERANGE, Failed)]
    [InlineData(3, "0100000000000000", Liberal, Errno.ERANGE, "integer out of range")]
    [InlineData(3, "0200000000000000", Liberal, Errno.None, null)]
    [InlineData(3, "feffffffffffffff", Liberal, Errno.None, null)]
    [InlineData(3, "ffffffffffffffff", Liberal, Errno.ERANGE, "integer out of range")]
    [InlineData(4, "010203", Liberal, Errno.ERANGE, Failed)]
    [InlineData(4, "0102030405", Strict, Errno.EINVAL, "invalid attribute length")]
    [InlineData(5, "01", Liberal, Errno.ERANGE, Failed)]
    [InlineData(6, "0a0000", Liberal, Errno.ERANGE, Failed)]
    [InlineData(9, "0000", Liberal, Errno.EINVAL, "invalid attribute length")]
    [InlineData(9, "00000000", Strict, Errno.None, null)]
    [InlineData(9, "0000000000000000", Strict, Errno.None, null)]
    [InlineData(10, "fbffffff", Liberal, Errno.None, null)]
    [InlineData(10, "faffffff", Liberal, Errno.ERANGE, "integer out of range")]
    [InlineData(10, "faffffffffffffff", Liberal, Errno.ERANGE, "integer out of range")]
    [InlineData(11, "61626364", Liberal, Errno.EINVAL, Failed)]
    [InlineData(11, "6162636400", Liberal, Errno.None, null)]
    [InlineData(11, "616263646500", Liberal, Errno.EINVAL, Failed)]
    [InlineData(11, "", Liberal, Errno.EINVAL, Failed)]
    [InlineData(12, "61626364", Liberal, Errno.None, null)]
    [InlineData(12, "6162636465", Liberal, Errno.ERANGE, Failed)]
    [InlineData(12, "61626300000000", Liberal, Errno.ERANGE, Failed)]
    [InlineData(12, "", Liberal, Errno.ERANGE, Failed)]
    [InlineData(13, "", Liberal, Errno.None, null)]
    [InlineData(13, "6162636400", Liberal, Errno.ERANGE, Failed)]
    [InlineData(14, "0000000000000000", Strict, Errno.None, null)]
    [InlineData(14, "000000000000000000", Liberal, Errno.ERANGE, "binary attribute size out of range")]
    [InlineData(15, "000000000000000000", Liberal, Errno.None, null)]
    [InlineData(15, "00000000", Liberal, Errno.ERANGE, Failed)]
    [InlineData(15, "0000000000000000", Strict, Errno.EINVAL, "Unsupported attribute")]
    [InlineData(16, "01020304050607", Liberal, Errno.ERANGE, Failed)]
    [InlineData(17, "0102", Liberal, Errno.ERANGE, Failed)]
    [InlineData(17, "", Liberal, Errno.None, null)]
    [InlineData(17, "", Strict, Errno.EINVAL, "NLA_F_NESTED is missing")]
    [InlineData(0x8011, "", Strict, Errno.None, null)]
    [InlineData(0x8001, "0f000000", Strict, Errno.EINVAL, "NLA_F_NESTED not expected")]
    [InlineData(0x8001, "0f000000", DeprecatedStrict, Errno.None, null)]
    [InlineData(18, "", Liberal, Errno.EINVAL, "not this one")]
    [InlineData(23, "", Liberal, Errno.EINVAL, "Unsupported attribute")]
    [InlineData(0x8017, "", Strict, Errno.EINVAL, "Unsupported attribute")]
    [InlineData(0x8012, "", Strict, Errno.EINVAL, "NLA_F_NESTED not expected")]
    [InlineData(20, "0009", Liberal, Errno.ERANGE, "integer out of range")]
    [InlineData(20, "000a", Liberal, Errno.None, null)]
    [InlineData(20, "1001", Liberal, Errno.ERANGE, "integer out of range")]
    // From 50 on everything is strict, whoever asks.
    [InlineData(50, "0000000000", Liberal, Errno.EINVAL, "invalid attribute length")]
    [InlineData(51, "", Liberal, Errno.EINVAL, "NLA_F_NESTED is missing")]
    [InlineData(0x8033, "", Liberal, Errno.None, null)]
    [InlineData(55, "", Liberal, Errno.EINVAL, "Unsupported attribute")]
    [InlineData(40, "", Liberal, Errno.None, null)]
    [InlineData(40, "", DeprecatedStrict, Errno.None, null)]
    [InlineData(40, "", Unspecified, Errno.EINVAL, "Unsupported attribute")]
    [InlineData(61, "", Liberal, Errno.None, null)]
    [InlineData(61, "", DeprecatedStrict, Errno.EINVAL, "Unknown attribute type")]
    [InlineData(0, "", DeprecatedStrict, Errno.EINVAL, "Unknown attribute type")]
    [InlineData(0, "", Liberal, Errno.None, null)]
    public void The_policy_decides(int type, string payload, NetlinkValidation validation, Errno errno, string? text)
    {
        // The attribute stands behind another, so that its offset is its own.
        byte[] bytes = Message(Attribute(4, new byte[4]), Attribute(type, Convert.FromHexString(payload)));
        bool parsed = Parse(bytes, validation, out _, out Extack extack);
        Assert.Equal((errno, text), (extack.Errno, extack.Message));
        Assert.Equal(errno == Errno.None, parsed);
        Assert.Equal(parsed ? 0 : First + 8, extack.Offset);
    }

    [Theory]
    [InlineData(1, "0f0000", NetlinkAttributeKind.UInt32)]
    [InlineData(2, "05000000", NetlinkAttributeKind.Bitfield32)]
    [InlineData(3, "0000000000000000", NetlinkAttributeKind.UInt64)]
    [InlineData(5, "", NetlinkAttributeKind.BigEndian16)]
    [InlineData(9, "", NetlinkAttributeKind.VariableUInt)]
    [InlineData(11, "", NetlinkAttributeKind.NulString)]
    [InlineData(12, "", NetlinkAttributeKind.String)]
    [InlineData(14, "", NetlinkAttributeKind.Binary)]
    [InlineData(19, "00", NetlinkAttributeKind.Nested)]
    [InlineData(7, "00", NetlinkAttributeKind.NestedArray)]
    [InlineData(1, "10000000", NetlinkAttributeKind.None)]
    [InlineData(18, "", NetlinkAttributeKind.None)]
    public void A_refusal_describes_its_policy(int type, string payload, NetlinkAttributeKind kind)
    {
        Assert.False(Parse(Message(Attribute(type, Convert.FromHexString(payload))), Liberal, out _, out Extack extack));
        Assert.Equal(kind, extack.Policy.Kind);
    }

    [Fact]
    public void A_reply_may_carry_what_a_request_may_not()
    {
        byte[] bytes = Message(Attribute(18, [7, 0, 0, 0]), Attribute(23, [8, 0, 0, 0]), Attribute(55, []), Attribute(50, new byte[5]));
        var payload = new NetlinkPayload(bytes, NetlinkHeader.Size, ProtocolFamily.AF_INET, Liberal) { IsReply = true };
        Assert.True(PolicyMessage.TryParse(in payload, new Extack(), out PolicyMessage message));
        Assert.Equal((7u, 8u), (message.Rejected, message.WithoutPolicy));
        Assert.True(message.HasUndeclared);
    }

    [Fact]
    public void Nests_in_a_replys_lists_may_carry_it_too()
    {
        byte[] nest = Attribute(1, [7, 0, 0, 0]);
        byte[] bytes = Message(Attribute(24, nest), Attribute(25, Attribute(1, nest)));
        var payload = new NetlinkPayload(bytes, NetlinkHeader.Size, ProtocolFamily.AF_INET, Liberal);
        Assert.False(PolicyMessage.TryParse(in payload, new Extack(), out _));
        Assert.True(PolicyMessage.TryParse(payload with { IsReply = true }, new Extack(), out PolicyMessage message));
        Assert.Equal([new RejectingNest { Rejected = 7 }], message.Rejecting.ToArray());
        Assert.Equal([new RejectingNest { Rejected = 7 }], message.RejectingArray!.Value.ToArray());
    }

    [Fact]
    public void A_reply_need_not_carry_what_a_request_must()
    {
        var payload = new NetlinkPayload(Message(Attribute(21, [])), NetlinkHeader.Size, ProtocolFamily.AF_INET, Liberal);
        Assert.False(PolicyMessage.TryParse(in payload, new Extack(), out _));
        Assert.True(PolicyMessage.TryParse(payload with { IsReply = true }, new Extack(), out PolicyMessage message));
        Assert.Equal(default(RequiringNest), message.Requiring);
    }

    [Fact]
    public void What_is_not_declared_is_noted_up_to_the_highest_number()
    {
        Assert.True(Parse(Message(Attribute(40, [])), DeprecatedStrict, out PolicyMessage below, out _));
        Assert.True(below.HasUndeclared);
        Assert.True(Parse(Message(Attribute(61, [])), Liberal, out PolicyMessage above, out _));
        Assert.False(above.HasUndeclared);
    }

    [Fact]
    public void Repeated_attributes_are_read_in_order_wherever_they_stand()
    {
        Assert.True(Parse(Message(Attribute(4, [1, 0, 0, 0]), Attribute(5, [0, 80]), Attribute(4, [2, 0, 0, 0]), Attribute(5, [1, 0]), Attribute(4, [3, 0, 0, 0])), Liberal, out PolicyMessage message, out _));
        Assert.Equal([1u, 2u, 3u], message.Numbers.ToArray());
        Assert.Equal([(ushort)80, (ushort)256], message.Ports.ToArray());
        Assert.Equal(0, message.Addresses.Count);
        Assert.Equal((NetlinkList<uint>)[1, 2, 3], message.Numbers);
        Assert.NotEqual((NetlinkList<uint>)[1, 2, 4], message.Numbers);
        Assert.NotEqual((NetlinkList<uint>)[1, 2], message.Numbers);
        Assert.Equal(((NetlinkList<uint>)[1, 2, 3]).GetHashCode(), message.Numbers.GetHashCode());
    }

    [Fact]
    public void A_nested_array_is_judged_entry_by_entry()
    {
        byte[] good = [.. Attribute(1, Attribute(1, [7, 0, 0, 0])), .. Attribute(9, [])];
        Assert.True(Parse(Message(Attribute(7, good)), Liberal, out PolicyMessage message, out _));
        Assert.Equal([new InnerNest { Number = 7 }, default], message.Array!.Value.ToArray());

        Assert.False(Parse(Message(Attribute(7, [.. Attribute(1, []), .. Attribute(2, [1, 2])])), Liberal, out _, out Extack extack));
        Assert.Equal((Errno.ERANGE, "Array element too short", First + 8), (extack.Errno, extack.Message, extack.Offset));

        Assert.False(Parse(Message(Attribute(7, Attribute(1, Attribute(2, [11])))), Liberal, out _, out extack));
        Assert.Equal((Errno.ERANGE, "integer out of range", First + 8), (extack.Errno, extack.Message, extack.Offset));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_shape_is_chosen_whichever_comes_first(bool dataFirst)
    {
        byte[] kind = Attribute(1, "inner\0"u8.ToArray());
        byte[] data = Attribute(2, Attribute(1, [7, 0, 0, 0]));
        Assert.True(Parse(Message(Attribute(19, dataFirst ? [.. data, .. kind] : [.. kind, .. data])), Liberal, out PolicyMessage message, out _));
        Assert.Equal(new ChosenNest { Kind = new NetlinkString("inner"), Inner = new InnerNest { Number = 7 } }, message.Chosen);
    }

    [Fact]
    public void A_value_that_no_shape_has_keeps_the_bytes()
    {
        byte[] data = Attribute(1, [7, 0, 0, 0]);
        Assert.True(Parse(Message(Attribute(19, [.. Attribute(1, "other\0"u8.ToArray()), .. Attribute(2, data), .. Attribute(4, data)])), Liberal, out PolicyMessage message, out _));
        Assert.Equal(
            new ChosenNest { Kind = new NetlinkString("other"), Data = new NetlinkBytes(data), ColourData = new NetlinkBytes(data) },
            message.Chosen);
    }

    [Fact]
    public void A_number_chooses_too_and_what_is_wrong_inside_is_found_where_it_stands()
    {
        byte[] colour = Attribute(3, [3, 0]);
        Assert.True(Parse(Message(Attribute(19, [.. Attribute(4, Attribute(1, [7, 0, 0, 0])), .. colour])), Liberal, out PolicyMessage message, out _));
        Assert.Equal(new InnerNest { Number = 7 }, message.Chosen!.Value.Blue);

        Assert.False(Parse(Message(Attribute(19, [.. Attribute(4, Attribute(2, [11])), .. colour])), Liberal, out _, out Extack extack));
        Assert.Equal(("integer out of range", First + 8), (extack.Message, extack.Offset));
    }

    [Fact]
    public void What_is_required_is_missed_by_number_and_nest()
    {
        byte[] wrong = Attribute(21, Attribute(1, new byte[4]));
        Assert.False(Parse(Message(Attribute(4, new byte[4]), wrong), Liberal, out _, out Extack extack));
        Assert.Equal((Errno.EINVAL, null, 2, First + 8), (extack.Errno, extack.Message, extack.MissingType, extack.MissingNestOffset));

        Assert.False(Parse(Message(Attribute(21, Attribute(2, new byte[4]))), Liberal, out _, out extack));
        Assert.Equal((3, First), (extack.MissingType, extack.MissingNestOffset));

        Assert.True(Parse(Message(Attribute(21, [.. Attribute(2, new byte[4]), .. Attribute(3, new byte[4])])), Liberal, out _, out _));
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void Nests_lie_at_most_so_deep(int depth, bool parses)
    {
        byte[] nest = Attribute(1, [7, 0, 0, 0]);
        for (int level = 1; level < depth; level++)
            nest = Attribute(2, nest);
        Assert.Equal(parses, Parse(Message(Attribute(22, nest)), Liberal, out _, out Extack extack));
        if (!parses)
            Assert.Equal((Errno.EINVAL, "allowed policy recursion depth exceeded"), (extack.Errno, extack.Message));
    }

    [Fact]
    public void A_thousand_nests_in_each_other_are_refused_without_a_thousand_calls()
    {
        byte[] nest = [];
        for (int level = 0; level < 1000; level++)
            nest = Attribute(2, nest);
        Assert.False(Parse(Message(Attribute(22, nest)), Liberal, out _, out _));
    }

    [Fact]
    public void What_was_written_is_read_again()
    {
        Gen<PolicyMessage> gen =
            from numbers in Gen.UInt.Array[0, 5]
            from ports in Gen.UShort.Array[0, 3]
            from nests in s_inner.Array[0, 3]
            from array in s_inner.Array[0, 3]
            from has in Gen.Bool.Array[8]
            from variable in Gen.Select(Gen.ULong, Gen.Long[-5, long.MaxValue], Gen.UInt[0, 5])
            from bits in Gen.Select(Gen.UInt[0, 7], Gen.UInt[0, 7])
            from inner in s_inner
            from choice in Gen.Int[0, 3]
            select new PolicyMessage
            {
                Header = new ThingHeader(ProtocolFamily.AF_INET, 0, 0, 0),
                Numbers = NetlinkList.Create<uint>(numbers),
                Ports = NetlinkList.Create<ushort>(ports),
                Nests = NetlinkList.Create<InnerNest>(nests),
                Array = has[0] ? NetlinkList.Create<InnerNest>(array) : null,
                Variable = has[1] ? variable.Item1 : variable.Item3,
                VariableSigned = has[2] ? variable.Item2 : (long)variable.Item3 - 5,
                Bits = has[3] ? new NetlinkBitfield32(bits.Item1 & bits.Item2 & 5, bits.Item2 & 5) : null,
                NulText = has[4] ? new NetlinkString("abcd") : null,
                BinaryText = has[5] ? new NetlinkString("") : null,
                Tree = has[6] ? new TreeNest { Children = [new TreeNest { Value = 1 }, new TreeNest { Children = [default] }] } : null,
                Chosen = choice switch
                {
                    0 => new ChosenNest { Kind = new NetlinkString("inner"), Inner = inner },
                    1 => new ChosenNest { Kind = new NetlinkString("outer"), Outer = new OuterNest { Inner = inner }, Colour = Colour.Blue, Blue = inner },
                    2 => new ChosenNest { Data = new NetlinkBytes(Attribute(1, [1])) },
                    _ => null,
                },
            };
        gen.Sample(message => Parse(Bytes(message), DeprecatedStrict, out PolicyMessage read, out _) && read == message);
    }

    [Fact]
    public void Random_attributes_never_throw_and_truncation_does_not_either()
    {
        Gen<byte[]> nested = Gen.Select(Gen.UShort[0, 5], Gen.Byte.Array[0, 12]).Array[0, 3].Select(all => all.SelectMany(one => Attribute(one.Item1, one.Item2)).ToArray());
        Gen.Select(Gen.Select(Gen.UShort[0, 62], Gen.OneOf(nested, Gen.Byte.Array[0, 12])).Array[0, 12], Gen.Byte[0, 31]).Sample((attributes, validation) =>
        {
            byte[] bytes = Message([.. attributes.Select(one => Attribute(one.Item1, one.Item2))]);
            for (int length = 0; length <= bytes.Length; length++)
            {
                if (Parse(bytes[..length], (NetlinkValidation)validation, out PolicyMessage message, out _))
                    _ = message.GetHashCode() + message.ToString()!.Length;
            }
        }, iter: 300);
    }

    [Fact]
    public void Reading_lists_and_shapes_allocates_nothing()
    {
        byte[] bytes = Bytes(new PolicyMessage
        {
            Header = new ThingHeader(ProtocolFamily.AF_INET, 0, 0, 0),
            Numbers = [1, 2, 3],
            Nests = [new InnerNest { Number = 1 }, default],
            Array = [new InnerNest { Number = 2 }],
            Chosen = new ChosenNest { Kind = new NetlinkString("inner"), Inner = new InnerNest { Number = 3 } },
        });
        byte[] room = new byte[1024];
        var extack = new Extack();
        uint sum = 0;
        for (int i = 0; i < 50; i++)
            Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1050u * 12, sum);

        void Round()
        {
            PolicyMessage.TryParse(new NetlinkPayload(bytes, NetlinkHeader.Size, ProtocolFamily.AF_INET, Liberal), extack, out PolicyMessage message);
            foreach (uint number in message.Numbers)
                sum += number;
            foreach (InnerNest nest in message.Nests)
                sum += nest.Number ?? 0;
            foreach (InnerNest nest in message.Array!.Value)
                sum += nest.Number ?? 0;
            sum += message.Chosen!.Value.Inner!.Value.Number ?? 0;
            var writer = new NetlinkWriter(room);
            message.Write(ref writer);
        }
    }

    private static bool Parse(byte[] bytes, NetlinkValidation validation, out PolicyMessage message, out Extack extack)
    {
        extack = new Extack();
        return PolicyMessage.TryParse(new NetlinkPayload(bytes, NetlinkHeader.Size, ProtocolFamily.AF_INET, validation), extack, out message);
    }

    private static byte[] Bytes(in PolicyMessage message)
    {
        byte[] room = new byte[4096];
        var writer = new NetlinkWriter(room);
        message.Write(ref writer);
        Assert.False(writer.Overflowed);
        return room[..writer.Position];
    }

    private static byte[] Message(params byte[][] attributes) => [2, 0, 0, 0, 0, 0, 0, 0, .. attributes.SelectMany(attribute => attribute)];

    /// <summary>An attribute, put together without the code under test.</summary>
    private static byte[] Attribute(int type, byte[] payload)
    {
        byte[] bytes = new byte[(4 + payload.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(4 + payload.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)type);
        payload.CopyTo(bytes, 4);
        return bytes;
    }
}
