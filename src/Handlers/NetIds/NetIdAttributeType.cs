namespace SmallRtnl.NetIds;

/// <summary>The attributes of namespace-id messages (linux/net_namespace.h).</summary>
public static class NetIdAttributeType
{
    public const ushort NETNSA_NSID = 1;
    public const ushort NETNSA_PID = 2;
    public const ushort NETNSA_FD = 3;
    public const ushort NETNSA_TARGET_NSID = 4;
    public const ushort NETNSA_CURRENT_NSID = 5;
}
