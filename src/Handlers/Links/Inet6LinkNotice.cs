namespace SmallRtnl.Links;

/// <summary>Tells RTNLGRP_IPV6_IFINFO of a link as IPv6 sees it (<c>inet6_ifinfo_notify</c>): one that has become ready, or has another token.</summary>
internal static class Inet6LinkNotice
{
    /// <summary>Says NEWLINK of family AF_INET6, if anybody listens. It is never asked for, so it names no requester.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public static void Say(RtnlContext context, Net net, Link link)
    {
        if (link.HasInet6 && context.IsHeard(net, RtnetlinkGroup.RTNLGRP_IPV6_IFINFO))
            context.Announce(net, RtnetlinkGroup.RTNLGRP_IPV6_IFINFO, RtmType.RTM_NEWLINK, LinkMessages.ForInet6(link));
    }

    /// <summary>The same of a link that is ready just now: nobody has asked for routers yet.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public static void SayReady(RtnlContext context, Net net, Link link) =>
        Say(context, net, link with { Inet6Flags = link.Inet6Flags & ~LinkFlagSets.Inet6SolicitationSent });
}
