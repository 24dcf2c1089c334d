namespace SmallRtnl.Nexthops;

/// <summary>The attributes of nexthop messages (linux/nexthop.h).</summary>
internal static class NexthopAttributeType
{
    public const ushort NHA_ID = 1;
    public const ushort NHA_OIF = 5;
    public const ushort NHA_GROUPS = 9;
    public const ushort NHA_MASTER = 10;
    public const ushort NHA_FDB = 11;
    public const ushort NHA_RES_BUCKET = 13;
    public const ushort NHA_OP_FLAGS = 14;
}
