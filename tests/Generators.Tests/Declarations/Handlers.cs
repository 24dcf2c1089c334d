namespace SmallRtnl.Generators.Tests.Declarations;

public sealed class ThingHandlers
{
    public const RtmType NewThing = (RtmType)200;

    [DoIt(NewThing, Lock = RtnlLock.PerNet)]
    public RtnlResult New(in DoItRequest<ThingMessage> request) => RtnlResult.Ok;

    [DoIt(RtnlLock.Unlocked, Fallback = RtnlLock.PerNet, Privilege = RtnlPrivilege.NetAdmin)]
    public RtnlResult Get(DoItRequest<ThingMessage> request) => request.IsLocked ? request.Reply(request.Message) : RtnlResult.NeedsLock;

    [DoIt(Bulk = true)]
    public RtnlResult DeleteThing(in DoItRequest<ThingMessage> request) => RtnlResult.NeedsLock;

    [DoIt(RtnlLock.PerNet, Resolve = nameof(ResolveSet))]
    internal async ValueTask<RtnlResult> SetThing(DoItRequest<ThingMessage> request, Plan? plan)
    {
        await Task.Yield();
        RtnlAssert.NetHeld(request.Net);
        return RtnlResult.Error(Errno.EBUSY, plan!.Text);
    }

    internal RtnlResult ResolveSet(in ResolveRequest<ThingMessage> request, NetSet nets, out Plan? plan)
    {
        nets.Add(request.Net, NetRole.Target);
        plan = new Plan("busy");
        return RtnlResult.Ok;
    }

    [DumpIt(RtnlLock.Unlocked, SplitDone = true)]
    public IEnumerable<ThingMessage> Dump(DumpItRequest<ThingMessage> request)
    {
        yield return new ThingMessage { Byte = 1 };
    }

    public sealed record Plan(string Text);
}

public static class StaticHandlers
{
    [DoIt((RtmType)200, Family = ProtocolFamily.AF_INET)]
    public static async ValueTask<RtnlResult> New(DoItRequest<ThingMessage> request)
    {
        await Task.Yield();
        return RtnlResult.Ok;
    }

    [DoIt((RtmType)202, Lock = RtnlLock.Unlocked, Fallback = RtnlLock.Rtnl, Resolve = nameof(Find), Family = ProtocolFamily.AF_INET)]
    public static RtnlResult Get(in DoItRequest<ThingMessage> request, int plan) => request.IsLocked ? RtnlResult.Ok : RtnlResult.NeedsLock;

    public static RtnlResult Find(in ResolveRequest<ThingMessage> request, out int plan)
    {
        plan = 5;
        return RtnlResult.Ok;
    }

    [DumpIt(Lock = RtnlLock.PerNet, Family = ProtocolFamily.AF_INET)]
    public static RtnlResult Dump(in DumpItRequest<ThingMessage> request, ref DumpWriter<ThingMessage> writer) => RtnlResult.Ok;
}
