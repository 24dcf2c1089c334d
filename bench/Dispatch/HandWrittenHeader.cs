using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl.Bench;

/// <summary>What every dispatcher of netlink messages has to ask of a datagram's first message, written by hand.</summary>
internal static class HandWrittenHeader
{
    /// <summary>Reads nlmsghdr and the family behind it.</summary>
    /// <returns>False where there is no whole request of a type that exists.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> datagram, out NetlinkHeader header, out ProtocolFamily family)
    {
        family = default;
        if (!MemoryMarshal.TryRead(datagram, out header) || header.Length < NetlinkHeader.Size || header.Length > (uint)datagram.Length)
            return false;
        if ((header.Flags & NetlinkFlags.NLM_F_REQUEST) == 0 || header.Type < NetlinkControlType.NLMSG_MIN_TYPE || header.RtmType > NoOpType.RTM_SETNOOP)
            return false;
        if (header.Length <= NetlinkHeader.Size)
            return false;
        family = (ProtocolFamily)datagram[NetlinkHeader.Size];
        return true;
    }
}
