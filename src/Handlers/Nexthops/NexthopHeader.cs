using System.Runtime.InteropServices;

namespace SmallRtnl.Nexthops;

/// <summary><c>struct nhmsg</c>: the fixed header of nexthop messages, 8 bytes (linux/nexthop.h).</summary>
/// <param name="Family">The gateway's family.</param>
/// <param name="Scope">RT_SCOPE_*.</param>
/// <param name="Protocol">RTPROT_*.</param>
/// <param name="Reserved">0.</param>
/// <param name="Flags">RTNH_F_*.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NexthopHeader(ProtocolFamily Family, byte Scope, byte Protocol, byte Reserved, uint Flags);
