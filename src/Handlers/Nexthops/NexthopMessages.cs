using static SmallRtnl.Nexthops.NexthopAttributeType;

namespace SmallRtnl.Nexthops;

/// <summary>RTM_GETNEXTHOP for one object (<c>rtm_nh_policy_get</c>, <c>nh_valid_get_del_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNEXTHOP, Header = typeof(NexthopHeader), MaxType = NHA_OP_FLAGS, Validation = NetlinkValidation.Strict)]
internal readonly partial record struct NexthopGetMessage
{
    private static readonly GetRules s_get = new()
    {
        Header = [HeaderCheck.Only(default(NexthopHeader), "Invalid values in header")],
        Strictness = GetStrictness.Always,
    };

    [NetlinkAttribute(NHA_ID)] public uint? Id { get; init; }
    [NetlinkAttribute(NHA_OP_FLAGS, Mask = NexthopMessage.OperationFlags), Ignored("judged, but there is nothing to choose among")] public uint? Operation { get; init; }

    static bool INetlinkMessage<NexthopGetMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<NexthopGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}

/// <summary>RTM_GETNEXTHOP's dump (<c>rtm_nh_policy_dump</c>, <c>nh_valid_dump_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNEXTHOP, Header = typeof(NexthopHeader), MaxType = NHA_OP_FLAGS, Validation = NetlinkValidation.Strict)]
internal readonly partial record struct NexthopMessage
{
    /// <summary>NHA_OP_FLAG_DUMP_STATS and NHA_OP_FLAG_DUMP_HW_STATS.</summary>
    internal const uint OperationFlags = 0x3;

    private static readonly GetRules s_dump = new()
    {
        Header = [HeaderCheck.Only(default(NexthopHeader), "Invalid values in header for nexthop dump request")],
        Strictness = GetStrictness.Always,
    };

    [NetlinkAttribute(NHA_OIF), Ignored("judged, but there is nothing to choose among")] public uint? OutputIndex { get; init; }
    [NetlinkAttribute(NHA_GROUPS), Ignored("judged, but there is nothing to choose among")] public bool Groups { get; init; }
    [NetlinkAttribute(NHA_MASTER), Ignored("judged, but there is nothing to choose among")] public uint? Master { get; init; }
    [NetlinkAttribute(NHA_FDB), Ignored("judged, but there is nothing to choose among")] public bool Forwarding { get; init; }
    [NetlinkAttribute(NHA_OP_FLAGS, Mask = OperationFlags), Ignored("judged, but there is nothing to choose among")] public uint? Operation { get; init; }

    static bool INetlinkMessage<NexthopMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<NexthopMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}

/// <summary>RTM_GETNEXTHOPBUCKET, for one bucket and for all (<c>rtm_nh_policy_get_bucket</c>, <c>rtm_nh_policy_dump_bucket</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNEXTHOPBUCKET, Header = typeof(NexthopHeader), MaxType = NHA_OP_FLAGS, Validation = NetlinkValidation.Strict)]
internal readonly partial record struct NexthopBucketGetMessage
{
    private static readonly GetRules s_get = new()
    {
        Header = [HeaderCheck.Only(default(NexthopHeader), "Invalid values in header")],
        Strictness = GetStrictness.Always,
    };

    [NetlinkAttribute(NHA_ID)] public uint? Id { get; init; }
    [NetlinkAttribute(NHA_RES_BUCKET, Nested = true)] public NetlinkBytes? Bucket { get; init; }

    static bool INetlinkMessage<NexthopBucketGetMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<NexthopBucketGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}

/// <summary>RTM_GETNEXTHOPBUCKET's dump (<c>rtm_nh_policy_dump_bucket</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNEXTHOPBUCKET, Header = typeof(NexthopHeader), MaxType = NHA_OP_FLAGS, Validation = NetlinkValidation.Strict)]
internal readonly partial record struct NexthopBucketMessage
{
    private static readonly GetRules s_dump = new()
    {
        Header = [HeaderCheck.Only(default(NexthopHeader), "Invalid values in header for nexthop dump request")],
        Strictness = GetStrictness.Always,
        IsSilent = true,
    };

    [NetlinkAttribute(NHA_ID)] public uint? Id { get; init; }
    [NetlinkAttribute(NHA_OIF), Ignored("judged, but there is nothing to choose among")] public uint? OutputIndex { get; init; }
    [NetlinkAttribute(NHA_MASTER), Ignored("judged, but there is nothing to choose among")] public uint? Master { get; init; }
    [NetlinkAttribute(NHA_RES_BUCKET, Nested = true), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? Bucket { get; init; }

    static bool INetlinkMessage<NexthopBucketMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<NexthopBucketMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}
