namespace SmallRtnl.Links;

/// <summary>IFLA_INET6_ADDR_GEN_MODE: how the link-local address comes about (enum in6_addr_gen_mode).</summary>
public enum Inet6AddressGeneration : byte
{
    Eui64 = 0,
    None = 1,
    StablePrivacy = 2,
    Random = 3,
}
