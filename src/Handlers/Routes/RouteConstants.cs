namespace SmallRtnl.Routes;

/// <summary>RTN_*: what a route does with a packet.</summary>
public enum RouteType : byte
{
    RTN_UNSPEC = 0,
    RTN_UNICAST = 1,
    RTN_LOCAL = 2,
    RTN_BROADCAST = 3,
    RTN_ANYCAST = 4,
    RTN_MULTICAST = 5,
    RTN_BLACKHOLE = 6,
    RTN_UNREACHABLE = 7,
    RTN_PROHIBIT = 8,
    RTN_THROW = 9,
    RTN_NAT = 10,
    RTN_XRESOLVE = 11,
}

/// <summary>RT_SCOPE_*: how far away a destination is; a larger number is nearer.</summary>
public static class RouteScope
{
    public const byte Universe = 0;
    public const byte Site = 200;
    public const byte Link = 253;
    public const byte Host = 254;
    public const byte Nowhere = 255;
}

/// <summary>RTPROT_*: who made a route.</summary>
public static class RouteProtocol
{
    public const byte Unspecified = 0;
    public const byte Redirect = 1;
    public const byte Kernel = 2;
    public const byte Boot = 3;
    public const byte Static = 4;
}

/// <summary>RT_TABLE_*.</summary>
public static class RouteTableId
{
    public const uint Unspecified = 0;
    public const uint Compat = 252;
    public const uint Default = 253;
    public const uint Main = 254;
    public const uint Local = 255;
}

/// <summary>rtm_flags and rtnh_flags.</summary>
[Flags]
public enum RouteFlags : uint
{
    None = 0,
    RTNH_F_DEAD = 0x1,
    RTNH_F_PERVASIVE = 0x2,
    RTNH_F_ONLINK = 0x4,
    RTNH_F_OFFLOAD = 0x8,
    RTNH_F_LINKDOWN = 0x10,
    RTNH_F_UNRESOLVED = 0x20,
    RTNH_F_TRAP = 0x40,
    RTM_F_NOTIFY = 0x100,
    RTM_F_CLONED = 0x200,
    RTM_F_PREFIX = 0x800,
    RTM_F_LOOKUP_TABLE = 0x1000,
    RTM_F_FIB_MATCH = 0x2000,
    RTCF_NOTIFY = 0x1_0000,
    RTCF_BROADCAST = 0x1000_0000,
    RTCF_MULTICAST = 0x2000_0000,
    RTCF_LOCAL = 0x8000_0000,
}
