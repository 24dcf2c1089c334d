using static SmallRtnl.Bench.HoldType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Bench;

/// <summary>An object of the benchmark's own, past RTM_MAX.</summary>
internal static class HoldType
{
    public const RtmType RTM_NEWHOLD = (RtmType)128;
    public const RtmType RTM_DELHOLD = (RtmType)129;
    public const RtmType RTM_SETHOLD = (RtmType)131;
}

/// <summary>The least that a header can be: struct rtgenmsg and its padding.</summary>
internal readonly record struct HoldHeader(ProtocolFamily Family, byte A, ushort B);

/// <summary>A request to hold a lock for a while.</summary>
[NetlinkMessage(RTM_NEWHOLD, Header = typeof(HoldHeader))]
internal readonly partial record struct HoldMessage;

/// <summary>Handlers that hold their lock as a slow driver does, or compute under it; the words are all that differs.</summary>
internal sealed class HoldHandlers(CpuWork work)
{
    /// <summary>A converted handler that waits under its lock.</summary>
    [DoIt(RTM_NEWHOLD, Lock = PerNet)]
    public async ValueTask<RtnlResult> Converted(DoItRequest<HoldMessage> request)
    {
        await HoldClock.WaitAsync();
        return RtnlResult.Ok;
    }

    /// <summary>The same handler before its conversion.</summary>
    [DoIt(RTM_DELHOLD, Lock = Rtnl)]
    [LockDisciplineIgnore("It stands for a driver that talks to hardware: to wait under RTNL is what is measured.")]
    public async ValueTask<RtnlResult> Unconverted(DoItRequest<HoldMessage> request)
    {
        await HoldClock.WaitAsync();
        return RtnlResult.Ok;
    }

    /// <summary>A converted handler that computes.</summary>
    [DoIt(RTM_SETHOLD, Lock = PerNet)]
    public RtnlResult Compute(in DoItRequest<HoldMessage> request)
    {
        work.Do();
        return RtnlResult.Ok;
    }
}
