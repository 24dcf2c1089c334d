namespace SmallRtnl.Links;

/// <summary>Sets of interface flags that belong together.</summary>
internal static class LinkFlagSets
{
    /// <summary>ifi_change of a link that appears or goes.</summary>
    public const LinkFlags All = (LinkFlags)~0u;

    /// <summary>What a request changes freely (<c>__dev_change_flags</c>).</summary>
    public const LinkFlags Changeable = LinkFlags.IFF_DEBUG | LinkFlags.IFF_NOTRAILERS | LinkFlags.IFF_NOARP | LinkFlags.IFF_DYNAMIC
        | LinkFlags.IFF_MULTICAST | LinkFlags.IFF_PORTSEL | LinkFlags.IFF_AUTOMEDIA;

    /// <summary>IF_READY, and IF_RS_SENT where router solicitations are sent: what IFLA_INET6_FLAGS says of a link that runs.</summary>
    public const uint Inet6Ready = 0x8000_0000;
    public const uint Inet6SolicitationSent = 0x10;
}
