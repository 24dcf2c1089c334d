using SmallRtnl.NetIds;

namespace SmallRtnl.Links;

/// <summary>Pairs of Ethernet devices (drivers/net/veth.c): the peer is made first, in a namespace of its own if one is named.</summary>
internal sealed class VethDriver : ILinkDriver
{
    private const uint MinMtu = 68;
    private const uint MaxMtu = 65535;

    public LinkKind Kind => LinkKinds.Veth;

    /// <inheritdoc/>
    /// <remarks><c>veth_validate</c> refuses an MTU without a word.</remarks>
    public RtnlResult Validate(in LinkMessage message)
    {
        RtnlResult result = LinkChecks.KindAddress(in message);
        return result.IsOk && message.Mtu is < MinMtu or > MaxMtu ? RtnlResult.Error(Errno.EINVAL) : result;
    }

    /// <inheritdoc/>
    /// <remarks><c>veth_newlink</c>.</remarks>
    public RtnlResult Create(LinkEditor editor, LinkPlan plan, in LinkMessage message)
    {
        // This end is checked before the other is made (rtnl_create_link comes before veth_newlink).
        RtnlResult result = LinkRegistration.Check(Kind, in message);
        if (!result.IsOk)
            return result;
        // A peer of which nothing is said takes after this end, but for name and address.
        LinkMessage peerMessage = plan.Peer ?? message;
        InterfaceName peerName = plan.Peer?.Name ?? LinkNames.TemplateOf(Kind);
        result = LinkRegistration.Register(editor, plan.PeerNet, Kind, in peerMessage, peerName, plan.Peer?.Header.Index ?? 0, plan.Peer is null, out Link? peer);
        if (result.IsOk)
            result = LinkUpDown.Configure(editor, plan.PeerNet, ref peer!, plan.Peer?.Header, isRequested: false);
        if (!result.IsOk)
            return result;

        InterfaceName name = message.Name ?? LinkNames.TemplateOf(Kind);
        result = LinkRegistration.Register(editor, plan.Target, Kind, in message, name, message.Header.Index, randomAddress: false, out Link? link);
        if (!result.IsOk)
            return result;
        link = Tie(editor, plan, link!, peer!);
        return LinkUpDown.Configure(editor, plan.Target, ref link, message.Header, isRequested: true);
    }

    /// <summary>From here on each end says where the other is, which takes an id for a namespace that is not its own.</summary>
    private static Link Tie(LinkEditor editor, LinkPlan plan, Link link, Link peer)
    {
        bool apart = !ReferenceEquals(plan.Target, plan.PeerNet);
        NetDevice.Pair(link.Device, peer.Device);
        editor.Put(plan.PeerNet, peer with
        {
            LinkIndex = link.Index,
            LinkNetnsId = apart ? NetIdAllocation.IdFor(editor.Context, plan.PeerNet, plan.Target) : null,
        });
        link = link with
        {
            LinkIndex = peer.Index,
            LinkNetnsId = apart ? NetIdAllocation.IdFor(editor.Context, plan.Target, plan.PeerNet) : null,
        };
        editor.Put(plan.Target, link);
        return link;
    }
}
