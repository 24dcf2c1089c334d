using System.Numerics;

namespace SmallRtnl;

/// <summary>
/// What is asked of an attribute, as <c>struct nla_policy</c> says it: <see cref="NetlinkPolicy.Check"/> judges by it, and a refusal describes
/// it to the client (NLMSGERR_ATTR_POLICY). The default asks nothing and describes nothing.
/// </summary>
public readonly record struct AttributePolicy
{
    private const ushort NL_POLICY_TYPE_ATTR_TYPE = 1;
    private const ushort NL_POLICY_TYPE_ATTR_MIN_VALUE_S = 2;
    private const ushort NL_POLICY_TYPE_ATTR_MAX_VALUE_S = 3;
    private const ushort NL_POLICY_TYPE_ATTR_MIN_VALUE_U = 4;
    private const ushort NL_POLICY_TYPE_ATTR_MAX_VALUE_U = 5;
    private const ushort NL_POLICY_TYPE_ATTR_MIN_LENGTH = 6;
    private const ushort NL_POLICY_TYPE_ATTR_MAX_LENGTH = 7;
    private const ushort NL_POLICY_TYPE_ATTR_BITFIELD32_MASK = 10;
    private const ushort NL_POLICY_TYPE_ATTR_MASK = 12;

    private readonly bool _isFixedInteger;

    private AttributePolicy(NetlinkAttributeKind kind)
    {
        Kind = kind;
        _isFixedInteger = kind is (>= NetlinkAttributeKind.UInt8 and <= NetlinkAttributeKind.Int64) or >= NetlinkAttributeKind.BigEndian16;
    }

    private enum Rule : byte
    {
        None,
        Range,
        MinimumLength,
        Mask,
    }

    /// <summary>What the attribute is.</summary>
    public NetlinkAttributeKind Kind { get; }

    /// <summary>Whether it asks nothing and describes nothing.</summary>
    public bool IsEmpty => Kind == NetlinkAttributeKind.None;

    /// <summary>An integer's smallest value, its bits where it is signed; a binary attribute's shortest length.</summary>
    internal ulong Minimum { get; private init; }

    /// <summary>An integer's largest value, its bits where it is signed; a binary attribute's greatest length.</summary>
    internal ulong Maximum { get; private init; }

    /// <summary>Whether <see cref="Minimum"/> and <see cref="Maximum"/> are signed.</summary>
    internal bool IsSigned { get; private init; }

    /// <summary>Bytes of an integer; the greatest length of a string or blob, 0 for any; the shortest of what is unspecified.</summary>
    internal int Length { get; private init; }

    /// <summary>The bits that may be set.</summary>
    internal ulong AllowedBits { get; private init; }

    /// <summary>Why a rejected attribute is refused.</summary>
    internal string? Reason { get; private init; }

    internal bool HasRange => Judges is Rule.Range or Rule.MinimumLength;

    internal bool HasMask => Judges == Rule.Mask;

    /// <summary>An integer of which any value will do: its length is all that is asked.</summary>
    internal bool IsPlainInteger => _isFixedInteger && Judges == Rule.None;

    private Rule Judges { get; init; }

    private bool IsInteger => Kind is (>= NetlinkAttributeKind.UInt8 and <= NetlinkAttributeKind.Int64)
        or NetlinkAttributeKind.VariableInt or NetlinkAttributeKind.VariableUInt or >= NetlinkAttributeKind.BigEndian16;

    /// <summary>A flag (NLA_FLAG).</summary>
    public static AttributePolicy Flag() => new(NetlinkAttributeKind.Flag);

    /// <summary>An integer in host byte order of 1, 2, 4 or 8 bytes, any value of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No integer has that size.</exception>
    public static AttributePolicy Integer(int size, bool isSigned) =>
        Number((isSigned ? NetlinkAttributeKind.Int8 : NetlinkAttributeKind.UInt8) + (byte)BitOperations.Log2((uint)size), size, isSigned);

    /// <summary>An integer in network byte order of 2, 4 or 8 bytes; of one byte there is no order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No integer has that size.</exception>
    public static AttributePolicy BigEndian(int size, bool isSigned) => size == 1
        ? Integer(size, isSigned)
        : Number(NetlinkAttributeKind.BigEndian16 + (byte)(BitOperations.Log2((uint)size) - 1), size, isSigned);

    /// <summary>An integer of 4 or 8 bytes, as its value needs (NLA_UINT, NLA_SINT).</summary>
    public static AttributePolicy VariableInteger(bool isSigned) =>
        Number(isSigned ? NetlinkAttributeKind.VariableInt : NetlinkAttributeKind.VariableUInt, sizeof(ulong), isSigned);

    /// <summary>Bytes (NLA_BINARY).</summary>
    /// <param name="maximumLength">The greatest length; 0 for any.</param>
    public static AttributePolicy Binary(int maximumLength = 0) => new(NetlinkAttributeKind.Binary) { Length = maximumLength };

    /// <summary>Text, with or without its NUL (NLA_STRING).</summary>
    /// <param name="maximumLength">The greatest length without the NUL; 0 for any.</param>
    public static AttributePolicy String(int maximumLength = 0) => new(NetlinkAttributeKind.String) { Length = maximumLength };

    /// <summary>Text that must have its NUL (NLA_NUL_STRING).</summary>
    /// <param name="maximumLength">The greatest length without the NUL; 0 for any.</param>
    public static AttributePolicy NulString(int maximumLength = 0) => new(NetlinkAttributeKind.NulString) { Length = maximumLength };

    /// <summary>Attributes (NLA_NESTED).</summary>
    public static AttributePolicy Nested() => new(NetlinkAttributeKind.Nested);

    /// <summary>Attributes whose payloads are nests (NLA_NESTED_ARRAY).</summary>
    public static AttributePolicy NestedArray() => new(NetlinkAttributeKind.NestedArray);

    /// <summary>A bitfield (NLA_BITFIELD32).</summary>
    /// <param name="allowed">The bits that may be selected.</param>
    public static AttributePolicy Bitfield32(uint allowed) => new(NetlinkAttributeKind.Bitfield32) { AllowedBits = allowed };

    /// <summary>Bytes without a policy (NLA_UNSPEC).</summary>
    /// <param name="minimumLength">The shortest length.</param>
    public static AttributePolicy Unspecified(int minimumLength = 0) => new(NetlinkAttributeKind.Unspecified) { Length = minimumLength };

    /// <summary>Never accepted (NLA_REJECT).</summary>
    /// <param name="reason">What the client is told; null for the usual text.</param>
    public static AttributePolicy Reject(string? reason = null) => new(NetlinkAttributeKind.Reject) { Reason = reason };

    /// <summary>The same for values between two bounds (NLA_POLICY_RANGE, NLA_POLICY_FULL_RANGE).</summary>
    /// <remarks>Of an integer the values, of a binary attribute the lengths.</remarks>
    /// <exception cref="ArgumentException">It is of a kind that has no such rule.</exception>
    public AttributePolicy Between(ulong minimum, ulong maximum) => IsInteger || Kind == NetlinkAttributeKind.Binary
        ? this with { Judges = Rule.Range, Minimum = minimum, Maximum = maximum }
        : throw HasNo("range");

    /// <summary>The same for signed values between two bounds.</summary>
    /// <exception cref="ArgumentException">It is of a kind that has no such rule.</exception>
    public AttributePolicy Between(long minimum, long maximum) => Between((ulong)minimum, (ulong)maximum);

    /// <summary>The same for at least so many bytes (NLA_POLICY_MIN_LEN).</summary>
    /// <exception cref="ArgumentException">It is of a kind that has no such rule.</exception>
    public AttributePolicy AtLeast(int length) => Kind == NetlinkAttributeKind.Binary
        ? this with { Judges = Rule.MinimumLength, Minimum = (ulong)length, Maximum = ushort.MaxValue }
        : throw HasNo("rule of length");

    /// <summary>The same for so many bytes and no others (NLA_POLICY_EXACT_LEN).</summary>
    /// <exception cref="ArgumentException">It is of a kind that has no such rule.</exception>
    public AttributePolicy Exactly(int length) =>
        Kind == NetlinkAttributeKind.Binary ? Between((ulong)length, (ulong)length) : throw HasNo("rule of length");

    /// <summary>The same with only these bits set (NLA_POLICY_MASK).</summary>
    /// <exception cref="ArgumentException">It is of a kind that has no such rule.</exception>
    public AttributePolicy Masked(ulong bits) => IsInteger ? this with { Judges = Rule.Mask, AllowedBits = bits } : throw HasNo("mask");

    /// <summary>Writes it as a nest, in the order of <c>__netlink_policy_dump_write_attr</c>; nothing where the kernel describes nothing.</summary>
    /// <remarks>An acknowledgement has no table of policies, so no index into one: nests are described by their type alone.</remarks>
    internal void Write(ref NetlinkWriter writer, ushort type)
    {
        if (Kind is NetlinkAttributeKind.None or >= NetlinkAttributeKind.Unspecified)
            return;
        int start = writer.BeginNest(type);
        switch (Kind)
        {
            case >= NetlinkAttributeKind.UInt8 and <= NetlinkAttributeKind.Int64 or NetlinkAttributeKind.VariableInt or NetlinkAttributeKind.VariableUInt:
                WriteInteger(ref writer);
                break;
            case NetlinkAttributeKind.Bitfield32:
                writer.Put(NL_POLICY_TYPE_ATTR_BITFIELD32_MASK, (uint)AllowedBits);
                break;
            case NetlinkAttributeKind.Binary when Judges == Rule.Range:
                if (Minimum > 0)
                    writer.Put(NL_POLICY_TYPE_ATTR_MIN_LENGTH, (uint)Minimum);
                if (Maximum < ushort.MaxValue)
                    writer.Put(NL_POLICY_TYPE_ATTR_MAX_LENGTH, (uint)Maximum);
                break;
            case NetlinkAttributeKind.Binary or NetlinkAttributeKind.String or NetlinkAttributeKind.NulString:
                if (Length > 0)
                    writer.Put(NL_POLICY_TYPE_ATTR_MAX_LENGTH, (uint)Length);
                break;
        }
        writer.Put(NL_POLICY_TYPE_ATTR_TYPE, (uint)Kind);
        writer.EndNest(start);
    }

    private static AttributePolicy Number(NetlinkAttributeKind kind, int size, bool isSigned)
    {
        if (size is not (1 or 2 or 4 or 8))
            throw new ArgumentOutOfRangeException(nameof(size), size, "An integer has 1, 2, 4 or 8 bytes.");
        ulong all = ulong.MaxValue >> (64 - (8 * size));
        return new(kind)
        {
            Length = size,
            IsSigned = isSigned,
            Minimum = isSigned ? ~(all >> 1) : 0,
            Maximum = isSigned ? all >> 1 : all,
        };
    }

    // Refused here, where the declaration is made, and not on a client's bytes. The kernel warns and refuses the client.
    private ArgumentException HasNo(string rule) => new($"An attribute of kind {Kind} has no {rule}.");

    private void WriteInteger(ref NetlinkWriter writer)
    {
        if (HasMask)
        {
            writer.Put(NL_POLICY_TYPE_ATTR_MASK, AllowedBits);
            return;
        }
        writer.Put(IsSigned ? NL_POLICY_TYPE_ATTR_MIN_VALUE_S : NL_POLICY_TYPE_ATTR_MIN_VALUE_U, Minimum);
        writer.Put(IsSigned ? NL_POLICY_TYPE_ATTR_MAX_VALUE_S : NL_POLICY_TYPE_ATTR_MAX_VALUE_U, Maximum);
    }
}
