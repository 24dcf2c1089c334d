namespace SmallRtnl.Neighbours;

/// <summary>The attributes of neighbour messages (linux/neighbour.h).</summary>
internal static class NeighbourAttributeType
{
    public const ushort NDA_DST = 1;
    public const ushort NDA_LLADDR = 2;
    public const ushort NDA_CACHEINFO = 3;
    public const ushort NDA_PROBES = 4;
    public const ushort NDA_VLAN = 5;
    public const ushort NDA_PORT = 6;
    public const ushort NDA_VNI = 7;
    public const ushort NDA_IFINDEX = 8;
    public const ushort NDA_MASTER = 9;
    public const ushort NDA_PROTOCOL = 12;
    public const ushort NDA_NH_ID = 13;
    public const ushort NDA_FDB_EXT_ATTRS = 14;
    public const ushort NDA_FLAGS_EXT = 15;
    public const ushort NDA_NDM_FLAGS_MASK = 17;
}
