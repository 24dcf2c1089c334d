using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl.Bench;

/// <summary>What the hand-written parsers have in common: the walk over attributes, and the checks of their values.</summary>
internal ref struct HandWrittenAttributes(ReadOnlySpan<byte> message, int position)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _next = position;

    /// <summary>The attribute's number.</summary>
    public int Type { get; private set; }

    /// <summary>Whether NLA_F_NESTED was set.</summary>
    public bool IsNested { get; private set; }

    /// <summary>Where the attribute's header stands in the message.</summary>
    public int Start { get; private set; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether bytes are left that are no attribute.</summary>
    public readonly bool HasLeftover => _next < _message.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read()
    {
        ReadOnlySpan<byte> rest = _message[_next..];
        if (rest.Length < 4)
            return false;
        int length = MemoryMarshal.Read<ushort>(rest);
        if (length < 4 || length > rest.Length)
            return false;
        int type = MemoryMarshal.Read<ushort>(rest[2..]);
        Type = type & NetlinkWriter.NLA_TYPE_MASK;
        IsNested = (type & NetlinkWriter.NLA_F_NESTED) != 0;
        Value = rest[4..length];
        Start = _next;
        _next = Math.Min(_next + NetlinkAlignment.Align(length), _message.Length);
        return true;
    }

    /// <summary>A fixed size: at least so long, exactly so long where strictly checked, no nest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryRead<T>(NetlinkValidation validation, Extack extack, out T? value)
        where T : unmanaged
    {
        if (Value.Length < Unsafe.SizeOf<T>() || (validation & (NetlinkValidation.StrictAttributes | NetlinkValidation.Nested)) != 0)
            return TryReadStrictly(validation, extack, out value);
        value = MemoryMarshal.Read<T>(Value);
        return true;
    }

    /// <summary>An address of the message's family.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryReadAddress(ProtocolFamily family, NetlinkValidation validation, Extack extack, out InetAddress? value)
    {
        int length = family switch
        {
            ProtocolFamily.AF_INET => 4,
            ProtocolFamily.AF_INET6 => 16,
            _ => Value.Length >= 16 ? 16 : 4,
        };
        if (Value.Length < length || (Value.Length != length && (validation & NetlinkValidation.StrictAttributes) != 0) || (IsNested && (validation & NetlinkValidation.Nested) != 0))
        {
            value = null;
            return extack.Fail(Value.Length < length ? Errno.ERANGE : Errno.EINVAL, "Attribute failed policy validation", Start);
        }
        value = InetAddress.FromBytes(Value[..length]);
        return true;
    }

    /// <summary>A name: not empty, at most 15 bytes and its NUL.</summary>
    public readonly bool TryReadName(NetlinkValidation validation, Extack extack, out InterfaceName? value)
    {
        if (!Value.IsEmpty && InterfaceName.TryCreate(Value, out InterfaceName name) && !(IsNested && (validation & NetlinkValidation.Nested) != 0))
        {
            value = name;
            return true;
        }
        value = null;
        return extack.Fail(Errno.ERANGE, "Attribute failed policy validation", Start);
    }

    /// <summary>Bytes of any length, or of at least so many; where they are a nest, none or a header.</summary>
    public readonly bool TryReadBytes(ReadOnlyMemory<byte> message, int minimum, NetlinkValidation validation, Extack extack, out NetlinkBytes? value, bool isNest = false)
    {
        if (Value.Length < minimum || (isNest && Value.Length is > 0 and < 4) || (isNest != IsNested && (validation & NetlinkValidation.Nested) != 0))
        {
            value = null;
            return extack.Fail(Errno.ERANGE, "Attribute failed policy validation", Start);
        }
        value = new NetlinkBytes(message.Slice(Start + 4, Value.Length));
        return true;
    }

    /// <summary>Text, kept where it is: not longer than the limit without its NUL.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="maximum">The limit in bytes; 0: none.</param>
    /// <param name="validation">How strictly to check.</param>
    /// <param name="extack">Where a refusal goes.</param>
    /// <param name="value">The text.</param>
    public readonly bool TryReadText(ReadOnlyMemory<byte> message, int maximum, NetlinkValidation validation, Extack extack, out NetlinkString? value)
    {
        int length = Value.Length;
        if (length == 0 || (maximum > 0 && length - (Value[^1] == 0 ? 1 : 0) > maximum) || (IsNested && (validation & NetlinkValidation.Nested) != 0))
        {
            value = null;
            return extack.Fail(Errno.ERANGE, "Attribute failed policy validation", Start);
        }
        value = new NetlinkString(message.Slice(Start + 4, length));
        return true;
    }

    /// <summary>A link-layer address.</summary>
    public readonly bool TryReadHardwareAddress(NetlinkValidation validation, Extack extack, out HardwareAddress? value)
    {
        if (Value.Length > HardwareAddress.MaxLength || (IsNested && (validation & NetlinkValidation.Nested) != 0))
        {
            value = null;
            return extack.Fail(Errno.ERANGE, "Attribute failed policy validation", Start);
        }
        value = new HardwareAddress(Value);
        return true;
    }

    /// <summary>A nest that no benchmark sends: left to its own parser.</summary>
    public readonly bool TryReadNest<T>(ReadOnlyMemory<byte> message, NetlinkValidation validation, Extack extack, out T? value)
        where T : struct, INetlinkNest<T>
    {
        value = null;
        if (!CheckNest(validation, extack))
            return false;
        var payload = new NetlinkPayload(message.Slice(Start + 4, Value.Length), Start + 4, default, validation) { Depth = 1 };
        bool passes = T.TryParse(in payload, extack, out T nest);
        value = nest;
        return passes;
    }

    public readonly bool CheckNest(NetlinkValidation validation, Extack extack)
    {
        if (!IsNested && (validation & NetlinkValidation.Nested) != 0)
            return extack.Fail(Errno.EINVAL, "NLA_F_NESTED is missing", Start);
        return Value.Length is not (> 0 and < 4) || extack.Fail(Errno.ERANGE, "Attribute failed policy validation", Start);
    }

    public readonly bool CheckUnknown(NetlinkValidation validation, Extack extack) =>
        (validation & NetlinkValidation.MaxType) == 0 || extack.Fail(Errno.EINVAL, "Unknown attribute type", Start);

    public readonly bool CheckLeftover(NetlinkValidation validation, Extack extack)
    {
        if (!HasLeftover)
            return true;
        if ((validation & NetlinkValidation.Trailing) != 0)
            return extack.Fail(Errno.EINVAL, "bytes leftover after parsing attributes");
        extack.Say("bytes leftover after parsing attributes");
        return true;
    }

    private readonly bool TryReadStrictly<T>(NetlinkValidation validation, Extack extack, out T? value)
        where T : unmanaged
    {
        value = null;
        if (Value.Length != Unsafe.SizeOf<T>() && (validation & NetlinkValidation.StrictAttributes) != 0)
            return extack.Fail(Errno.EINVAL, "invalid attribute length", Start);
        if (IsNested && (validation & NetlinkValidation.Nested) != 0)
            return extack.Fail(Errno.EINVAL, "NLA_F_NESTED not expected", Start);
        if (Value.Length < Unsafe.SizeOf<T>())
            return extack.Fail(Errno.ERANGE, "Attribute failed policy validation", Start);
        value = MemoryMarshal.Read<T>(Value);
        return true;
    }
}
