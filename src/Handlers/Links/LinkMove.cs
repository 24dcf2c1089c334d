using SmallRtnl.NetIds;

namespace SmallRtnl.Links;

/// <summary>Moves a link to another namespace (<c>__dev_change_net_namespace</c>).</summary>
internal static class LinkMove
{
    /// <summary>Moves a link; both namespaces are held.</summary>
    /// <param name="editor">The request's editor.</param>
    /// <param name="net">Where it is; where it is now on return.</param>
    /// <param name="link">The link; the version in the target on return.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="pattern">The name to take where its own is taken there.</param>
    /// <param name="newIndex">The index asked for; 0: its own if free there, else the next.</param>
    public static RtnlResult Move(LinkEditor editor, ref Net net, ref Link link, Net target, InterfaceName? pattern, int newIndex)
    {
        if (link.Kind.IsImmutable)
            return RtnlResult.Error(Errno.EINVAL, "The interface netns is immutable");
        RtnlResult result = ChooseName(editor.Table(target), link.Name, pattern, out InterfaceName name);
        if (!result.IsOk)
            return result;
        int index = newIndex;
        if (newIndex == 0 && !editor.Table(target).TryFind(link.Index, out _))
            index = link.Index;
        result = LinkRegistration.Reserve(editor, target, ref index);
        if (!result.IsOk)
            return RtnlResult.Error(result.Errno, result.Message ?? $"The ifindex {newIndex} is not available in the target netns");

        Net source = net;
        if (link.IsUp)
        {
            Link open = link;
            link = LinkUpDown.Close(editor, source, link);
            editor.AnnounceNew(source, link, LinkFlags.IFF_UP | LinkFlags.IFF_RUNNING, toInet6: open);
            editor.Raise(source, LinkEvent.Down, open, link);
        }
        editor.Raise(source, LinkEvent.Unregister, link, link);
        int newNetnsId = NetIdAllocation.IdFor(editor.Context, source, target);
        editor.Remove(source, link);
        if (editor.IsHeard(source))
        {
            editor.Context.Announce(source, RtnetlinkGroup.RTNLGRP_LINK, RtmType.RTM_DELLINK, LinkMessages.ForUnregister(link) with
            {
                NewNetnsId = newNetnsId,
                NewIndex = index,
            });
        }

        link = link with { Name = name, Index = index, Qdisc = LinkQdisc.Noop };
        editor.Moved(link.Device, target, index);
        editor.Put(target, link);
        link = TieAgain(editor, target, link);
        editor.Raise(target, LinkEvent.Register, link, link);
        editor.AnnounceNew(target, link, LinkFlagSets.All);
        net = target;
        return RtnlResult.Ok;
    }

    private static RtnlResult ChooseName(LinkTable table, InterfaceName own, InterfaceName? pattern, out InterfaceName name)
    {
        name = own;
        if (!table.TryFind(own, out _))
            return RtnlResult.Ok;
        if (pattern is not { } wanted)
            return RtnlResult.Error(Errno.EEXIST, "An interface with the same name exists in the target netns");
        RtnlResult result = LinkNames.Choose(table, wanted, out name);
        return result.IsOk ? result : RtnlResult.Error(result.Errno, $"Unable to use '{wanted}' for the new interface name in the target netns");
    }

    /// <summary>Both ends of a pair say anew where the other is.</summary>
    private static Link TieAgain(LinkEditor editor, Net target, Link link)
    {
        if (link.LinkIndex is not > 0 || link.Device.Peer is not { } peer)
            return link;
        link = Tie(editor, target, link, peer);
        editor.OnDevice(peer, static (editor, net, other) =>
        {
            if (other.LinkIndex is > 0 && other.Device.Peer is { } moved)
                Tie(editor, net, other, moved);
        });
        return link;
    }

    /// <summary>
    /// Says where the other end is by now, not where it was when this was posted: the word of a later move overtakes this one through the queue of
    /// a namespace that this end has come to meanwhile.
    /// </summary>
    private static Link Tie(LinkEditor editor, Net net, Link link, NetDevice peer)
    {
        (Net peerNet, int index) = editor.PlaceOf(peer);
        link = link with { LinkIndex = index, LinkNetnsId = ReferenceEquals(peerNet, net) ? null : NetIdAllocation.IdFor(editor.Context, net, peerNet) };
        editor.Put(net, link);
        return link;
    }
}
