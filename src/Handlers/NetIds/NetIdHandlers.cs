using static SmallRtnl.NetIds.NetIdAttributeType;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.NetIds;

/// <summary>Assigns and looks up the ids under which namespaces know each other (net/core/net_namespace.c).</summary>
public static class NetIdHandlers
{
    private const string MissingReference = "Peer netns reference is missing";
    private const string InvalidReference = "Peer netns reference is invalid";

    /// <summary>Finds the namespace that is to get an id.</summary>
    public static RtnlResult ResolveNew(in ResolveRequest<NetIdMessage> request, out NetIdPlan plan)
    {
        plan = null!;
        return request.Message.NetnsId is null ? RtnlResult.Error(Errno.EINVAL, "nsid is missing") : ByHandle(in request, ref plan);
    }

    /// <summary>Finds the namespace whose id is asked for, or that has the id asked for.</summary>
    public static RtnlResult ResolveGet(in ResolveRequest<NetIdMessage> request, out NetIdPlan plan)
    {
        plan = null!;
        if (request.Message is not { NetnsId: { } nsid, Pid: null, File: null })
            return ByHandle(in request, ref plan);
        if (request.FindByNsid(request.Net, nsid) is not { } peer)
            return RtnlResult.Error(Errno.ENOENT, InvalidReference, NETNSA_NSID);
        plan = new NetIdPlan(peer, NETNSA_NSID);
        return RtnlResult.Ok;
    }

    /// <summary>Assigns an id, or the next free one where it is negative (<c>rtnl_net_newid</c>).</summary>
    [DoIt(RTM_NEWNSID, Lock = PerNet, Resolve = nameof(ResolveNew))]
    public static RtnlResult New(in DoItRequest<NetIdMessage> request, NetIdPlan plan)
    {
        NsidTable table = request.Read<NsidTable>();
        int nsid = request.Message.NetnsId ?? NsidTable.NotAssigned;
        if (table.IdOf(plan.Peer) != NsidTable.NotAssigned)
            return RtnlResult.Error(Errno.EEXIST, "Peer netns already has a nsid assigned", plan.Attribute);
        if (nsid >= 0 && table.IsAssigned(nsid))
            return RtnlResult.Error(Errno.EEXIST, "The specified nsid is already used", NETNSA_NSID);
        request.Stage(nsid >= 0 ? table.With(nsid, plan.Peer) : table.WithAllocated(plan.Peer, out nsid));
        request.Notify(RtnetlinkGroup.RTNLGRP_NSID, RTM_NEWNSID, new NetIdMessage { NetnsId = nsid });
        return RtnlResult.Ok;
    }

    /// <summary>Answers with a namespace's id (<c>rtnl_net_getid</c>).</summary>
    [DoIt(RTM_GETNSID, Lock = Unlocked, Resolve = nameof(ResolveGet))]
    public static RtnlResult Get(in DoItRequest<NetIdMessage> request, NetIdPlan plan)
    {
        NsidTable table = request.Read<NsidTable>();
        if (request.Message.TargetNetnsId is not { } targetId)
            return request.Reply(new NetIdMessage { NetnsId = table.IdOf(plan.Peer) });
        if (table.Find(targetId) is not { } target)
            return RtnlResult.Error(Errno.EINVAL, "Target netns reference is invalid", NETNSA_TARGET_NSID);
        return request.Reply(new NetIdMessage
        {
            NetnsId = request.Read<NsidTable>(target).IdOf(plan.Peer),
            CurrentNetnsId = table.IdOf(plan.Peer),
        });
    }

    /// <summary>Lists the ids (<c>rtnl_net_dumpid</c>).</summary>
    [DumpIt(RTM_GETNSID, Lock = Unlocked)]
    public static IEnumerable<NetIdMessage> Dump(DumpItRequest<NetIdMessage> request)
    {
        NetIdMessage message = request.Message;
        NsidTable own = request.Read<NsidTable>();
        NsidTable table = own;
        if (message.TargetNetnsId is { } targetId)
        {
            if (own.Find(targetId) is not { } target)
            {
                request.Fail(Errno.EINVAL, "Invalid target network namespace id", NETNSA_TARGET_NSID);
                yield break;
            }
            table = request.Read<NsidTable>(target);
        }
        foreach ((int nsid, Net peer) in table.Assignments)
        {
            if (!peer.IsDead)
                yield return new NetIdMessage { NetnsId = nsid, CurrentNetnsId = message.TargetNetnsId is null ? null : own.IdOf(peer) };
        }
    }

    private static RtnlResult ByHandle(in ResolveRequest<NetIdMessage> request, ref NetIdPlan plan)
    {
        NetIdMessage message = request.Message;
        if ((message.Pid ?? message.File) is not { } handle)
            return RtnlResult.Error(Errno.EINVAL, MissingReference);
        int attribute = message.Pid is null ? NETNSA_FD : NETNSA_PID;
        if (request.FindByHandle((int)handle) is not { } peer)
            return RtnlResult.Error(message.Pid is null ? Errno.EBADF : Errno.ESRCH, InvalidReference, attribute);
        plan = new NetIdPlan(peer, attribute);
        return RtnlResult.Ok;
    }
}
