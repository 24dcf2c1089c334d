namespace SmallRtnl.Links;

/// <summary>IFLA_EXT_MASK (RTEXT_FILTER_*).</summary>
[Flags]
public enum LinkFilterMask : uint
{
    None = 0,
    RTEXT_FILTER_VF = 0x1,
    RTEXT_FILTER_BRVLAN = 0x2,
    RTEXT_FILTER_BRVLAN_COMPRESSED = 0x4,
    RTEXT_FILTER_SKIP_STATS = 0x8,
}
