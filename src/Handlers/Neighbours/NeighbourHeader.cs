using System.Runtime.InteropServices;

namespace SmallRtnl.Neighbours;

/// <summary><c>struct ndmsg</c>: the fixed header of neighbour messages, 12 bytes (rtnetlink(7)).</summary>
/// <param name="Family">AF_INET, AF_INET6, or AF_BRIDGE for forwarding entries.</param>
/// <param name="Pad1">0.</param>
/// <param name="Pad2">0.</param>
/// <param name="Index">The interface.</param>
/// <param name="State">NUD_*.</param>
/// <param name="Flags">NTF_*.</param>
/// <param name="Type">RTN_*.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NeighbourHeader(ProtocolFamily Family, byte Pad1, ushort Pad2, int Index, ushort State, byte Flags, byte Type)
{
    /// <summary>NTF_SELF: the device's own entry.</summary>
    public const byte Self = 0x02;

    /// <summary>NTF_PROXY: an entry for which this machine answers.</summary>
    public const byte Proxy = 0x08;

    /// <summary>NUD_PERMANENT.</summary>
    public const ushort Permanent = 0x80;
}
