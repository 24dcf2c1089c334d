using System.Runtime.InteropServices;

namespace SmallRtnl.Links;

/// <summary>IFLA_INET6_TOKEN, 16 bytes: the interface identifier of the addresses that router advertisements bring; :: for none.</summary>
/// <param name="Prefix">The upper half, as it lies in the message: always 0 in replies.</param>
/// <param name="Identifier">The lower half, as it lies in the message.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Inet6Token(ulong Prefix, ulong Identifier);
