using System.Runtime.InteropServices;

namespace SmallRtnl.Links;

/// <summary><c>struct ifinfomsg</c>: the fixed header of link messages, 16 bytes.</summary>
/// <param name="Family">AF_UNSPEC, or the family whose view of links is asked for.</param>
/// <param name="Pad">Must be 0 in strict requests.</param>
/// <param name="HardwareType">ARPHRD_*.</param>
/// <param name="Index">The interface index; 0 where the link is named otherwise.</param>
/// <param name="Flags">IFF_*.</param>
/// <param name="Change">Which flags are meant; 0 in a request that has flags means all.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct IfInfoMsg(
    ProtocolFamily Family,
    byte Pad,
    ushort HardwareType,
    int Index,
    LinkFlags Flags,
    LinkFlags Change);
