namespace SmallRtnl.Links;

/// <summary>IFLA_OPERSTATE (IF_OPER_*, RFC 2863).</summary>
public enum LinkOperState : byte
{
    Unknown = 0,
    NotPresent = 1,
    Down = 2,
    LowerLayerDown = 3,
    Testing = 4,
    Dormant = 5,
    Up = 6,
}
