using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Nexthops;

/// <summary>Nexthop objects (net/ipv4/nexthop.c), of which there are none: making them is not served yet.</summary>
internal static class NexthopHandlers
{
    private const string InvalidId = "Invalid nexthop id";
    private const string MissingId = "Nexthop id is missing";

    /// <summary>Answers with one object (<c>rtm_get_nexthop</c>).</summary>
    [DoIt(RTM_GETNEXTHOP, Lock = Unlocked)]
    public static RtnlResult Get(in DoItRequest<NexthopGetMessage> request) => request.Message.Id switch
    {
        null => RtnlResult.Error(Errno.EINVAL, MissingId),
        0 => RtnlResult.Error(Errno.EINVAL, InvalidId),
        _ => RtnlResult.Error(Errno.ENOENT),
    };

    /// <summary>Lists the objects (<c>rtm_dump_nexthop</c>).</summary>
    [DumpIt(RTM_GETNEXTHOP, Lock = Unlocked)]
    public static IEnumerable<NexthopMessage> Dump(DumpItRequest<NexthopMessage> request)
    {
        yield break;
    }

    /// <summary>Answers with one bucket of a resilient group (<c>rtm_get_nexthop_bucket</c>).</summary>
    [DoIt(RTM_GETNEXTHOPBUCKET, Lock = Unlocked)]
    public static RtnlResult GetBucket(in DoItRequest<NexthopBucketGetMessage> request)
    {
        if (request.Message.Id is not { } id)
            return RtnlResult.Error(Errno.EINVAL, MissingId);
        if (id == 0)
            return RtnlResult.Error(Errno.EINVAL, InvalidId);
        return request.Message.Bucket is null ? RtnlResult.Error(Errno.EINVAL, "Bucket information is missing") : RtnlResult.Error(Errno.ENOENT);
    }

    /// <summary>Lists buckets (<c>rtm_dump_nexthop_bucket</c>).</summary>
    [DumpIt(RTM_GETNEXTHOPBUCKET, Lock = Unlocked)]
    public static IEnumerable<NexthopBucketMessage> DumpBuckets(DumpItRequest<NexthopBucketMessage> request)
    {
        if (request.Message.Id == 0)
            request.Fail(Errno.EINVAL, InvalidId);
        else if (request.Message.Id is not null)
            request.Fail(Errno.ENOENT);
        yield break;
    }
}
