using static SmallRtnl.Neighbours.NeighbourAttributeType;

namespace SmallRtnl.Neighbours;

/// <summary>RTM_GETNEIGH's dump: what a request may filter by (<c>neigh_valid_dump_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNEIGH, Header = typeof(NeighbourHeader), MaxType = NDA_NDM_FLAGS_MASK, StrictFrom = NDA_NH_ID)]
internal readonly partial record struct NeighbourMessage
{
    internal const int MaxAddressLength = 32;
    internal const int CacheInfoLength = 16;
    internal const uint ExtendedFlags = 0x5;

    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "Invalid header for neighbor dump request",
        Header =
        [
            HeaderCheck.Only(new NeighbourHeader { Flags = byte.MaxValue }, "Invalid values in header for neighbor dump request"),
            HeaderCheck.Only(new NeighbourHeader { Flags = NeighbourHeader.Proxy }, "Invalid flags in header for neighbor dump request"),
        ],
        Attributes = [NDA_IFINDEX, NDA_MASTER],
        UnsupportedAttribute = "Unsupported attribute in neighbor dump request",
        LenientDump = LenientDump.Tolerated,
    };

    [NetlinkAttribute(NDA_DST, MaxLength = MaxAddressLength), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? Destination { get; init; }
    [NetlinkAttribute(NDA_LLADDR, MaxLength = MaxAddressLength), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? LinkAddress { get; init; }
    [NetlinkAttribute(NDA_CACHEINFO, Unspecified = true, MinLength = CacheInfoLength), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? CacheInfo { get; init; }
    [NetlinkAttribute(NDA_PROBES), Ignored("judged, but there is nothing to choose among")] public uint? Probes { get; init; }
    [NetlinkAttribute(NDA_VLAN), Ignored("judged, but there is nothing to choose among")] public ushort? Vlan { get; init; }
    [NetlinkAttribute(NDA_PORT), Ignored("judged, but there is nothing to choose among")] public ushort? Port { get; init; }
    [NetlinkAttribute(NDA_VNI), Ignored("judged, but there is nothing to choose among")] public uint? Vni { get; init; }
    [NetlinkAttribute(NDA_IFINDEX), Ignored("judged, but there is nothing to choose among")] public uint? Index { get; init; }
    [NetlinkAttribute(NDA_MASTER), Ignored("judged, but there is nothing to choose among")] public uint? Master { get; init; }
    [NetlinkAttribute(NDA_PROTOCOL), Ignored("judged, but there is nothing to choose among")] public byte? Protocol { get; init; }
    [NetlinkAttribute(NDA_NH_ID), Ignored("judged, but there is nothing to choose among")] public uint? NexthopId { get; init; }
    [NetlinkAttribute(NDA_FDB_EXT_ATTRS, Nested = true), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? ForwardingAttributes { get; init; }
    [NetlinkAttribute(NDA_FLAGS_EXT, Mask = ExtendedFlags), Ignored("judged, but there is nothing to choose among")] public uint? FlagsExt { get; init; }

    static GetRules? INetlinkMessage<NeighbourMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}
