namespace SmallRtnl.Links;

/// <summary>Flags, up and down, and the carrier of pairs.</summary>
internal static class LinkUpDown
{
    /// <summary>Applies a request's ifi_flags and ifi_change (<c>netif_change_flags</c>), notifies, and raises Up or Down.</summary>
    /// <param name="editor">The request's editor.</param>
    /// <param name="net">The link's namespace.</param>
    /// <param name="link">The link; the new version on return.</param>
    /// <param name="header">What is asked for.</param>
    public static RtnlResult Change(LinkEditor editor, Net net, ref Link link, in IfInfoMsg header)
    {
        Link before = link;
        RtnlResult result = Apply(editor, net, ref link, in header);
        if (!result.IsOk)
            return result;
        LinkFlags changed = before.Flags ^ link.Flags;
        if (changed != LinkFlags.None)
            editor.AnnounceNew(net, link, changed, toInet6: before);
        RaiseUpOrDown(editor, net, before, link);
        return RtnlResult.Ok;
    }

    /// <summary>The flags of a link just registered, and its first NEWLINK, which says that everything changed (<c>rtnl_configure_link</c>).</summary>
    /// <param name="editor">The request's editor.</param>
    /// <param name="net">The link's namespace.</param>
    /// <param name="link">The link; the new version on return.</param>
    /// <param name="header">What is asked for; null: nothing.</param>
    /// <param name="isRequested">Whether it is the link that the request names, not its peer.</param>
    public static RtnlResult Configure(LinkEditor editor, Net net, ref Link link, IfInfoMsg? header, bool isRequested)
    {
        Link before = link;
        if (header is { } wanted && (wanted.Flags | wanted.Change) != LinkFlags.None)
        {
            RtnlResult result = Apply(editor, net, ref link, in wanted);
            if (!result.IsOk)
                return result;
        }
        if (isRequested)
            editor.NotifyNew(net, link, toInet6: before);
        else
            editor.AnnounceNew(net, link, LinkFlagSets.All, toInet6: before);
        RaiseUpOrDown(editor, net, before, link);
        return RtnlResult.Ok;
    }

    /// <summary>A link without IFF_UP and what goes with it; the caller says so to the world (<c>__dev_close</c>).</summary>
    public static Link Close(LinkEditor editor, Net net, Link link)
    {
        Link before = link;
        link = link with { Flags = link.Flags & ~LinkFlags.IFF_UP };
        link = Inet6Readiness.Update(before, link);
        editor.Put(net, link);
        return SyncPair(editor, net, link);
    }

    /// <summary>Sets the carrier and counts the change (<c>netif_carrier_on</c>, <c>netif_carrier_off</c>).</summary>
    public static Link SetCarrier(LinkEditor editor, Net net, Link link, bool carrier)
    {
        if (link.HasCarrier == carrier)
            return link;
        editor.CarrierChanged(link);
        link = carrier
            ? link with { HasCarrier = true, CarrierUpCount = link.CarrierUpCount + 1 }
            : link with { HasCarrier = false, CarrierDownCount = link.CarrierDownCount + 1 };
        editor.Put(net, link);
        return link;
    }

    private static RtnlResult Apply(LinkEditor editor, Net net, ref Link link, in IfInfoMsg header)
    {
        // Bugwards compatible, as the kernel says: no mask means all flags.
        LinkFlags flags = header.Change == LinkFlags.None ? header.Flags : (header.Flags & header.Change) | (link.Flags & ~header.Change);
        Link before = link;
        LinkFlags changed = (flags & LinkFlagSets.Changeable) | (link.Flags & ~LinkFlagSets.Changeable);
        bool up = (flags & LinkFlags.IFF_UP) != 0;
        if (up && !before.IsUp)
        {
            // A pair's end that is not tied to the other yet has nothing to open (veth_open).
            if (link.Kind.IsPaired && link.LinkIndex is not > 0)
                return RtnlResult.Error(Errno.ENOTCONN);
            link = link with
            {
                Flags = changed | LinkFlags.IFF_UP,
                Qdisc = link.Qdisc == LinkQdisc.Noop ? link.Kind.QdiscWhenUp : link.Qdisc,
            };
            link = Inet6Readiness.Update(before, link);
            editor.Put(net, link);
            link = SyncPair(editor, net, link);
        }
        else if (!up && before.IsUp)
        {
            link = Close(editor, net, link with { Flags = changed });
        }
        else if (changed != link.Flags)
        {
            link = link with { Flags = changed };
        }
        link = Count(link, flags, LinkFlags.IFF_PROMISC);
        link = Count(link, flags, LinkFlags.IFF_ALLMULTI);
        editor.Put(net, link);
        return RtnlResult.Ok;
    }

    /// <summary>The user holds at most one of each count.</summary>
    private static Link Count(Link link, LinkFlags wanted, LinkFlags flag)
    {
        if (((link.Flags ^ wanted) & flag) == LinkFlags.None)
            return link;
        uint step = (wanted & flag) != 0 ? 1u : uint.MaxValue;
        link = link with { Flags = link.Flags ^ flag };
        return flag == LinkFlags.IFF_PROMISC
            ? link with { Promiscuity = unchecked(link.Promiscuity + step) }
            : link with { AllMulticast = unchecked(link.AllMulticast + step) };
    }

    private static void RaiseUpOrDown(LinkEditor editor, Net net, Link before, Link after)
    {
        if (before.IsUp != after.IsUp)
            editor.Raise(net, after.IsUp ? LinkEvent.Up : LinkEvent.Down, before, after);
    }

    /// <summary>Both ends of a pair have a carrier while both are up (<c>veth_open</c>, <c>veth_close</c>): this end, then the other.</summary>
    private static Link SyncPair(LinkEditor editor, Net net, Link link)
    {
        if (!link.Kind.IsPaired)
            return link;
        link = SyncCarrier(editor, net, link);
        if (link.LinkIndex is > 0 && link.Device.Peer is { } peer)
            editor.OnDevice(peer, static (editor, net, link) => SyncCarrier(editor, net, link));
        return link;
    }

    private static Link SyncCarrier(LinkEditor editor, Net net, Link link) =>
        SetCarrier(editor, net, link, link.IsUp && editor.TryFindPeer(link, out Link? peer) && peer.IsUp);
}
