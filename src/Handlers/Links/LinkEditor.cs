using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Links;

/// <summary>
/// What one request, or one piece of posted work, does to links: reads and stages tables, announces, raises events. What the kernel does a
/// moment later by itself, or cannot take back, waits for <see cref="Finish"/>: the link watch, and the moves of device identities, which
/// are not versioned. A request that fails never gets there, so nothing of it stays.
/// </summary>
/// <remarks>Runs under the RTNL of every namespace that it stages in.</remarks>
internal sealed class LinkEditor(RtnlContext context, LinkNotifierChain chain)
{
    // Most requests need neither.
    private List<(NetDevice Device, bool HadCarrier)>? _carrierEvents;
    private List<(NetDevice Device, Net Net, int Index)>? _moves;

    public RtnlContext Context => context;

    public LinkTable Table(Net net) => context.Read<LinkTable>(net);

    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Put(Net net, Link link) => context.Stage(net, Table(net).With(link));

    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Remove(Net net, Link link) => context.Stage(net, Table(net).Without(link));

    /// <summary>Where a device is, with what this request has moved.</summary>
    public Net NetOf(NetDevice device) => PlaceOf(device).Net;

    /// <summary>Where a device is and by which index, with what this request has moved. Of a namespace that is not held it may be stale at once.</summary>
    public (Net Net, int Index) PlaceOf(NetDevice device)
    {
        for (int i = 0; i < _moves?.Count; i++)
        {
            (NetDevice moved, Net net, int index) = _moves[i];
            if (ReferenceEquals(moved, device))
                return (net, index);
        }
        return (device.Net, device.Index);
    }

    /// <summary>The present version of a device; false where it has been deleted.</summary>
    public bool TryFind(NetDevice device, [NotNullWhen(true)] out Link? link)
    {
        (Net net, int index) = PlaceOf(device);
        if (Table(net).TryFind(index, out link) && ReferenceEquals(link.Device, device))
            return true;
        link = null;
        return false;
    }

    /// <summary>The other end of a pair; false where there is none any more.</summary>
    public bool TryFindPeer(Link link, [NotNullWhen(true)] out Link? peer)
    {
        peer = null;
        return link.LinkIndex is > 0 && link.Device.Peer is { } device && TryFind(device, out peer);
    }

    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Raise(Net net, LinkEvent what, Link before, Link after) => chain.Raise(context, net, what, before, after);

    /// <summary>NEWLINK for what happened to a link as a consequence: it names no requester.</summary>
    /// <param name="net">The link's namespace.</param>
    /// <param name="link">The link now.</param>
    /// <param name="change">Which flags have changed.</param>
    /// <param name="toInet6">The link as IPv6 still knows it; null: as it is.</param>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void AnnounceNew(Net net, Link link, LinkFlags change = LinkFlags.None, Link? toInet6 = null)
    {
        if (IsHeard(net))
            context.Announce(net, RtnetlinkGroup.RTNLGRP_LINK, RtmType.RTM_NEWLINK, LinkMessages.From(link, change, toInet6: toInet6));
    }

    /// <summary>The NEWLINK that was asked for, of a link that is new: everything has changed.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void NotifyNew(Net net, Link link, Link? toInet6 = null)
    {
        if (IsHeard(net))
            Notify(net, RtmType.RTM_NEWLINK, LinkMessages.From(link, LinkFlagSets.All, toInet6: toInet6));
    }

    /// <summary>The DELLINK that was asked for.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void NotifyGone(Net net, Link link)
    {
        if (IsHeard(net))
            Notify(net, RtmType.RTM_DELLINK, LinkMessages.ForUnregister(link));
    }

    /// <summary>Whether a message about a link would reach anybody: else it is not made.</summary>
    public bool IsHeard(Net net) => context.IsHeard(net, RtnetlinkGroup.RTNLGRP_LINK);

    /// <summary>Notes that a link's carrier came or went (<c>linkwatch_fire_event</c>).</summary>
    public void CarrierChanged(Link before)
    {
        foreach ((NetDevice device, _) in _carrierEvents ??= [])
        {
            if (ReferenceEquals(device, before.Device))
                return;
        }
        _carrierEvents.Add((before.Device, before.HasCarrier));
    }

    public void Moved(NetDevice device, Net net, int index)
    {
        _moves ??= [];
        _moves.RemoveAll(move => ReferenceEquals(move.Device, device));
        _moves.Add((device, net, index));
    }

    /// <summary>
    /// Does something to another device: at once where its namespace is held, else posted to its namespace, following it if it moves.
    /// </summary>
    public void OnDevice(NetDevice device, Action<LinkEditor, Net, Link> action)
    {
        Net net = NetOf(device);
        if (!context.Holds(net))
            Post(context, net, device, action);
        else if (TryFind(device, out Link? link))
            action(this, net, link);
    }

    /// <summary>The end of a change that succeeded.</summary>
    public void Finish()
    {
        for (int i = 0; i < _carrierEvents?.Count; i++)
            LinkWatch.Look(this, _carrierEvents[i].Device, _carrierEvents[i].HadCarrier);
        foreach ((NetDevice device, Net net, int index) in _moves ?? [])
            device.Move(net, index);
    }

    /// <summary>Links name their requester only if it wants an echo (<c>rtmsg_ifinfo</c>).</summary>
    private void Notify(Net net, RtmType type, in LinkMessage message)
    {
        if (context.WantsEcho)
            context.Notify(net, RtnetlinkGroup.RTNLGRP_LINK, type, in message);
        else
            context.Announce(net, RtnetlinkGroup.RTNLGRP_LINK, type, in message);
    }

    private void Post(RtnlContext poster, Net net, NetDevice device, Action<LinkEditor, Net, Link> action) => poster.Post(net, later =>
    {
        if (!ReferenceEquals(device.Net, net))
        {
            Post(later, device.Net, device, action);
            return;
        }
        var editor = new LinkEditor(later, chain);
        if (!editor.TryFind(device, out Link? link))
            return;
        action(editor, net, link);
        editor.Finish();
    });
}
