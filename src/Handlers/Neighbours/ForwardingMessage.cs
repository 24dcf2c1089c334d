using static SmallRtnl.Neighbours.NeighbourAttributeType;

namespace SmallRtnl.Neighbours;

/// <summary>RTM_GETNEIGH of AF_BRIDGE: link-layer addresses that a device takes in (<c>nlmsg_populate_fdb_fill</c>, <c>valid_fdb_dump_strict</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNEIGH, Header = typeof(NeighbourHeader), MaxType = NDA_NDM_FLAGS_MASK)]
internal readonly partial record struct ForwardingMessage
{
    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "Invalid header for fdb dump request",
        Header = [HeaderCheck.Only(new NeighbourHeader { Index = -1 }, "Invalid values in header for fdb dump request")],
        Attributes = [NDA_IFINDEX, NDA_MASTER],
        UnsupportedAttribute = "Unsupported attribute in fdb dump request",
        LenientDump = LenientDump.WholeAlone,
    };

    [NetlinkAttribute(NDA_LLADDR)] public NetlinkBytes? LinkAddress { get; init; }

    // Without policies, so that lengths are the handler's to judge.
    [NetlinkAttribute(NDA_IFINDEX)] public NetlinkBytes? Index { get; init; }
    [NetlinkAttribute(NDA_MASTER)] public NetlinkBytes? Master { get; init; }

    static GetRules? INetlinkMessage<ForwardingMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}
