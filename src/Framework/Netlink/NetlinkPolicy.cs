using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>The steps of a generated parser: what <c>__nla_validate_parse</c> and <c>validate_nla</c> do, one attribute at a time.</summary>
/// <remarks>For generated code. Each returns false with errno, text and offset in the extack.</remarks>
[EditorBrowsable(EditorBrowsableState.Advanced)]
public static partial class NetlinkPolicy
{
    internal const string InvalidHeaderLength = "Invalid header length";

    private static readonly AttributePolicy s_flag = AttributePolicy.Flag();
    private static readonly AttributePolicy s_nested = AttributePolicy.Nested();
    private static readonly AttributePolicy s_nestedArray = AttributePolicy.NestedArray();

    /// <summary>An integer in host byte order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadInteger<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy, out T value)
        where T : unmanaged
    {
        if (payload.IsLenient && policy.IsPlainInteger && MemoryMarshal.TryRead(attribute.ValueSpan, out value))
            return true;
        return TryReadStruct(in payload, in attribute, extack, in policy, out value);
    }

    /// <summary>An integer in network byte order.</summary>
    public static bool TryReadBigEndian<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy, out T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        value = default;
        if (!Check(in payload, in attribute, extack, in policy))
            return false;
        value = T.ReadBigEndian(attribute.ValueSpan[..Unsafe.SizeOf<T>()], isUnsigned: !T.IsNegative(T.Zero - T.One));
        return true;
    }

    /// <summary>An integer of 4 or 8 bytes.</summary>
    public static bool TryReadVariable(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy, out ulong value)
    {
        value = 0;
        if (!Check(in payload, in attribute, extack, in policy))
            return false;
        value = ValueOf(attribute.ValueSpan, in policy);
        return true;
    }

    /// <summary>A signed integer of 4 or 8 bytes.</summary>
    public static bool TryReadVariable(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy, out long value)
    {
        bool read = TryReadVariable(in payload, in attribute, extack, in policy, out ulong bits);
        value = (long)bits;
        return read;
    }

    /// <summary>A fixed struct. What is longer is a newer client's, where the policy allows it.</summary>
    public static bool TryReadStruct<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy, out T value)
        where T : unmanaged
    {
        value = default;
        if (!Check(in payload, in attribute, extack, in policy))
            return false;
        return MemoryMarshal.TryRead(attribute.ValueSpan, out value) || extack.FailPolicy(Errno.ERANGE, Failed, attribute.AttributeOffset, in policy);
    }

    /// <summary>A value that reads itself, by the policy that its type names, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadValue<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, ref T? value)
        where T : struct, INetlinkValue<T>
    {
        ref T inside = ref Present(ref value);
        return (payload.IsLenient && TryReadPlain(in attribute, payload.Family, out inside))
            || TryReadValue(in payload, in attribute, extack, out inside);
    }

    /// <summary>What points into the request is read elsewhere: its copies would be cleared in every caller's frame, whether they are used or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadPlain<T>(in NetlinkAttributeReader attribute, ProtocolFamily family, out T value)
        where T : struct, INetlinkValue<T> =>
        RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? TryReadPointing(in attribute, family, out value) : T.TryReadPlain(in attribute, family, out value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadPointing<T>(in NetlinkAttributeReader attribute, ProtocolFamily family, out T value)
        where T : struct, INetlinkValue<T> => T.TryReadPlain(in attribute, family, out value);

    /// <summary>A value that reads itself, by the policy that its type names.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryReadValue<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, out T value)
        where T : struct, INetlinkValue<T> =>
        TryReadValue(in payload, in attribute, extack, T.PolicyFor(payload.Family), out value);

    /// <summary>A value that reads itself, by a policy of the attribute's own.</summary>
    public static bool TryReadValue<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, in AttributePolicy policy, out T value)
        where T : struct, INetlinkValue<T>
    {
        value = default;
        if (!Check(in payload, in attribute, extack, in policy))
            return false;
        Errno errno = T.TryRead(attribute.Value, payload.Family, out value);
        return errno == Errno.None || extack.FailPolicy(errno, Failed, attribute.AttributeOffset, in policy);
    }

    /// <summary>A nest, at most <see cref="NetlinkPayload.MaxDepth"/> deep, in place.</summary>
    public static bool TryReadNest<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, ref T? value)
        where T : struct, INetlinkNest<T>
    {
        return TryReadNest(in payload, in attribute, extack, out Present(ref value));
    }

    /// <summary>A nest, at most <see cref="NetlinkPayload.MaxDepth"/> deep.</summary>
    // Not inlined: the payload that it makes would be cleared in every caller's frame, whether there is a nest or not.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryReadNest<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, out T value)
        where T : struct, INetlinkNest<T>
    {
        value = default;
        // Without anything inside, or with room for an attribute.
        bool isPlain = payload.IsLenient && attribute.ValueSpan.Length is 0 or >= 4;
        if (!isPlain && !Check(in payload, in attribute, extack, in s_nested))
            return false;
        return TryEnter(payload.Inside(in attribute), extack, out value);
    }

    /// <summary>Judges a nested array and every nest in it (<c>nla_validate_array</c>).</summary>
    public static bool CheckNestedArray<T>(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack)
        where T : struct, INetlinkNest<T>
    {
        if (!Check(in payload, in attribute, extack, in s_nestedArray))
            return false;
        var entries = new NetlinkAttributeReader(attribute.Value, attribute.ValueOffset);
        while (entries.Read())
        {
            if (entries.Value.IsEmpty)
                continue;
            if (entries.Value.Length < 4)
                return extack.FailPolicy(Errno.ERANGE, "Array element too short", entries.AttributeOffset, in s_nestedArray);
            if (!TryEnter(payload.Inside(in entries), extack, out T _))
                return false;
        }
        return true;
    }

    /// <summary>A flag: present, without payload.</summary>
    public static bool TryReadFlag(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack) =>
        Check(in payload, in attribute, extack, in s_flag);

    /// <summary>An attribute without declaration, of a message whose highest number is known.</summary>
    /// <param name="payload">What is being parsed.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="extack">Where the refusal goes.</param>
    /// <param name="maxType">The highest number that exists; what is above it is unknown, what is not has no policy.</param>
    public static bool CheckUndeclared(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack, int maxType)
    {
        if (attribute.Type == 0 || attribute.Type > maxType)
            return CheckUnknown(in payload, in attribute, extack);
        return !payload.Asks(NetlinkValidation.Unspecified) || Unsupported(in attribute, extack);
    }

    /// <summary>The attribute is known and has no policy: EINVAL.</summary>
    /// <returns>False.</returns>
    public static bool Unsupported(in NetlinkAttributeReader attribute, Extack extack) =>
        extack.Fail(Errno.EINVAL, "Unsupported attribute", attribute.AttributeOffset);

    /// <summary>The attribute has no declaration: EINVAL with strict checking, else ignored.</summary>
    public static bool CheckUnknown(in NetlinkPayload payload, in NetlinkAttributeReader attribute, Extack extack) =>
        !payload.Asks(NetlinkValidation.MaxType) || extack.Fail(Errno.EINVAL, "Unknown attribute type", attribute.AttributeOffset);

    /// <summary>Bytes that are no attribute stand at the end: EINVAL with strict checking, else a warning that travels with the ACK.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CheckLeftover(in NetlinkPayload payload, in NetlinkAttributeReader attributes, Extack extack) =>
        attributes.Leftover == 0 || RefuseLeftover(in payload, extack);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RefuseLeftover(in NetlinkPayload payload, Extack extack)
    {
        const string Leftover = "bytes leftover after parsing attributes";
        if (payload.Asks(NetlinkValidation.Trailing))
            return extack.Fail(Errno.EINVAL, Leftover);
        extack.Say(Leftover);
        return true;
    }

    /// <summary>A required attribute is not there: EINVAL, with its number and the nest in which it was missed (NL_REQ_ATTR_CHECK).</summary>
    public static bool Missing(in NetlinkPayload payload, Extack extack, ushort type)
    {
        // A nest's header stands in front of its payload; a message has none.
        extack.Missing(type, payload.Depth > 0 ? payload.Offset - 4 : 0);
        return extack.Fail(Errno.EINVAL);
    }

    /// <summary>The value in a nullable, which has one from now on: what is written there is not copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T Present<T>(ref T? value)
        where T : struct
    {
        NullableFields<T>.HasValue(ref value) = true;
        return ref Unsafe.AsRef(in Nullable.GetValueRefOrDefaultRef(in value));
    }

    private static class NullableFields<T>
        where T : struct
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "hasValue")]
        public static extern ref bool HasValue(ref T? nullable);
    }

    private static bool TryEnter<T>(in NetlinkPayload inside, Extack extack, out T value)
        where T : struct, INetlinkNest<T>
    {
        value = default;
        return inside.Depth < NetlinkPayload.MaxDepth
            ? T.TryParse(in inside, extack, out value)
            : extack.Fail(Errno.EINVAL, "allowed policy recursion depth exceeded");
    }
}
