namespace SmallRtnl.NetIds;

/// <summary>Gives namespaces their ids in others.</summary>
internal static class NetIdAllocation
{
    /// <summary>The id of a peer, assigned and announced where it has none yet (<c>peernet2id_alloc</c>). The namespace is held.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public static int IdFor(RtnlContext context, Net net, Net peer)
    {
        NsidTable table = context.Read<NsidTable>(net);
        int nsid = table.IdOf(peer);
        if (nsid != NsidTable.NotAssigned || peer.IsDead)
            return nsid;
        context.Stage(net, table.WithAllocated(peer, out nsid));
        context.Announce(net, RtnetlinkGroup.RTNLGRP_NSID, RtmType.RTM_NEWNSID, new NetIdMessage { NetnsId = nsid });
        return nsid;
    }
}
