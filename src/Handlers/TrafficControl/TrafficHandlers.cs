using SmallRtnl.Links;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.TrafficControl;

/// <summary>Traffic control (net/sched/sch_api.c): every link that was ever up queues nothing, and nothing hangs below that.</summary>
internal static class TrafficHandlers
{
    private const uint Root = uint.MaxValue;
    private const uint References = 2;

    // gnet_stats_basic and gnet_stats_queue, then struct tc_stats: nothing ever passes.
    private static readonly byte[] s_noBasic = new byte[16];
    private static readonly byte[] s_noQueue = new byte[20];
    private static readonly NetlinkBytes s_statistics = new(NoStatistics());
    private static readonly NetlinkBytes s_oldStatistics = new(new byte[40]);
    private static readonly NetlinkBytes s_notOffloaded = new(new byte[1]);

    /// <summary>Lists root queueing disciplines (<c>tc_dump_qdisc</c>); that of a link that was never up is none.</summary>
    [DumpIt(RTM_GETQDISC, Lock = Unlocked, SplitDone = true)]
    public static IEnumerable<QdiscMessage> DumpQdiscs(DumpItRequest<QdiscMessage> request)
    {
        foreach (Link link in request.Read<LinkTable>().All)
        {
            if (ReferenceEquals(link.Qdisc, LinkQdisc.Noop))
                continue;
            yield return new QdiscMessage
            {
                Header = new TrafficHeader { Index = link.Index, Parent = Root, Info = References },
                Kind = new NetlinkString(link.Qdisc.Name),
                HardwareOffload = s_notOffloaded,
                Statistics = s_statistics,
                OldStatistics = s_oldStatistics,
            };
        }
    }

    /// <summary>Lists classes: what does not queue has none (<c>tc_dump_tclass</c>).</summary>
    [DumpIt(RTM_GETTCLASS, Lock = Unlocked)]
    public static IEnumerable<TrafficClassMessage> DumpClasses(DumpItRequest<TrafficClassMessage> request)
    {
        yield break;
    }

    /// <summary>Lists filters (<c>tc_dump_tfilter</c>).</summary>
    [DumpIt(RTM_GETTFILTER, Lock = Unlocked)]
    public static IEnumerable<TrafficFilterMessage> DumpFilters(DumpItRequest<TrafficFilterMessage> request)
    {
        yield break;
    }

    /// <summary>Lists chains of filters (<c>tc_dump_chain</c>).</summary>
    [DumpIt(RTM_GETCHAIN, Lock = Unlocked)]
    public static IEnumerable<TrafficChainMessage> DumpChains(DumpItRequest<TrafficChainMessage> request)
    {
        yield break;
    }

    private static byte[] NoStatistics()
    {
        const ushort TCA_STATS_BASIC = 1;
        const ushort TCA_STATS_QUEUE = 3;
        byte[] bytes = new byte[64];
        var writer = new NetlinkWriter(bytes);
        writer.PutBytes(TCA_STATS_BASIC, s_noBasic);
        writer.PutBytes(TCA_STATS_QUEUE, s_noQueue);
        return bytes[..writer.Position];
    }
}
