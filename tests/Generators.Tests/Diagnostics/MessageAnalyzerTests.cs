namespace SmallRtnl.Generators.Tests;

/// <summary>RTNL201 to RTNL208, each with a twin that is right.</summary>
public sealed class MessageAnalyzerTests
{
    private const string Data = "[NetlinkAttribute(2, Selector = \"Kind\")] public NetlinkBytes? Data { get; init; } ";

    [Theory]
    [InlineData("[NetlinkAttribute(1)] public uint? A { get; init; } [NetlinkAttribute(1)] public uint? {|RTNL201:B|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public uint? A { get; init; } [NetlinkAttribute(2)] public uint? B { get; init; }")]
    public Task RTNL201_attribute_number_used_twice(string properties) => CheckAsync(properties);

    [Theory]
    [InlineData("[NetlinkAttribute(1)] public uint {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public string? {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public bool? {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public double? {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public nint? {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public InetAddress {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public Managed? {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public uint? {|RTNL202:A|} => null;")]
    [InlineData("[NetlinkAttribute(1, Repeated = true)] public NetlinkList<bool> {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Repeated = true)] public NetlinkList<double> {|RTNL202:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Repeated = true)] public NetlinkList<Header> A { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public static uint? {|RTNL202:A|} { get; set; }")]
    [InlineData("[NetlinkAttribute(1)] public InetAddress? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public bool A { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public Header? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public System.DayOfWeek? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] internal sbyte? A { get; init; }")]
    public Task RTNL202_unsupported_property(string properties) => CheckAsync(properties);

    [Theory]
    [InlineData("[NetlinkAttribute(1, Min = 5, Max = 4)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Max = 256)] public byte? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Min = -1)] public ulong? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Min = 1)] public InetAddress? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, MinLength = 5, MaxLength = 4)] public NetlinkBytes? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, BigEndian = true)] public InetAddress? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(0x4000)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(0)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Max = \"x\")] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Max = 1.5)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Max = ulong.MaxValue)] public long? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Mask = 1)] public InetAddress? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Mask = 1)] public int? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Mask = 0x100)] public byte? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Mask = 1, Max = 1)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Max = 1)] public bool {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Mask = 1)] public bool {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, BigEndian = true)] public bool {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, MaxLength = 4)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, MinLength = 1)] public NetlinkString? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, ExactLength = true)] public NetlinkBytes? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public NetlinkBitfield32? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Mask = 0x100000000)] public NetlinkBitfield32? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Required = true, Reject = true)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, RejectMessage = \"no\")] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Repeated = true)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1)] public NetlinkList<uint> {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Repeated = true)] public NetlinkList<uint>? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, NestedArray = true)] public NetlinkList<uint>? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, NestedArray = true)] public NetlinkList<Nest> {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Repeated = true, NestedArray = true)] public NetlinkList<Nest> {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Variable = true)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, NulTerminated = true)] public NetlinkBytes? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, NulTerminated = true, Binary = true)] public NetlinkString? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Unspecified = true)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Unspecified = true, MaxLength = 4)] public NetlinkBytes? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Nested = true)] public Header? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, PlainNest = true)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Unsigned = true)] public uint? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Unsigned = true, Max = 1)] public int? {|RTNL203:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Unsigned = true)] public int? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Max = ulong.MaxValue)] public ulong? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Mask = 0xff)] public byte? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Mask = 3)] public NetlinkBitfield32? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Reject = true, RejectMessage = \"no \\\"quotes\\\" <here>\")] public uint? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Required = true)] public bool A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, NestedArray = true)] public NetlinkList<Nest>? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Variable = true, Min = -5)] public long? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Max = long.MaxValue, Min = long.MinValue + 1)] public long? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Min = 4, Max = 4)] public uint? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Min = 0, Max = 255)] public byte? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, Min = -128)] public sbyte? A { get; init; }")]
    [InlineData("[NetlinkAttribute(1, MinLength = 4)] public NetlinkBytes? A { get; init; }")]
    public Task RTNL203_bad_range(string properties) => CheckAsync(properties);

