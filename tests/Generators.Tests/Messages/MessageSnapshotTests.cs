namespace SmallRtnl.Generators.Tests;

/// <summary>What is generated for declared messages and nests, word for word.</summary>
public sealed class MessageSnapshotTests
{
    [Fact]
    public void Address() => Verifier.Verify(GeneratorHarness.Run(GeneratorHarness.AddressMessage));

    [Fact]
    public void Every_kind() => Verifier.Verify(GeneratorHarness.Run(
        GeneratorHarness.AddressMessage,
        """
        namespace MyApp.Every;

        public enum Colour : byte { Red, Green }

        public readonly record struct Pair(uint First, uint Second);

        [NetlinkNest]
        public readonly partial record struct Inner
        {
            [NetlinkAttribute(1)]
            public uint? Number { get; init; }
        }

        public static partial class Outer
        {
            [NetlinkMessage((RtmType)200, Header = typeof(RtGenMsg))]
            public readonly partial record struct Everything
            {
                public const ushort EVERY_BYTE = 1;

                [NetlinkAttribute(EVERY_BYTE, Min = 1, Max = 32)]
                public byte? Byte { get; init; }

                [NetlinkAttribute(2, Min = -1)]
                public long? Signed { get; init; }

                [NetlinkAttribute(3)]
                public Colour? Colour { get; init; }

                [NetlinkAttribute(4)]
                public bool Flag { get; init; }

                [NetlinkAttribute(5, MaxLength = 16)]
                public InterfaceName? Name { get; init; }

                [NetlinkAttribute(6)]
                public Inner? Nest { get; init; }

                [NetlinkAttribute(7, PlainNest = true)]
                public Inner? Plain { get; init; }

                [NetlinkAttribute(8)]
                public Pair? Pair { get; init; }

                [NetlinkAttribute(9, BigEndian = true)]
                public ushort? Port { get; init; }

                [NetlinkAttribute(10, Reject = true)]
                public uint? Rejected { get; init; }

                [NetlinkAttribute(11)]
                public MyApp.IfAddrMsg? Elsewhere { get; init; }

                public string NoAttribute => "ignored";
            }
        }

        [NetlinkMessage((RtmType)204, Header = typeof(RtGenMsg), MaxType = 40, StrictFrom = 20, Validation = NetlinkValidation.Trailing)]
        public readonly partial record struct Policies
        {
            [NetlinkAttribute(1)] public NetlinkString? Kind { get; init; }
            [NetlinkAttribute(2, Selector = nameof(Kind))] public NetlinkBytes? Data { get; init; }
            [NetlinkSubMessage(nameof(Data), "inner")] public Inner? InnerData { get; init; }
            [NetlinkSubMessage(nameof(Data), "policies")] public Inner? OtherData { get; init; }
            [NetlinkAttribute(3, Mask = 0x7)] public uint? Masked { get; init; }
            [NetlinkAttribute(4, Mask = 0x7)] public NetlinkBitfield32? Bits { get; init; }
            [NetlinkAttribute(5, Max = ulong.MaxValue - 1)] public ulong? Large { get; init; }
            [NetlinkAttribute(6, Repeated = true)] public NetlinkList<uint> Numbers { get; init; }
            [NetlinkAttribute(7, Repeated = true, BigEndian = true)] public NetlinkList<ushort> Ports { get; init; }
            [NetlinkAttribute(8, NestedArray = true)] public NetlinkList<Inner>? Nests { get; init; }
            [NetlinkAttribute(9, Variable = true)] public long? Variable { get; init; }
            [NetlinkAttribute(10, NulTerminated = true, MaxLength = 8)] public NetlinkString? Text { get; init; }
            [NetlinkAttribute(11, ExactLength = true)] public Pair? Exact { get; init; }
            [NetlinkAttribute(12, Unspecified = true)] public Pair? Old { get; init; }
            [NetlinkAttribute(13, Required = true)] public uint? Required { get; init; }
            [NetlinkAttribute(14, Reject = true, RejectMessage = "not <this>")] public bool Rejected { get; init; }
            [NetlinkAttribute(20, MinLength = 2, MaxLength = 6)] public NetlinkBytes? Strict { get; init; }
        }
        """), source => source.HintName.Contains("AddressMessage", StringComparison.Ordinal));

