namespace SmallRtnl.Generators.Tests;

/// <summary>RTNL201 to RTNL206, each with a twin that is right.</summary>
public sealed class MessageAnalyzerTests
{
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

        {{declaration}}
        """;
}
