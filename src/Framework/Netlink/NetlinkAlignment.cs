namespace SmallRtnl;

/// <summary>Alignment of messages and attributes: both to 4 bytes.</summary>
public static class NetlinkAlignment
{
    /// <summary>NLMSG_ALIGN, NLA_ALIGN: the next multiple of 4.</summary>
    public static int Align(int length) => (length + 3) & ~3;
}