    [Fact]
    public void Properties_whose_locals_would_share_a_name_or_hide_a_property_compile() => GeneratorHarness.Run(
        """
        namespace MyApp;

        [NetlinkNest]
        public readonly partial record struct Inner
        {
            [NetlinkAttribute(1)] public uint? Number { get; init; }
        }

        [NetlinkNest]
        public readonly partial record struct Alike
        {
            [NetlinkAttribute(1, Repeated = true, Required = true)] public NetlinkList<uint> Numbers { get; init; }
            [NetlinkAttribute(2)] public uint? NumbersOccurrences { get; init; }
            [NetlinkAttribute(3)] public uint? Strict { get; init; }
            [NetlinkAttribute(4)] public uint? StrictAttribute { get; init; }
            [NetlinkAttribute(5)] public uint? strictAttribute { get; init; }
            [NetlinkAttribute(6)] public NetlinkString? Kind { get; init; }
            [NetlinkAttribute(7, Selector = nameof(Kind))] public NetlinkBytes? Data { get; init; }
            [NetlinkSubMessage(nameof(Data), "inner")] public Inner? DataCaptured { get; init; }
            [NetlinkAttribute(8)] public uint? dataCaptured2 { get; init; }
            [NetlinkAttribute(9)] public uint? Foo { get; init; }
            [NetlinkAttribute(10)] public uint? foo { get; init; }
            [NetlinkAttribute(11)] public uint? Event { get; init; }
            [NetlinkAttribute(12)] public uint? @event { get; init; }
            [NetlinkAttribute(13)] public NetlinkString? @class { get; init; }
            [NetlinkAttribute(14, Selector = nameof(@class))] public NetlinkBytes? ClassData { get; init; }
            [NetlinkSubMessage(nameof(ClassData), "inner")] public Inner? InnerClass { get; init; }
        }
        """);

    [Fact]
    public void A_property_with_accessors_of_the_users_own_is_set_through_them()
    {
        string text = GeneratorHarness.Run(
            """
            namespace MyApp;

            [NetlinkNest]
            public readonly partial record struct Nest
            {
                [NetlinkAttribute(1)]
                public uint? Automatic { get; init; }

                [NetlinkAttribute(2)]
                public uint? Halved { get; init => field = value / 2; }
            }
            """).File("Nest.g.cs");
        Assert.Contains("ref uint? automatic = ref AttributeFields.Automatic(ref nest);", text, StringComparison.Ordinal);
        Assert.Contains("uint? halved = default;", text, StringComparison.Ordinal);
        Assert.Contains("nest = nest with { Halved = halved };", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<Halved>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_share_a_name_with_the_runtimes_are_named_in_full()
    {
        string text = GeneratorHarness.Run(
            """
            namespace MyApp;

            public readonly record struct InterfaceName(uint Value);

            [NetlinkNest]
            public readonly partial record struct Nest
            {
                [NetlinkAttribute(1)]
                public InterfaceName? Mine { get; init; }

                [NetlinkAttribute(2)]
                public SmallRtnl.InterfaceName? Theirs { get; init; }
            }
            """).File("Nest.g.cs");
        Assert.Contains("ref global::SmallRtnl.InterfaceName? theirs = ref AttributeFields.Theirs(ref nest);", text, StringComparison.Ordinal);
        Assert.Contains("TryReadStruct(in payload, in attribute, extack, in AttributePolicies.Mine, out global::MyApp.InterfaceName value)", text, StringComparison.Ordinal);
        Assert.Contains("TryReadValue(in payload, in attribute, extack, ref theirs)", text, StringComparison.Ordinal);
    }
}
