using static SmallRtnl.Neighbours.NeighbourAttributeType;

namespace SmallRtnl.Neighbours;

/// <summary>RTM_GETNEIGH for one entry, named by its address (<c>neigh_valid_get_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWNEIGH, Header = typeof(NeighbourHeader), MaxType = NDA_NDM_FLAGS_MASK, StrictFrom = NDA_NH_ID)]
internal readonly partial record struct NeighbourGetMessage
{
    private const int MaxAddressLength = 32;

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
    [NetlinkAttribute(NDA_DST, MaxLength = MaxAddressLength, Required = true)] public NetlinkBytes? Destination { get; init; }

    static bool INetlinkMessage<NeighbourGetMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<NeighbourGetMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_get;
}
