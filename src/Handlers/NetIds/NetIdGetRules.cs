using static SmallRtnl.NetIds.NetIdAttributeType;

namespace SmallRtnl.NetIds;

/// <summary>What a GETNSID may say (<c>rtnl_net_valid_getid_req</c>, <c>rtnl_valid_dump_net_req</c>).</summary>
public readonly partial record struct NetIdMessage
{
    private static readonly GetRules s_get = new()
    {
        Attributes = [NETNSA_NSID, NETNSA_PID, NETNSA_FD, NETNSA_TARGET_NSID],
        UnsupportedAttribute = "Unsupported attribute in peer netns getid request",
        Unjudged = [NETNSA_CURRENT_NSID],
    };

    private static readonly GetRules s_dump = new()
    {
        Attributes = [NETNSA_TARGET_NSID],
        UnsupportedAttribute = "Unsupported attribute in dump request",
        PointsAtAttribute = true,
        Unjudged = [NETNSA_CURRENT_NSID],
        LenientDump = LenientDump.Ignored,
    };

    /// <inheritdoc/>
    static GetRules? INetlinkMessage<NetIdMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => isDump ? s_dump : s_get;
}
