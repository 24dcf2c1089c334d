using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary><c>struct nlmsghdr</c>: 16 bytes in host byte order (netlink(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct NetlinkHeader(uint Length, ushort Type, NetlinkFlags Flags, uint Sequence, uint PortId)
{
    /// <summary>The size of the header in bytes.</summary>
    public const int Size = 16;

    /// <summary>The type as an rtnetlink message type.</summary>
    public RtmType RtmType => (RtmType)Type;
}

/// <summary>The control message types of netlink(7), below <see cref="NLMSG_MIN_TYPE"/>.</summary>
public static class NetlinkControlType
{
    public const ushort NLMSG_NOOP = 1;
    public const ushort NLMSG_ERROR = 2;
    public const ushort NLMSG_DONE = 3;
    public const ushort NLMSG_OVERRUN = 4;
    public const ushort NLMSG_MIN_TYPE = 16;
}
