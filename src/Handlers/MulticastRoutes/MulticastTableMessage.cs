using SmallRtnl.Links;

namespace SmallRtnl.MulticastRoutes;

/// <summary>A table of multicast routes as a link of RTNL_FAMILY_IPMR (<c>ipmr_rtm_dumplink</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWLINK, Header = typeof(IfInfoMsg))]
internal readonly partial record struct MulticastTableMessage
{
    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "ipv4: Invalid header for ipmr link dump",
        Header = [HeaderCheck.Only(default(IfInfoMsg), "Invalid values in header for ipmr link dump request")],
        DataBehindHeader = "Invalid data after header in ipmr link dump",
        DataFirst = true,
        LenientDump = LenientDump.Ignored,
    };

    [NetlinkAttribute(LinkAttributeType.IFLA_AF_SPEC, PlainNest = true)] public MulticastTable? Table { get; init; }

    static GetRules? INetlinkMessage<MulticastTableMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}

/// <summary>IPMRA_TABLE_*: a table of multicast routes, in the order of <c>ipmr_fill_table</c>.</summary>
[NetlinkNest]
internal readonly partial record struct MulticastTable
{
    [NetlinkAttribute(1)] public uint? Id { get; init; }
    [NetlinkAttribute(2)] public uint? CachedUnresolved { get; init; }

    /// <summary>The virtual interface of the register protocol; -1: none.</summary>
    [NetlinkAttribute(3)] public int? RegisterInterface { get; init; }
    [NetlinkAttribute(4)] public byte? DoAssert { get; init; }
    [NetlinkAttribute(5)] public byte? DoPim { get; init; }
    [NetlinkAttribute(7)] public byte? DoWrongInterfaceWhole { get; init; }
    [NetlinkAttribute(6)] public NetlinkBytes? Interfaces { get; init; }
}
