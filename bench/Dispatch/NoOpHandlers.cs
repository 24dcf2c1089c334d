using System.Runtime.CompilerServices;
using static SmallRtnl.Bench.NoOpType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Bench;

/// <summary>An object about which there is nothing to do.</summary>
internal static class NoOpType
{
    public const RtmType RTM_NEWNOOP = (RtmType)132;
    public const RtmType RTM_GETNOOP = (RtmType)134;
    public const RtmType RTM_SETNOOP = (RtmType)135;
}

/// <summary>A message that asks for nothing.</summary>
[NetlinkMessage(RTM_NEWNOOP, Header = typeof(HoldHeader))]
internal readonly partial record struct NoOpMessage;

/// <summary>
/// Handlers that do nothing: what remains is what it costs to reach them. The words are all that differs. They are not inlined, as a
/// handler that does something is not.
/// </summary>
internal sealed class NoOpHandlers
{
    /// <summary>Without a lock.</summary>
    [DoIt(RTM_GETNOOP, Lock = Unlocked)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RtnlResult Get(in DoItRequest<NoOpMessage> request) => RtnlResult.Ok;

    /// <summary>Under the namespace's own RTNL.</summary>
    [DoIt(RTM_NEWNOOP, Lock = PerNet)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RtnlResult New(in DoItRequest<NoOpMessage> request) => RtnlResult.Ok;

    /// <summary>Under the whole of RTNL.</summary>
    [DoIt(RTM_SETNOOP, Lock = Rtnl)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RtnlResult Set(in DoItRequest<NoOpMessage> request) => RtnlResult.Ok;
}
