using System.Buffers.Binary;

namespace SmallRtnl.Tests.Netlink;

/// <summary>What a client is told of the policy that its attribute broke: number and value of each attribute of the nest, in order.</summary>
public sealed class AttributePolicyTests
{
    private const int Type = 1, MinSigned = 2, MaxSigned = 3, Min = 4, Max = 5, MinLength = 6, MaxLength = 7, BitfieldMask = 10, Mask = 12;

    public static TheoryData<AttributePolicy, (int, long)[]> Described => new()
    {
        { AttributePolicy.Flag(), [(Type, 1)] },
        { AttributePolicy.Integer(1, isSigned: false), [(Min, 0), (Max, 255), (Type, 2)] },
        { AttributePolicy.Integer(2, isSigned: false).Between(5UL, 9UL), [(Min, 5), (Max, 9), (Type, 3)] },
        { AttributePolicy.Integer(4, isSigned: false), [(Min, 0), (Max, uint.MaxValue), (Type, 4)] },
        { AttributePolicy.Integer(8, isSigned: false), [(Min, 0), (Max, -1), (Type, 5)] },
        { AttributePolicy.Integer(1, isSigned: true), [(MinSigned, sbyte.MinValue), (MaxSigned, sbyte.MaxValue), (Type, 6)] },
        { AttributePolicy.Integer(2, isSigned: true), [(MinSigned, short.MinValue), (MaxSigned, short.MaxValue), (Type, 7)] },
        { AttributePolicy.Integer(4, isSigned: true).Between(-1L, 1L), [(MinSigned, -1), (MaxSigned, 1), (Type, 8)] },
        { AttributePolicy.Integer(8, isSigned: true), [(MinSigned, long.MinValue), (MaxSigned, long.MaxValue), (Type, 9)] },
        { AttributePolicy.Integer(4, isSigned: false).Masked(0xf0), [(Mask, 0xf0), (Type, 4)] },
        { AttributePolicy.VariableInteger(isSigned: false), [(Min, 0), (Max, -1), (Type, 17)] },
        { AttributePolicy.VariableInteger(isSigned: true), [(MinSigned, long.MinValue), (MaxSigned, long.MaxValue), (Type, 16)] },
        { AttributePolicy.Binary(), [(Type, 10)] },
        { AttributePolicy.Binary(32), [(MaxLength, 32), (Type, 10)] },
        { AttributePolicy.Binary().Between(2UL, 6UL), [(MinLength, 2), (MaxLength, 6), (Type, 10)] },
        { AttributePolicy.Binary().Exactly(8), [(MinLength, 8), (MaxLength, 8), (Type, 10)] },
        { AttributePolicy.String(15), [(MaxLength, 15), (Type, 11)] },
        { AttributePolicy.NulString(15), [(MaxLength, 15), (Type, 12)] },
        { AttributePolicy.Nested(), [(Type, 13)] },
        { AttributePolicy.NestedArray(), [(Type, 14)] },
        { AttributePolicy.Bitfield32(5), [(BitfieldMask, 5), (Type, 15)] },
    };

    public static TheoryData<AttributePolicy> NotDescribed =>
    [
        default(AttributePolicy), AttributePolicy.Unspecified(4), AttributePolicy.Reject("no"), AttributePolicy.BigEndian(2, isSigned: false), AttributePolicy.BigEndian(4, isSigned: false),
    ];

    [Theory]
    [MemberData(nameof(Described))]
    public void A_policy_is_described_as_the_kernel_does(AttributePolicy policy, (int, long)[] expected)
    {
        byte[] nest = Written(policy);
        Assert.Equal(0x8004, BinaryPrimitives.ReadUInt16LittleEndian(nest.AsSpan(2)));
        var found = new List<(int, long)>();
        var reader = new NetlinkAttributeReader(nest.AsMemory(4), 0);
        while (reader.Read())
        {
            ReadOnlySpan<byte> value = reader.Value.Span;
            found.Add((reader.Type, value.Length == 8 ? BinaryPrimitives.ReadInt64LittleEndian(value) : BinaryPrimitives.ReadUInt32LittleEndian(value)));
        }
        Assert.Equal(expected, found);
        Assert.Equal(0, reader.Leftover);
    }

