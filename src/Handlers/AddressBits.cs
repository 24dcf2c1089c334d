using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// An address without its family, 16 bytes: an <see cref="InetAddress"/> has 32, and 48 where it may be missing. What is kept in thousands
/// keeps its addresses like this, and the families beside one another.
/// </summary>
internal readonly record struct AddressBits(ulong High, ulong Low)
{
    /// <summary>The bits of an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AddressBits Of(InetAddress address)
    {
        UInt128 value = address.Value;
        return new AddressBits((ulong)(value >> 64), (ulong)value);
    }

    /// <summary>The bits of an address that may be missing, and its family; AF_UNSPEC for one that is.</summary>
    public static AddressBits Of(InetAddress? address, out ProtocolFamily family)
    {
        family = ProtocolFamily.AF_UNSPEC;
        if (address is not { } there)
            return default;
        family = there.Family;
        return Of(there);
    }

    /// <summary>The address again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public InetAddress ToAddress(ProtocolFamily family) =>
        family == ProtocolFamily.AF_INET6 ? InetAddress.FromIPv6(new UInt128(High, Low)) : InetAddress.FromIPv4((uint)Low);

    /// <summary>The address again, null for AF_UNSPEC.</summary>
    public InetAddress? ToOptional(ProtocolFamily family) => family == ProtocolFamily.AF_UNSPEC ? null : ToAddress(family);
}