    [Theory]
    [InlineData("[NetlinkMessage(RTM_NEWADDR)] public readonly partial record struct {|RTNL204:M|};")]
    [InlineData("[NetlinkMessage(RTM_NEWADDR, Header = typeof(string))] public readonly partial record struct {|RTNL204:M|};")]
    [InlineData("[NetlinkMessage(RTM_NEWADDR, Header = typeof(Managed))] public readonly partial record struct {|RTNL204:M|};")]
    [InlineData("[NetlinkMessage(RTM_NEWADDR, Header = typeof(Header))] public readonly partial record struct M;")]
    [InlineData("[NetlinkMessage(RTM_NEWADDR, Header = typeof(RtGenMsg))] public readonly partial record struct M;")]
    public Task RTNL204_bad_header(string declaration) => Marked.CheckAsync(Around(declaration));

    [Theory]
    [InlineData("[NetlinkNest] public readonly record struct {|RTNL205:N|};")]
    [InlineData("[NetlinkNest] public partial record struct {|RTNL205:N|};")]
    [InlineData("[NetlinkNest] public readonly partial struct {|RTNL205:N|};")]
    [InlineData("[NetlinkNest] public readonly partial record struct {|RTNL205:N|}<T>;")]
    [InlineData("public class Outer { [NetlinkNest] public readonly partial record struct {|RTNL205:N|}; }")]
    [InlineData("[NetlinkNest] public readonly partial record struct N;")]
    [InlineData("public partial class Outer { [NetlinkNest] public readonly partial record struct N; }")]
    [InlineData("public partial interface IOuter { [NetlinkNest] internal readonly partial record struct N; }")]
    public Task RTNL205_shape(string declaration) => Marked.CheckAsync(Around(declaration));

    [Theory]
    [InlineData("[NetlinkMessage(RTM_GETADDR, Header = typeof(Header))] public readonly partial record struct {|RTNL206:M|};")]
    [InlineData("[NetlinkMessage((RtmType)201, Header = typeof(Header))] public readonly partial record struct {|RTNL206:M|};")]
    [InlineData("[NetlinkMessage((RtmType)200, Header = typeof(Header))] public readonly partial record struct M;")]
    public Task RTNL206_not_a_new_type(string declaration) => Marked.CheckAsync(Around(declaration));

