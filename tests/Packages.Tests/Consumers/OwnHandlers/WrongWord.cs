using SmallRtnl;
using static SmallRtnl.RtnlLock;
using static SmallRtnl.RtmType;

internal sealed class WrongWord(LabelCounter counter)
{
    [DoIt(RTM_DELADDR, Lock = Unlocked)]
    public RtnlResult Delete(in DoItRequest<LabelMessage> request)
    {
        counter.Labels--;
        return RtnlResult.Ok;
    }
}
