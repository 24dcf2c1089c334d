using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>The checks of a generated parser: what <c>__nla_validate_parse</c> and <c>validate_nla</c> do, one attribute at a time.</summary>
/// <remarks>For generated code. Each returns false with errno, text and offset in the extack.</remarks>
[EditorBrowsable(EditorBrowsableState.Advanced)]
public static class NetlinkPolicy
{
    private const string Failed = "Attribute failed policy validation";

    /// <summary>
    /// Reads the fixed header and starts on the attributes behind it. Where the payload allows it, a header of which only the family
    /// came (<c>struct rtgenmsg</c>, as old clients send with their dumps) is a zero header with that family.
    /// </summary>
    public static bool TryReadHeader<T>(in NetlinkPayload payload, Extack extack, out T header, out NetlinkAttributeReader attributes)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        ReadOnlySpan<byte> bytes = payload.Bytes.Span;
        attributes = default;
        header = default;
        if (bytes.Length >= size)
        {
            header = MemoryMarshal.Read<T>(bytes);
            int start = Math.Min(NetlinkAlignment.Align(size), bytes.Length);
            attributes = new NetlinkAttributeReader(payload.Bytes[start..], payload.Offset + start);
            return true;
        }
        if (!payload.AllowShortHeader || bytes.IsEmpty)
            return extack.Fail(Errno.EINVAL, "Invalid header length");
        MemoryMarshal.AsBytes(new Span<T>(ref header))[0] = bytes[0];
        return true;
    }

    /// <summary>An integer: ERANGE where the payload is too short; with strict checking any length but its own is EINVAL.</summary>
    public static bool TryReadInteger<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, out T value)
        where T : unmanaged =>
        TryReadInteger(in payload, in attribute, extack, isBigEndian: false, out value);

    private static bool TryReadInteger<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, bool isBigEndian, out T value)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = attribute.Value.Span;
        int size = Unsafe.SizeOf<T>();
        value = default;
        if (payload.Strict && bytes.Length != size)
            return extack.Fail(Errno.EINVAL, "invalid attribute length", attribute.AttributeOffset);
        if (bytes.Length < size)
        {
            // The kernel describes no policy of network byte order.
            AttributePolicy policy = isBigEndian ? default : AttributePolicy.Integer(size, IsSigned<T>());
            return extack.Fail(Errno.ERANGE, Failed, attribute.AttributeOffset, policy);
        }
        value = MemoryMarshal.Read<T>(bytes);
        return true;
    }

    /// <summary>An integer in network byte order.</summary>
    public static bool TryReadBigEndian<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, out T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!TryReadInteger(in payload, in attribute, extack, isBigEndian: true, out value))
            return false;
        value = T.ReadBigEndian(attribute.Value.Span[..Unsafe.SizeOf<T>()], isUnsigned: !T.IsNegative(T.Zero - T.One));
        return true;
    }

    /// <summary>A fixed struct: ERANGE where the payload is shorter; what is longer is a newer client's.</summary>
    public static bool TryReadStruct<T>(in NetlinkAttributeReader attribute, Extack extack, out T value)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = attribute.Value.Span;
        value = default;
        if (bytes.Length < Unsafe.SizeOf<T>())
            return extack.Fail(Errno.ERANGE, Failed, attribute.AttributeOffset);
        value = MemoryMarshal.Read<T>(bytes);
        return true;
    }

    /// <summary>A value that reads itself.</summary>
    public static bool TryReadValue<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, out T value)
        where T : struct, INetlinkValue<T>
    {
        Errno errno = T.TryRead(attribute.Value, payload.Family, out value);
        return errno == Errno.None || extack.Fail(errno, Failed, attribute.AttributeOffset, T.PolicyFor(payload.Family));
    }

    /// <summary>A nest.</summary>
    public static bool TryReadNest<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, out T value)
        where T : struct, INetlinkNest<T> =>
        T.TryParse(new NetlinkPayload(attribute.Value, attribute.ValueOffset, payload.Family, payload.Strict), extack, out value);

    /// <summary>A flag: present, without payload.</summary>
    public static bool TryReadFlag(in NetlinkAttributeReader attribute, Extack extack) =>
        attribute.Value.IsEmpty || extack.Fail(Errno.ERANGE, Failed, attribute.AttributeOffset);

    /// <summary>The payload's length lies between two bounds.</summary>
    public static bool CheckLength(in NetlinkAttributeReader attribute, Extack extack, int minimum, int maximum) =>
        (attribute.Value.Length >= minimum && attribute.Value.Length <= maximum) || extack.Fail(Errno.ERANGE, Failed, attribute.AttributeOffset);

    /// <summary>The integer is outside its range.</summary>
    public static bool OutOfRange(in NetlinkAttributeReader attribute, Extack extack) =>
        extack.Fail(Errno.ERANGE, "integer out of range", attribute.AttributeOffset);

    /// <summary>The attribute is refused (NLA_REJECT).</summary>
    public static bool Reject(in NetlinkAttributeReader attribute, Extack extack) =>
        extack.Fail(Errno.EINVAL, Failed, attribute.AttributeOffset);

    /// <summary>The attribute has no declaration: EINVAL with strict checking, else ignored.</summary>
    public static bool CheckUnknown(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack) =>
        !payload.Strict || extack.Fail(Errno.EINVAL, "Unknown attribute type", attribute.AttributeOffset);

    /// <summary>Bytes that are no attribute stand at the end: EINVAL with strict checking, else a warning that travels with the ACK.</summary>
    public static bool CheckLeftover(in NetlinkPayload payload, in NetlinkAttributeReader attributes, Extack extack)
    {
        const string Leftover = "bytes leftover after parsing attributes";
        if (attributes.Leftover == 0)
            return true;
        if (payload.Strict)
            return extack.Fail(Errno.EINVAL, Leftover);
        extack.Say(Leftover);
        return true;
    }

    // The integers of messages, and the enums over them.
    private static bool IsSigned<T>() =>
        Type.GetTypeCode(typeof(T)) is TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64;
}