    [Theory]
    [InlineData("[NetlinkAttribute(2)] public NetlinkBytes? Data { get; init; } [NetlinkSubMessage(\"Data\", \"a\")] public Inner? {|RTNL207:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(2, Selector = \"Gone\")] public NetlinkBytes? {|RTNL207:Data|} { get; init; } [NetlinkSubMessage(\"Data\", \"a\")] public Inner? {|RTNL207:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(2, Selector = \"Kind\")] public NetlinkBytes? {|RTNL207:Data|} { get; init; }")]
    [InlineData("[NetlinkSubMessage(\"Gone\", \"a\")] public Inner? {|RTNL207:A|} { get; init; }")]
    [InlineData(Data + "[NetlinkSubMessage(\"Data\", \"a\")] public Inner? A { get; init; } [NetlinkSubMessage(\"Data\", \"a\")] public Inner? {|RTNL207:B|} { get; init; }")]
    [InlineData("[NetlinkAttribute(2, Selector = \"Kind\")] public NetlinkBytes? {|RTNL207:Data|} { get; init; } [NetlinkSubMessage(\"Data\", 1)] public Inner? {|RTNL207:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(2, Selector = \"Number\")] public NetlinkBytes? {|RTNL207:Data|} { get; init; } [NetlinkSubMessage(\"Data\", \"a\")] public Inner? {|RTNL207:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(2, Selector = \"Number\")] public NetlinkBytes? {|RTNL207:Data|} { get; init; } [NetlinkSubMessage(\"Data\", 256)] public Inner? {|RTNL207:A|} { get; init; }")]
    [InlineData("[NetlinkAttribute(2, Selector = \"Address\")] public NetlinkBytes? {|RTNL207:Data|} { get; init; } [NetlinkSubMessage(\"Data\", 1)] public Inner? {|RTNL207:A|} { get; init; }")]
    [InlineData(Data + "[NetlinkSubMessage(\"Data\", \"a\")] public Inner? A { get; init; } [NetlinkSubMessage(\"Data\", \"b\")] public uint? {|RTNL207:B|} { get; init; }")]
    [InlineData(Data + "[NetlinkSubMessage(\"Data\", \"a\")] public Inner? A { get; init; } [NetlinkAttribute(9)] [NetlinkSubMessage(\"Data\", \"b\")] public Inner? {|RTNL207:B|} { get; init; }")]
    [InlineData(Data + "[NetlinkSubMessage(\"Data\", \"a\")] public Inner? A { get; init; } [NetlinkSubMessage(\"Data\", \"b\")] public Inner? B { get; init; }")]
    [InlineData("[NetlinkAttribute(2, Selector = \"Number\")] public NetlinkBytes? Data { get; init; } [NetlinkSubMessage(\"Data\", 7)] public Inner? A { get; init; }")]
    [InlineData("[NetlinkAttribute(2, Selector = \"Day\")] public NetlinkBytes? Data { get; init; } [NetlinkSubMessage(\"Data\", System.DayOfWeek.Friday)] public Inner? A { get; init; }")]
    public Task RTNL207_sub_messages(string properties) => CheckAsync(
        "[NetlinkAttribute(1)] public NetlinkString? Kind { get; init; } [NetlinkAttribute(3)] public byte? Number { get; init; } "
        + "[NetlinkAttribute(4)] public System.DayOfWeek? Day { get; init; } [NetlinkAttribute(5)] public InetAddress? Address { get; init; } " + properties);

    [Theory]
    [InlineData("[NetlinkAttribute(1)] public Nest? {|RTNL208:A|} { get => null; init { } }")]
    [InlineData("[NetlinkAttribute(1)] public Around? {|RTNL208:A|} { get => null; init { } }")]
    [InlineData("[NetlinkAttribute(1)] public NetlinkString? Kind { get; init; } [NetlinkAttribute(2, Selector = \"Kind\")] public NetlinkBytes? {|RTNL207:Data|} { get; init; } [NetlinkSubMessage(\"Data\", \"a\")] public Nest? {|RTNL208:A|} { get => null; init { } }")]
    [InlineData("[NetlinkAttribute(1)] public Inner? A { get; init; } [NetlinkAttribute(2)] public Inner? B { get; init; }")]
    public Task RTNL208_nested_cycle(string properties) => Marked.CheckAsync(Around(
        $$"""
        [NetlinkNest]
        public readonly partial record struct Nest
        {
            {{properties}}
        }

        {{(properties.Contains("Around?", StringComparison.Ordinal) ? "[NetlinkNest] public readonly partial record struct Around { [NetlinkAttribute(1)] public Nest? {|RTNL208:B|} { get => null; init { } } }" : "")}}
        """));

    [Fact]
    public Task RTNL203_above_the_highest_type() => Marked.CheckAsync(Around(
        "[NetlinkNest(MaxType = 1)] public readonly partial record struct {|RTNL203:N|} { [NetlinkAttribute(2)] public uint? A { get; init; } }"));

    private static Task CheckAsync(string properties) => Marked.CheckAsync(Around(
        $$"""
        [NetlinkNest]
        public readonly partial record struct Nest
        {
            {{properties}}
        }
        """));

    private static string Around(string declaration) =>
        $$"""
        namespace MyApp;

        public readonly record struct Header(byte Family, uint Index);

        public readonly record struct Managed(string Text);

        [NetlinkNest]
        public readonly partial record struct Inner
        {
            [NetlinkAttribute(1)] public uint? Value { get; init; }
        }

        {{declaration}}
        """;
}
