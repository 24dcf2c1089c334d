namespace SmallRtnl.NetIds;

/// <summary>When a namespace dies, the others forget its id and say so (<c>unhash_nsid</c>), before they lose links whose peers were in it.</summary>
[PernetSubsystem(int.MaxValue)]
public sealed class NetIdSubsystem : IPernetSubsystem
{
    /// <inheritdoc/>
    public void Init(PernetInit init)
    {
    }

    /// <inheritdoc/>
    public void Exit(RtnlContext context, Net net)
    {
        foreach (Net other in net.Knowers)
        {
            if (ReferenceEquals(other, net) || other.Snapshot.Get<NsidTable>().IdOf(net) == NsidTable.NotAssigned)
                continue;
            context.Post(other, later => Forget(later, other, net));
        }
    }

    private static void Forget(RtnlContext context, Net net, Net dead)
    {
        NsidTable table = context.Read<NsidTable>(net);
        int nsid = table.IdOf(dead);
        if (nsid == NsidTable.NotAssigned)
            return;
        context.Stage(net, table.Without(dead));
        context.Announce(net, RtnetlinkGroup.RTNLGRP_NSID, RtmType.RTM_DELNSID, new NetIdMessage { NetnsId = nsid });
    }
}
