namespace SmallRtnl.Links;

/// <summary>Takes links away (<c>unregister_netdevice_many_notify</c>).</summary>
internal static class LinkDeletion
{
    /// <summary>Deletes links and the other ends of pairs; an end whose namespace is not held is deleted there later.</summary>
    public static void Delete(LinkEditor editor, Net net, IEnumerable<Link> links)
    {
        var leaving = new List<(Net Net, Link Link)>();
        foreach (Link link in links)
        {
            Add(leaving, net, link);
            if (link.Device.Peer is not { } peer)
                continue;
            Net peerNet = editor.NetOf(peer);
            if (!editor.Context.Holds(peerNet))
                editor.OnDevice(peer, static (editor, net, link) => Delete(editor, net, [link]));
            else if (editor.TryFind(peer, out Link? other))
                Add(leaving, peerNet, other);
        }
        Unregister(editor, leaving);
    }

    private static void Add(List<(Net Net, Link Link)> leaving, Net net, Link link)
    {
        foreach ((_, Link other) in leaving)
        {
            if (ReferenceEquals(other.Device, link.Device))
                return;
        }
        leaving.Add((net, link));
    }

    private static void Unregister(LinkEditor editor, List<(Net Net, Link Link)> leaving)
    {
        // The pairs are torn apart first, so that nothing that follows shows a peer.
        for (int i = 0; i < leaving.Count; i++)
        {
            (Net net, Link link) = leaving[i];
            if (link.Kind.IsPaired)
            {
                link = link with { LinkIndex = 0, LinkNetnsId = null };
                editor.Put(net, link);
                leaving[i] = (net, link);
            }
        }

        // dev_close_many: all of them close before the first is talked about.
        Link[] open = new Link[leaving.Count];
        for (int i = 0; i < leaving.Count; i++)
        {
            (Net net, Link link) = leaving[i];
            open[i] = link;
            if (link.IsUp)
                leaving[i] = (net, LinkUpDown.Close(editor, net, link));
        }
        for (int i = 0; i < leaving.Count; i++)
        {
            if (!open[i].IsUp)
                continue;
            (Net net, Link link) = leaving[i];
            editor.AnnounceNew(net, link, LinkFlags.IFF_UP | LinkFlags.IFF_RUNNING, toInet6: open[i]);
            editor.Raise(net, LinkEvent.Down, open[i], link);
        }

        foreach ((Net net, Link link) in leaving)
        {
            editor.Raise(net, LinkEvent.Unregister, link, link);
            editor.Remove(net, link);
            editor.NotifyGone(net, link);
        }
    }
}
