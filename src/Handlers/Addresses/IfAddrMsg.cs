using System.Runtime.InteropServices;

namespace SmallRtnl.Addresses;

/// <summary><c>struct ifaddrmsg</c>: the fixed header of address messages, 8 bytes (rtnetlink(7)).</summary>
/// <param name="Family">AF_INET or AF_INET6.</param>
/// <param name="PrefixLength">Bits.</param>
/// <param name="Flags">The low byte of IFA_FLAGS.</param>
/// <param name="Scope">RT_SCOPE_*.</param>
/// <param name="Index">The interface index.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct IfAddrMsg(ProtocolFamily Family, byte PrefixLength, byte Flags, byte Scope, uint Index);
