using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// <c>struct nla_bitfield32</c>: bits, and which of them are meant. 8 bytes in host byte order. A bit that is set must be selected, and a bit
/// that is selected must be one that the declaration's <see cref="NetlinkAttributeAttribute.Mask"/> allows; else EINVAL.
/// </summary>
/// <param name="Value">The bits' values.</param>
/// <param name="Selector">The bits that the sender means.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct NetlinkBitfield32(uint Value, uint Selector)
{
    /// <summary>What becomes of <paramref name="before"/>: selected bits take their new value, the others stay.</summary>
    public uint ApplyTo(uint before) => (before & ~Selector) | (Value & Selector);

    /// <summary>Whether <c>validate_nla_bitfield32</c> accepts it.</summary>
    internal bool IsValid(uint allowed) =>
        allowed != 0 && (Selector & ~allowed) == 0 && (Value & ~allowed) == 0 && (Value & ~Selector) == 0;
}
