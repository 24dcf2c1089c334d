using System.Runtime.InteropServices;

namespace SmallRtnl.TrafficControl;

/// <summary><c>struct tcmsg</c>: the fixed header of traffic-control messages, 20 bytes (rtnetlink(7)).</summary>
/// <param name="Family">AF_UNSPEC.</param>
/// <param name="Pad1">0.</param>
/// <param name="Pad2">0.</param>
/// <param name="Index">The interface.</param>
/// <param name="Handle">The object's own handle.</param>
/// <param name="Parent">Where it hangs.</param>
/// <param name="Info">Of a queueing discipline, how many refer to it.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TrafficHeader(ProtocolFamily Family, byte Pad1, ushort Pad2, int Index, uint Handle, uint Parent, uint Info);

/// <summary>TCA_* (linux/rtnetlink.h).</summary>
internal static class TrafficAttributeType
{
    public const ushort TCA_KIND = 1;
    public const ushort TCA_STATS = 3;
    public const ushort TCA_RATE = 5;
    public const ushort TCA_STATS2 = 7;
    public const ushort TCA_STAB = 8;
    public const ushort TCA_DUMP_INVISIBLE = 10;
    public const ushort TCA_CHAIN = 11;
    public const ushort TCA_HW_OFFLOAD = 12;
    public const ushort TCA_INGRESS_BLOCK = 13;
    public const ushort TCA_EGRESS_BLOCK = 14;
    public const ushort TCA_EXT_WARN_MSG = 16;
}

/// <summary>RTM_NEWQDISC and its kin, in the order of <c>tc_fill_qdisc</c>; requests are judged by <c>rtm_tca_policy</c>.</summary>
[NetlinkMessage(RtmType.RTM_NEWQDISC, Header = typeof(TrafficHeader), MaxType = TrafficAttributeType.TCA_EXT_WARN_MSG)]
internal readonly partial record struct QdiscMessage
{
    private static readonly GetRules s_dump = new() { Strictness = GetStrictness.Never, LenientDump = LenientDump.Whole };

    [NetlinkAttribute(TrafficAttributeType.TCA_KIND)] public NetlinkString? Kind { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_HW_OFFLOAD, Unspecified = true)] public NetlinkBytes? HardwareOffload { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_STATS2, Unspecified = true)] public NetlinkBytes? Statistics { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_STATS, Unspecified = true)] public NetlinkBytes? OldStatistics { get; init; }

    // Only in requests.
    [NetlinkAttribute(TrafficAttributeType.TCA_RATE, MaxLength = 2), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? Rate { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_STAB, Nested = true), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? SizeTable { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_DUMP_INVISIBLE), Ignored("judged, but there is nothing to choose among")] public bool DumpInvisible { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_CHAIN), Ignored("judged, but there is nothing to choose among")] public uint? Chain { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_INGRESS_BLOCK), Ignored("judged, but there is nothing to choose among")] public uint? IngressBlock { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_EGRESS_BLOCK), Ignored("judged, but there is nothing to choose among")] public uint? EgressBlock { get; init; }

    static GetRules? INetlinkMessage<QdiscMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}

/// <summary>RTM_GETTCLASS's dump, of which nothing but the header is read (<c>tc_dump_tclass</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWTCLASS, Header = typeof(TrafficHeader))]
internal readonly partial record struct TrafficClassMessage
{
    private static readonly GetRules s_dump = new() { Strictness = GetStrictness.Never, LenientDump = LenientDump.Ignored };

    static GetRules? INetlinkMessage<TrafficClassMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}

/// <summary>RTM_GETTFILTER's dump (<c>tcf_tfilter_dump_policy</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWTFILTER, Header = typeof(TrafficHeader), MaxType = TrafficAttributeType.TCA_EXT_WARN_MSG)]
internal readonly partial record struct TrafficFilterMessage
{
    private static readonly GetRules s_dump = new() { Strictness = GetStrictness.Never };

    [NetlinkAttribute(TrafficAttributeType.TCA_CHAIN), Ignored("judged, but there is nothing to choose among")] public uint? Chain { get; init; }

    static GetRules? INetlinkMessage<TrafficFilterMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}

/// <summary>RTM_GETCHAIN's dump, judged by <c>rtm_tca_policy</c>.</summary>
[NetlinkMessage(RtmType.RTM_NEWCHAIN, Header = typeof(TrafficHeader), MaxType = TrafficAttributeType.TCA_EXT_WARN_MSG)]
internal readonly partial record struct TrafficChainMessage
{
    private static readonly GetRules s_dump = new() { Strictness = GetStrictness.Never };

    [NetlinkAttribute(TrafficAttributeType.TCA_KIND)] public NetlinkString? Kind { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_RATE, MaxLength = 2), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? Rate { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_STAB, Nested = true), Ignored("judged, but there is nothing to choose among")] public NetlinkBytes? SizeTable { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_DUMP_INVISIBLE), Ignored("judged, but there is nothing to choose among")] public bool DumpInvisible { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_CHAIN), Ignored("judged, but there is nothing to choose among")] public uint? Chain { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_INGRESS_BLOCK), Ignored("judged, but there is nothing to choose among")] public uint? IngressBlock { get; init; }
    [NetlinkAttribute(TrafficAttributeType.TCA_EGRESS_BLOCK), Ignored("judged, but there is nothing to choose among")] public uint? EgressBlock { get; init; }

    static GetRules? INetlinkMessage<TrafficChainMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}
