using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SmallRtnl;

public static partial class NetlinkPolicy
{
    private const string Failed = "Attribute failed policy validation";
    private const string InvalidLength = "invalid attribute length";

    /// <summary>Judges an attribute by its policy (<c>validate_nla</c>), all but what lies inside a nest.</summary>
    /// <returns>False with errno, text, offset and policy in the extack.</returns>
    public static bool Check(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy)
    {
        ReadOnlySpan<byte> value = attribute.ValueSpan;
        int length = value.Length;
        if (HasOneLength(policy.Kind) && length != policy.Length && payload.Asks(NetlinkValidation.StrictAttributes))
            return extack.FailPolicy(Errno.EINVAL, InvalidLength, attribute.AttributeOffset, in policy);
        if (payload.Asks(NetlinkValidation.Nested) && !CheckNestedBit(in attribute, extack, in policy))
            return false;
        Errno errno = Errno.ERANGE;
        bool passes;
        switch (policy.Kind)
        {
            case NetlinkAttributeKind.None:
                passes = true;
                break;
            case NetlinkAttributeKind.Reject:
                return extack.Fail(Errno.EINVAL, policy.Reason ?? Failed, attribute.AttributeOffset);
            case NetlinkAttributeKind.Flag:
                passes = length == 0;
                break;
            case NetlinkAttributeKind.VariableInt or NetlinkAttributeKind.VariableUInt:
                if (length is not (sizeof(uint) or sizeof(ulong)))
                    return extack.FailPolicy(Errno.EINVAL, InvalidLength, attribute.AttributeOffset, in policy);
                passes = true;
                break;
            case NetlinkAttributeKind.Bitfield32:
                passes = length == 2 * sizeof(uint);
                if (passes && !MemoryMarshal.Read<NetlinkBitfield32>(value).IsValid((uint)policy.AllowedBits))
                    (passes, errno) = (false, Errno.EINVAL);
                break;
            case NetlinkAttributeKind.NulString when !HasNul(value, policy.Length):
                (passes, errno) = (false, Errno.EINVAL);
                break;
            case NetlinkAttributeKind.NulString or NetlinkAttributeKind.String:
                passes = length > 0 && (policy.Length == 0 || length - (value[^1] == 0 ? 1 : 0) <= policy.Length);
                break;
            case NetlinkAttributeKind.Binary:
                passes = policy.Length == 0 || length <= policy.Length;
                break;
            case NetlinkAttributeKind.Nested or NetlinkAttributeKind.NestedArray:
                passes = length is 0 or >= 4;
                break;
            case NetlinkAttributeKind.Unspecified:
                if (payload.Asks(NetlinkValidation.Unspecified))
                    return Unsupported(in attribute, extack);
                passes = length >= policy.Length;
                break;
            default:
                passes = length >= policy.Length;
                break;
        }
        if (!passes)
            return extack.FailPolicy(errno, Failed, attribute.AttributeOffset, in policy);
        if (policy.HasRange)
            return CheckRange(in attribute, extack, in policy);
        if (policy.HasMask && (ValueOf(value, in policy) & ~policy.AllowedBits) != 0)
            return extack.Fail(Errno.EINVAL, "reserved bit set", attribute.AttributeOffset);
        return true;
    }

    /// <summary>The kinds of <c>nla_attr_len</c>.</summary>
    private static bool HasOneLength(NetlinkAttributeKind kind) =>
        kind is (>= NetlinkAttributeKind.UInt8 and <= NetlinkAttributeKind.Int64) or >= NetlinkAttributeKind.BigEndian16;

    private static bool CheckNestedBit(in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy)
    {
        bool isNest = policy.Kind is NetlinkAttributeKind.Nested or NetlinkAttributeKind.NestedArray;
        if (isNest && !attribute.IsNested)
            return extack.FailPolicy(Errno.EINVAL, "NLA_F_NESTED is missing", attribute.AttributeOffset, in policy);
        if (!isNest && attribute.IsNested && policy.Kind is not (NetlinkAttributeKind.None or NetlinkAttributeKind.Unspecified))
            return extack.FailPolicy(Errno.EINVAL, "NLA_F_NESTED not expected", attribute.AttributeOffset, in policy);
        return true;
    }

    private static bool HasNul(ReadOnlySpan<byte> text, int maximumLength)
    {
        if (maximumLength > 0 && text.Length - 1 > maximumLength)
            text = text[..(maximumLength + 1)];
        return text.Contains((byte)0);
    }

    private static bool CheckRange(in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy)
    {
        bool isBinary = policy.Kind == NetlinkAttributeKind.Binary;
        ulong value = isBinary ? (ulong)attribute.ValueSpan.Length : ValueOf(attribute.ValueSpan, in policy);
        bool inside = policy.IsSigned
            ? (long)value >= (long)policy.Minimum && (long)value <= (long)policy.Maximum
            : value >= policy.Minimum && value <= policy.Maximum;
        return inside || extack.FailPolicy(
            Errno.ERANGE,
            isBinary ? "binary attribute size out of range" : "integer out of range",
            attribute.AttributeOffset,
            in policy);
    }

    /// <summary>An integer's value, its sign extended to 64 bits. Only of a payload that is long enough.</summary>
    private static ulong ValueOf(ReadOnlySpan<byte> bytes, in AttributePolicy policy)
    {
        int size = policy.Kind is NetlinkAttributeKind.VariableInt or NetlinkAttributeKind.VariableUInt ? bytes.Length : policy.Length;
        ulong value = size switch
        {
            1 => bytes[0],
            2 => MemoryMarshal.Read<ushort>(bytes),
            4 => MemoryMarshal.Read<uint>(bytes),
            _ => MemoryMarshal.Read<ulong>(bytes),
        };
        int unused = 64 - (8 * size);
        if (policy.Kind >= NetlinkAttributeKind.BigEndian16)
            value = BinaryPrimitives.ReverseEndianness(value) >> unused;
        return policy.IsSigned ? (ulong)((long)(value << unused) >> unused) : value;
    }
}
