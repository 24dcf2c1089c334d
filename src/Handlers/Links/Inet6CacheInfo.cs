using System.Runtime.InteropServices;

namespace SmallRtnl.Links;

/// <summary><c>struct ifla_cacheinfo</c>.</summary>
/// <param name="MaxReassemblyLength">Bytes.</param>
/// <param name="Timestamp">When the link's IPv6 state last changed, hundredths of a second since boot.</param>
/// <param name="ReachableTime">Milliseconds; random for each link (RFC 4861, 6.3.2).</param>
/// <param name="RetransmitTime">Milliseconds.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Inet6CacheInfo(uint MaxReassemblyLength, uint Timestamp, uint ReachableTime, uint RetransmitTime);
