using static SmallRtnl.Neighbours.NeighbourAttributeType;

namespace SmallRtnl.Neighbours;

/// <summary>RTM_GETNEIGH for one entry, named by its address (<c>neigh_valid_get_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNEIGH, Header = typeof(NeighbourHeader), MaxType = NDA_NDM_FLAGS_MASK, StrictFrom = NDA_NH_ID)]
internal readonly partial record struct NeighbourGetMessage
{
    private static readonly GetRules s_get = new()
    {
        ShortHeader = "Invalid header for neighbor get request",
        Header =
        [
            HeaderCheck.Only(new NeighbourHeader { Index = -1, Flags = byte.MaxValue }, "Invalid values in header for neighbor get request"),
            HeaderCheck.Only(new NeighbourHeader { Index = -1, Flags = NeighbourHeader.Proxy }, "Invalid flags in header for neighbor get request"),
            HeaderCheck.Any(new NeighbourHeader { Index = -1, Flags = NeighbourHeader.Proxy }, "No device specified"),
        ],
        Attributes = [NDA_DST],
        UnsupportedAttribute = "Unsupported attribute in neighbor get request",
        Strictness = GetStrictness.Always,
    };

    /// <summary>The neighbour's address, as long as its family's addresses are.</summary>
    [NetlinkAttribute(NDA_DST, MaxLength = NeighbourMessage.MaxAddressLength, Required = true)] public NetlinkBytes? Destination { get; init; }

    [NetlinkAttribute(NDA_LLADDR, MaxLength = NeighbourMessage.MaxAddressLength), Ignored("judged, and refused by who checks strictly, as everybody here")] public NetlinkBytes? LinkAddress { get; init; }
    [NetlinkAttribute(NDA_CACHEINFO, Unspecified = true, MinLength = NeighbourMessage.CacheInfoLength), Ignored("judged, and refused by who checks strictly, as everybody here")] public NetlinkBytes? CacheInfo { get; init; }
    [NetlinkAttribute(NDA_PROBES), Ignored("judged, and refused by who checks strictly, as everybody here")] public uint? Probes { get; init; }
    [NetlinkAttribute(NDA_VLAN), Ignored("judged, and refused by who checks strictly, as everybody here")] public ushort? Vlan { get; init; }
    [NetlinkAttribute(NDA_PORT), Ignored("judged, and refused by who checks strictly, as everybody here")] public ushort? Port { get; init; }
    [NetlinkAttribute(NDA_VNI), Ignored("judged, and refused by who checks strictly, as everybody here")] public uint? Vni { get; init; }
    [NetlinkAttribute(NDA_IFINDEX), Ignored("judged, and refused by who checks strictly, as everybody here")] public uint? Index { get; init; }
    [NetlinkAttribute(NDA_MASTER), Ignored("judged, and refused by who checks strictly, as everybody here")] public uint? Master { get; init; }
    [NetlinkAttribute(NDA_PROTOCOL), Ignored("judged, and refused by who checks strictly, as everybody here")] public byte? Protocol { get; init; }
    [NetlinkAttribute(NDA_NH_ID), Ignored("judged, and refused by who checks strictly, as everybody here")] public uint? NexthopId { get; init; }
    [NetlinkAttribute(NDA_FDB_EXT_ATTRS, Nested = true), Ignored("judged, and refused by who checks strictly, as everybody here")] public NetlinkBytes? ForwardingAttributes { get; init; }
    [NetlinkAttribute(NDA_FLAGS_EXT, Mask = NeighbourMessage.ExtendedFlags), Ignored("judged, and refused by who checks strictly, as everybody here")] public uint? FlagsExt { get; init; }

    static bool INetlinkMessage<NeighbourGetMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<NeighbourGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}
