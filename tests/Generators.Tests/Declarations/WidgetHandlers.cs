using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Generators.Tests.Declarations;

/// <summary>What a test wants its handlers to do, and what they did.</summary>
internal sealed class Script
{
    public int Resolved { get; set; }

    public int Ran { get; set; }

    public Func<ResolveRequest<WidgetMessage>, NetSet?, int, RtnlResult> Resolve { get; set; } = static (_, _, _) => RtnlResult.Ok;

    public Func<DoItRequest<WidgetMessage>, RtnlResult> Run { get; set; } = static _ => RtnlResult.Ok;

    public RtnlResult OnResolve(in ResolveRequest<WidgetMessage> request, NetSet? nets) => Resolve(request, nets, Resolved++);

    public RtnlResult OnRun(in DoItRequest<WidgetMessage> request)
    {
        Ran++;
        return Run(request);
    }
}

internal sealed class Device(Net net) : INetObject
{
    public Net Net { get; set; } = net;
}

internal sealed record WidgetPlan(int Attempt);

[NetlinkMessage(RTM_NEWWIDGET, Header = typeof(RtGenMsg))]
internal readonly partial record struct WidgetMessage
{
    public const RtmType RTM_NEWWIDGET = (RtmType)204;
    public const RtmType RTM_DELWIDGET = (RtmType)205;
    public const RtmType RTM_GETWIDGET = (RtmType)206;
    public const RtmType RTM_SETWIDGET = (RtmType)207;

    [NetlinkAttribute(1, Max = 100)]
    public uint? Value { get; init; }
}

/// <summary>One handler of each shape of thunk, told apart by family.</summary>
internal sealed class WidgetHandlers(Script script)
{
    [DoIt(PerNet)]
    public RtnlResult New(in DoItRequest<WidgetMessage> request) => script.OnRun(in request);

    [DoIt(Rtnl)]
    public RtnlResult Delete(in DoItRequest<WidgetMessage> request) => script.OnRun(in request);

    [DoIt(Unlocked)]
    public RtnlResult Get(in DoItRequest<WidgetMessage> request) => script.OnRun(in request);

    [DoIt(PerNet, Resolve = nameof(ResolveSet))]
    public RtnlResult Set(in DoItRequest<WidgetMessage> request, WidgetPlan plan)
    {
        Assert.Equal(script.Resolved - 1, plan.Attempt);
        return script.OnRun(in request);
    }

    public RtnlResult ResolveSet(in ResolveRequest<WidgetMessage> request, NetSet nets, out WidgetPlan plan)
    {
        plan = new WidgetPlan(script.Resolved);
        return script.OnResolve(in request, nets);
    }

    [DoIt(PerNet, Resolve = nameof(ResolveSet), Family = ProtocolFamily.AF_INET)]
    public async ValueTask<RtnlResult> SetLater(DoItRequest<WidgetMessage> request, WidgetPlan plan)
    {
        await Task.Delay(1);
        return Set(in request, plan);
    }

    [DoIt(PerNet, Resolve = nameof(ResolveSet), Family = ProtocolFamily.AF_INET6)]
    public RtnlResult Get6(in DoItRequest<WidgetMessage> request, WidgetPlan plan) => Set(in request, plan);

    [DoIt(Unlocked, Fallback = Rtnl, Resolve = nameof(ResolveGet), Family = ProtocolFamily.AF_MPLS)]
    public RtnlResult GetMpls(in DoItRequest<WidgetMessage> request, int plan) => script.OnRun(in request);

    public RtnlResult ResolveGet(in ResolveRequest<WidgetMessage> request, out int plan)
    {
        plan = script.Resolved;
        return script.OnResolve(in request, nets: null);
    }

    [DoIt(Unlocked, Fallback = PerNet, Family = ProtocolFamily.AF_BRIDGE)]
    public async ValueTask<RtnlResult> GetBridge(DoItRequest<WidgetMessage> request)
    {
        await Task.Yield();
        return script.OnRun(in request);
    }
}
