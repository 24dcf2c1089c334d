namespace SmallRtnl.Links;

/// <summary>Finds a link's operational state from its carrier (net/core/link_watch.c).</summary>
internal static class LinkWatch
{
    /// <summary>IF_LINK_MODE_DORMANT: somebody in user space says when the link is up.</summary>
    private const byte Dormant = 1;

    /// <summary><c>linkwatch_do_dev</c>: the state, and for a link that is up the event and the notification.</summary>
    public static void Look(LinkEditor editor, NetDevice device, bool hadCarrier)
    {
        if (!editor.TryFind(device, out Link? link))
            return;
        Net net = editor.NetOf(device);
        Link before = link with { HasCarrier = hadCarrier };
        link = link with { StoredOperState = StateOf(editor.Table(net), link) };
        if (link.IsUp)
            link = Inet6Readiness.Update(before, link);
        editor.Put(net, link);
        if (!link.IsUp)
            return;
        editor.Raise(net, LinkEvent.Change, before, link);
        // It asks for routers a moment later, when its address is known to be its own.
        bool isReadyNow = before.Inet6Flags == 0 && link.Inet6Flags != 0;
        editor.AnnounceNew(net, link, toInet6: isReadyNow ? link with { Inet6Flags = link.Inet6Flags & ~LinkFlagSets.Inet6SolicitationSent } : null);
    }

    /// <summary>
    /// <c>default_operstate</c>. The lower link is looked up by index in the link's own namespace, also where the peer is elsewhere; the
    /// kernel does so, and what it shows follows.
    /// </summary>
    private static LinkOperState StateOf(LinkTable table, Link link)
    {
        if (link.HasCarrier)
            return link.LinkMode == Dormant ? LinkOperState.Dormant : LinkOperState.Up;
        int lower = link.LinkIndex ?? link.Index;
        if (lower == link.Index || !table.TryFind(lower, out Link? peer) || peer.HasCarrier)
            return LinkOperState.Down;
        return LinkOperState.LowerLayerDown;
    }
}
