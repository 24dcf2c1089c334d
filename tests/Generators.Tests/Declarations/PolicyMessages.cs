namespace SmallRtnl.Generators.Tests.Declarations;

/// <summary>A message with every policy that ThingMessage has not.</summary>
[NetlinkMessage((RtmType)204, Header = typeof(ThingHeader), MaxType = 60, StrictFrom = 50)]
public readonly partial record struct PolicyMessage
{
    [NetlinkAttribute(1, Mask = 0x0f)] public uint? Masked { get; init; }
    [NetlinkAttribute(2, Mask = 0x05)] public NetlinkBitfield32? Bits { get; init; }
    [NetlinkAttribute(3, Min = 2UL, Max = ulong.MaxValue - 1)] public ulong? Large { get; init; }
    [NetlinkAttribute(4, Repeated = true)] public NetlinkList<uint> Numbers { get; init; }
    [NetlinkAttribute(5, Repeated = true, BigEndian = true)] public NetlinkList<ushort> Ports { get; init; }
    [NetlinkAttribute(6, Repeated = true)] public NetlinkList<InetAddress> Addresses { get; init; }
    [NetlinkAttribute(7, NestedArray = true)] public NetlinkList<InnerNest>? Array { get; init; }
    [NetlinkAttribute(8, Repeated = true)] public NetlinkList<InnerNest> Nests { get; init; }
    [NetlinkAttribute(9, Variable = true)] public ulong? Variable { get; init; }
    [NetlinkAttribute(10, Variable = true, Min = -5)] public long? VariableSigned { get; init; }
    [NetlinkAttribute(11, NulTerminated = true, MaxLength = 4)] public NetlinkString? NulText { get; init; }
    [NetlinkAttribute(12, MaxLength = 4)] public NetlinkString? Text { get; init; }
    [NetlinkAttribute(13, Binary = true, MaxLength = 4)] public NetlinkString? BinaryText { get; init; }
    [NetlinkAttribute(14, ExactLength = true)] public Range32? Exact { get; init; }
    [NetlinkAttribute(15, Unspecified = true)] public Range32? Old { get; init; }
    [NetlinkAttribute(16, MaxLength = 6)] public NetlinkBytes? Short { get; init; }
    [NetlinkAttribute(17, Nested = true)] public NetlinkBytes? RawNest { get; init; }
    [NetlinkAttribute(18, Reject = true, RejectMessage = "not this one")] public uint? Rejected { get; init; }
    [NetlinkAttribute(23, Reject = true, Unspecified = true)] public uint? WithoutPolicy { get; init; }
    [NetlinkAttribute(19)] public ChosenNest? Chosen { get; init; }
    [NetlinkAttribute(20, BigEndian = true, Min = 10, Max = 0x1000)] public ushort? BoundedPort { get; init; }
    [NetlinkAttribute(21)] public RequiringNest? Requiring { get; init; }
    [NetlinkAttribute(22)] public TreeNest? Tree { get; init; }
    [NetlinkAttribute(24, Repeated = true)] public NetlinkList<RejectingNest> Rejecting { get; init; }
    [NetlinkAttribute(25, NestedArray = true)] public NetlinkList<RejectingNest>? RejectingArray { get; init; }
    [NetlinkAttribute(50)] public uint? StrictNumber { get; init; }
    [NetlinkAttribute(51)] public InnerNest? StrictNest { get; init; }
}

/// <summary>A payload whose shape its siblings choose, by text and by number.</summary>
[NetlinkNest]
public readonly partial record struct ChosenNest
{
    [NetlinkAttribute(1)] public NetlinkString? Kind { get; init; }
    [NetlinkAttribute(2, Selector = nameof(Kind))] public NetlinkBytes? Data { get; init; }
    [NetlinkSubMessage(nameof(Data), "inner")] public InnerNest? Inner { get; init; }
    [NetlinkSubMessage(nameof(Data), "outer")] public OuterNest? Outer { get; init; }
    [NetlinkAttribute(3)] public Colour? Colour { get; init; }
    [NetlinkAttribute(4, Selector = nameof(Colour))] public NetlinkBytes? ColourData { get; init; }
    [NetlinkSubMessage(nameof(ColourData), Declarations.Colour.Blue)] public InnerNest? Blue { get; init; }
}

[NetlinkNest]
public readonly partial record struct RequiringNest
{
    [NetlinkAttribute(1)] public uint? Optional { get; init; }
    [NetlinkAttribute(2, Required = true)] public uint? Needed { get; init; }
    [NetlinkAttribute(3, Required = true, Repeated = true)] public NetlinkList<uint> NeededToo { get; init; }
}

[NetlinkNest]
public readonly partial record struct RejectingNest
{
    [NetlinkAttribute(1, Reject = true)] public uint? Rejected { get; init; }
}

/// <summary>A nest of nests, as deep as the sender likes.</summary>
[NetlinkNest]
public readonly partial record struct TreeNest
{
    [NetlinkAttribute(1)] public uint? Value { get; init; }
    [NetlinkAttribute(2, Repeated = true)] public NetlinkList<TreeNest> Children { get; init; }
}