    [Theory]
    [MemberData(nameof(NotDescribed))]
    public void What_the_kernel_describes_to_nobody_is_not_described(AttributePolicy policy) => Assert.Empty(Written(policy));

    public static TheoryData<AttributePolicy> WithoutRules =>
    [
        default(AttributePolicy), AttributePolicy.Flag(), AttributePolicy.String(15), AttributePolicy.NulString(15), AttributePolicy.Nested(), AttributePolicy.NestedArray(),
        AttributePolicy.Bitfield32(5), AttributePolicy.Unspecified(), AttributePolicy.Reject(),
    ];

    public static TheoryData<AttributePolicy> WithRules =>
    [
        AttributePolicy.Binary().AtLeast(2), AttributePolicy.Binary().Exactly(2), AttributePolicy.Binary().Between(2UL, 6UL), AttributePolicy.NulString(int.MaxValue),
        .. from size in (int[])[1, 2, 4, 8]
           from isSigned in (bool[])[false, true]
           from integer in (AttributePolicy[])[AttributePolicy.Integer(size, isSigned), AttributePolicy.BigEndian(size, isSigned), AttributePolicy.VariableInteger(isSigned)]
           from ruled in (AttributePolicy[])[integer.Masked(3), integer.Between(1UL, 2UL), integer.Between(-1L, 2L)]
           select ruled,
    ];

    [Theory]
    [MemberData(nameof(WithoutRules))]
    public void A_rule_that_a_kind_has_not_is_refused_where_it_is_made(AttributePolicy policy)
    {
        Assert.Throws<ArgumentException>(() => policy.AtLeast(2));
        Assert.Throws<ArgumentException>(() => policy.Exactly(2));
        Assert.Throws<ArgumentException>(() => policy.Between(0UL, 1UL));
        Assert.Throws<ArgumentException>(() => policy.Between(0L, 1L));
        Assert.Throws<ArgumentException>(() => policy.Masked(1));
    }

    [Fact]
    public void A_length_is_no_value_and_no_integer_has_three_bytes()
    {
        Assert.Throws<ArgumentException>(() => AttributePolicy.Integer(4, isSigned: false).AtLeast(2));
        Assert.Throws<ArgumentException>(() => AttributePolicy.Integer(4, isSigned: false).Exactly(2));
        Assert.Throws<ArgumentException>(() => AttributePolicy.Binary().Masked(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttributePolicy.Integer(3, isSigned: false));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttributePolicy.BigEndian(16, isSigned: false));
    }

    [Theory]
    [MemberData(nameof(WithRules))]
    public void No_length_makes_a_check_throw(AttributePolicy policy)
    {
        for (int length = 0; length < 12; length++)
        {
            byte[] bytes = new byte[16];
            new NetlinkWriter(bytes).PutBytes(1, new byte[length]);
            var reader = new NetlinkAttributeReader(bytes, 0);
            Assert.True(reader.Read());
            _ = NetlinkPolicy.Check(new NetlinkPayload(bytes, 0, ProtocolFamily.AF_UNSPEC, NetlinkValidation.Liberal), in reader, new Extack(), in policy);
        }
    }

    [Fact]
    public void A_bitfield_changes_what_it_selects() => Assert.Equal(0b1010u, new NetlinkBitfield32(0b0010, 0b0110).ApplyTo(0b1100));

    private static byte[] Written(AttributePolicy policy)
    {
        byte[] buffer = new byte[128];
        var writer = new NetlinkWriter(buffer);
        policy.Write(ref writer, type: 4);
        return buffer[..writer.Position];
    }
}
