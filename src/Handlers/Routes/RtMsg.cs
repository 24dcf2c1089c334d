using System.Runtime.InteropServices;

namespace SmallRtnl.Routes;

/// <summary><c>struct rtmsg</c>: the fixed header of route messages, 12 bytes (rtnetlink(7)).</summary>
/// <param name="Family">AF_INET or AF_INET6.</param>
/// <param name="DestinationLength">Bits.</param>
/// <param name="SourceLength">Bits.</param>
/// <param name="Tos">The type of service.</param>
/// <param name="Table">The table's id if it is below 256; RTA_TABLE says it in full.</param>
/// <param name="Protocol">RTPROT_*.</param>
/// <param name="Scope">RT_SCOPE_*.</param>
/// <param name="Type">RTN_*.</param>
/// <param name="Flags">RTM_F_* and RTNH_F_*.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct RtMsg(
    ProtocolFamily Family,
    byte DestinationLength,
    byte SourceLength,
    byte Tos,
    byte Table,
    byte Protocol,
    byte Scope,
    RouteType Type,
    RouteFlags Flags);
