using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary><c>struct rtgenmsg</c>: the shortest fixed header, one byte, padded to 4 on the wire.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct RtGenMsg(ProtocolFamily Family);
