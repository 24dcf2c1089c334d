namespace SmallRtnl.Rules;

/// <summary>RTM_NEWRULE and its kin: attributes in the order of <c>fib_nl_fill_rule</c>.</summary>
[NetlinkMessage(RtmType.RTM_NEWRULE, Header = typeof(FibRuleHeader))]
internal readonly partial record struct RuleMessage
{
    private const ushort FRA_PRIORITY = 6;
    private const ushort FRA_SUPPRESS_PREFIXLEN = 14;
    private const ushort FRA_TABLE = 15;
    private const ushort FRA_PROTOCOL = 21;

    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "Invalid header for fib rule dump request",
        Header = [HeaderCheck.Only(default(FibRuleHeader), "Invalid values in header for fib rule dump request")],
        DataBehindHeader = "Invalid data after header in fib rule dump request",
        LenientDump = LenientDump.Ignored,
    };

    [NetlinkAttribute(FRA_TABLE)] public uint? Table { get; init; }

    /// <summary>Prefixes no longer than this are no answer; all bits set: every prefix is one.</summary>
    [NetlinkAttribute(FRA_SUPPRESS_PREFIXLEN)] public uint? SuppressPrefixLength { get; init; }

    /// <summary>RTPROT_*: who made the rule.</summary>
    [NetlinkAttribute(FRA_PROTOCOL)] public byte? Protocol { get; init; }

    /// <summary>Rules are tried in ascending order; absent for 0.</summary>
    [NetlinkAttribute(FRA_PRIORITY)] public uint? Priority { get; init; }

    static GetRules? INetlinkMessage<RuleMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}
