using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>RTNL001 to RTNL007: each rule with a twin that is right, and with what the generator makes of the rest.</summary>
public sealed class HandlerAnalyzerTests
{
    private const string Plan = "public sealed record Plan(int Index);";

    [Theory]
    [InlineData("""
        [DoIt(RTM_NEWADDR)]
        public RtnlResult A(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

        [DoIt(PerNet)]
        public RtnlResult {|RTNL001:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
        """)]
    [InlineData("""
        [DoIt(RTM_NEWADDR)]
        public RtnlResult A(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

        [DoIt(RTM_NEWADDR, Family = AF_INET)]
        public RtnlResult OtherFamily(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

        [DoIt(RTM_GETADDR)]
        public RtnlResult Get(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

        [DumpIt]
        public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];
        """)]
    public Task RTNL001_two_handlers_for_one_message(string methods) => CheckAsync(methods);

    [Theory]
    [InlineData("[DoIt] public void {|RTNL002:New|}(in DoItRequest<AddressMessage> request) { }")]
    [InlineData("[DoIt] public RtnlResult {|RTNL002:New|}() => RtnlResult.Ok;")]
    [InlineData("[DoIt] public RtnlResult {|RTNL002:New|}(AddressMessage request) => RtnlResult.Ok;")]
    [InlineData("[DoIt] public RtnlResult {|RTNL002:New|}(ref DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt] public ValueTask<RtnlResult> {|RTNL002:New|}(in DoItRequest<AddressMessage> request) => default;")]
    [InlineData("[DoIt] public Task<RtnlResult> {|RTNL002:New|}(DoItRequest<AddressMessage> request) => null!;")]
    [InlineData("[DoIt] public RtnlResult {|RTNL002:New|}(in DoItRequest<AddressMessage> request, int plan) => RtnlResult.Ok;")]
    [InlineData("[DumpIt] public IEnumerable<IfAddrMsg> {|RTNL002:Dump|}(DumpItRequest<AddressMessage> request) => [];")]
    [InlineData("[DumpIt] public IEnumerable<AddressMessage> {|RTNL002:Dump|}(in DumpItRequest<AddressMessage> request) => [];")]
    [InlineData("[DumpIt] public RtnlResult {|RTNL002:Dump|}(DumpItRequest<AddressMessage> request, ref DumpWriter<AddressMessage> writer) => RtnlResult.Ok;")]
    [InlineData("[DumpIt] public RtnlResult {|RTNL002:Dump|}(DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt] public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt] public RtnlResult New(DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt] public ValueTask<RtnlResult> New(DoItRequest<AddressMessage> request) => default;")]
    [InlineData("[DumpIt] public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];")]
    [InlineData("[DumpIt] public RtnlResult Dump(in DumpItRequest<AddressMessage> request, ref DumpWriter<AddressMessage> writer) => RtnlResult.Ok;")]
    public Task RTNL002_signature(string methods) => CheckAsync(methods);

    [Theory]
    [InlineData("[DumpIt(RTM_NEWADDR)] public IEnumerable<AddressMessage> {|RTNL003:Dump|}(DumpItRequest<AddressMessage> request) => [];")]
    [InlineData("[DumpIt((RtmType)201)] public IEnumerable<AddressMessage> {|RTNL003:Dump|}(DumpItRequest<AddressMessage> request) => [];")]
    [InlineData("[DumpIt(RTM_GETADDR)] public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];")]
    [InlineData("[DumpIt((RtmType)202)] public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];")]
    public Task RTNL003_dump_of_what_is_no_get(string methods) => CheckAsync(methods);

    [Theory]
    [InlineData("[DoIt] public RtnlResult {|RTNL004:Handle|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt(PerNet)] public RtnlResult {|RTNL004:Newer|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DumpIt(Unlocked)] public IEnumerable<ByHand> {|RTNL004:Dump|}(DumpItRequest<ByHand> request) => [];")]
    [InlineData("[DoIt(RTM_NEWADDR)] public RtnlResult Handle(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DumpIt(RTM_GETADDR, Lock = Unlocked)] public IEnumerable<ByHand> Dump(DumpItRequest<ByHand> request) => [];")]
    public Task RTNL004_message_type_cannot_be_inferred(string methods) => CheckAsync(methods);

    [Theory]
    [InlineData("""
        [DoIt(Resolve = "Nowhere")] public RtnlResult {|RTNL005:New|}(in DoItRequest<AddressMessage> request, Plan plan) => RtnlResult.Ok;
        """)]
    [InlineData("""
        [DoIt(Resolve = nameof(Find))] public RtnlResult {|RTNL005:New|}(in DoItRequest<AddressMessage> request, Plan plan) => RtnlResult.Ok;
        public RtnlResult Find(in ResolveRequest<AddressMessage> request, out string plan) { plan = ""; return RtnlResult.Ok; }
        """)]
    [InlineData("""
        [DoIt(Resolve = nameof(Find))] public RtnlResult {|RTNL005:New|}(in DoItRequest<AddressMessage> request, Plan plan) => RtnlResult.Ok;
        private RtnlResult Find(in ResolveRequest<AddressMessage> request, out Plan plan) { plan = new(1); return RtnlResult.Ok; }
        """)]
    [InlineData("""
        [DoIt(Unlocked, Resolve = nameof(Find))] public RtnlResult {|RTNL005:New|}(in DoItRequest<AddressMessage> request, Plan plan) => RtnlResult.Ok;
        public RtnlResult Find(in ResolveRequest<AddressMessage> request, NetSet nets, out Plan plan) { plan = new(1); return RtnlResult.Ok; }
        """)]
    [InlineData("""
        [DoIt(Resolve = nameof(Find))] public RtnlResult {|RTNL002:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
        public RtnlResult Find(in ResolveRequest<AddressMessage> request, out Plan plan) { plan = new(1); return RtnlResult.Ok; }
        """)]
    [InlineData("""
        [DoIt(Unlocked, Resolve = nameof(Find))] public RtnlResult New(in DoItRequest<AddressMessage> request, Plan plan) => RtnlResult.Ok;
        public RtnlResult Find(in ResolveRequest<AddressMessage> request, out Plan plan) { plan = new(1); return RtnlResult.Ok; }
        """)]
    [InlineData("""
        [DoIt(Rtnl, Resolve = nameof(Find))] public RtnlResult New(in DoItRequest<AddressMessage> request, Plan plan) => RtnlResult.Ok;
        internal static RtnlResult Find(in ResolveRequest<AddressMessage> request, NetSet nets, out Plan plan) { plan = new(1); return RtnlResult.Ok; }
        """)]
    public Task RTNL005_resolve(string methods) => CheckAsync(methods);

    [Theory]
    [InlineData("[DoIt] private RtnlResult {|RTNL006:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt] protected RtnlResult {|RTNL006:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt] public RtnlResult {|RTNL006:New|}<T>(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("private static class Inner { [DoIt] public static RtnlResult {|RTNL006:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }")]
    [InlineData("public static class Inner<T> { [DoIt] public static RtnlResult {|RTNL006:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }")]
    [InlineData("public abstract class Inner { [DoIt] public abstract RtnlResult {|RTNL006:New|}(in DoItRequest<AddressMessage> request); }")]
    [InlineData("public abstract class Inner { [DoIt] public RtnlResult {|RTNL006:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }")]
    [InlineData("public struct Inner { [DoIt] public RtnlResult {|RTNL006:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }")]
    [InlineData("public interface IInner { [DoIt] RtnlResult {|RTNL006:New|}(in DoItRequest<AddressMessage> request); }")]
    [InlineData("[PernetSubsystem] public sealed class {|RTNL006:Inner|};")]
    [InlineData("[PernetSubsystem] public abstract class {|RTNL006:Inner|} : IPernetSubsystem { public abstract void Init(PernetInit init); public abstract void Exit(RtnlContext context, Net net); }")]
    [InlineData("[DoIt] protected internal RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("internal static class Inner { [DoIt] internal static RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }")]
    [InlineData("public abstract class Inner { [DoIt] public static RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }")]
    [InlineData("[PernetSubsystem] internal sealed class Inner : IPernetSubsystem { public void Init(PernetInit init) { } public void Exit(RtnlContext context, Net net) { } }")]
    public Task RTNL006_not_accessible(string methods) => CheckAsync(methods);

    [Theory]
    [InlineData("[DoIt(PerNet, Lock = Unlocked)] public RtnlResult {|RTNL007:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DumpIt(Unlocked, Lock = Rtnl)] public IEnumerable<AddressMessage> {|RTNL007:Dump|}(DumpItRequest<AddressMessage> request) => [];")]
    [InlineData("[DoIt(Unlocked, Fallback = Unlocked)] public RtnlResult {|RTNL007:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt((RtnlLock)7)] public RtnlResult {|RTNL007:New|}(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt(PerNet, Lock = PerNet)] public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt(RTM_NEWADDR, Lock = PerNet)] public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    [InlineData("[DoIt(PerNet, Fallback = PerNet)] public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;")]
    public Task RTNL007_given_twice_and_differently(string methods) => CheckAsync(methods);

    [Fact]
    public async Task A_bad_handler_leaves_the_others_generated()
    {
        string[] sources =
        [
            GeneratorHarness.AddressMessage,
            Class("""
                [DoIt] private RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
                [DoIt] public RtnlResult Delete(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
                [DoIt(RTM_DELADDR)] public RtnlResult Twin(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
                """),
        ];
        string table = GeneratorHarness.Driver().RunGenerators(GeneratorHarness.Compile("MyApp", sources)).File("DispatchTable.g.cs");
        Assert.DoesNotContain("AddressHandlers.New", table, StringComparison.Ordinal);
        Assert.Contains("AddressHandlers.Delete", table, StringComparison.Ordinal);
        Assert.DoesNotContain("Twin", table, StringComparison.Ordinal);
        Assert.Equal(["RTNL006", "RTNL001"], (await GeneratorHarness.AnalyzeAsync(sources)).Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public async Task The_text_names_what_is_meant()
    {
        string[] sources = [GeneratorHarness.AddressMessage, Class("[DoIt] public void New(in DoItRequest<AddressMessage> request) { }")];
        Diagnostic found = Assert.Single(await GeneratorHarness.AnalyzeAsync(sources));
        Assert.Contains("'AddressHandlers.New'", found.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains(SignatureParser.DoItForms, found.GetMessage(null), StringComparison.Ordinal);
    }

    private static Task CheckAsync(string methods) => Marked.CheckAsync(GeneratorHarness.AddressMessage, Class(methods));

    private static string Class(string methods) =>
        $$"""
        namespace MyApp;

        {{Plan}}

        public readonly struct ByHand : INetlinkMessage<ByHand>
        {
            public static RtmType NewType => RTM_NEWADDR;
            public static int HeaderSize => 4;
            public static bool TryParse(in NetlinkPayload payload, Extack extack, out ByHand message) { message = default; return true; }
            public void Write(ref NetlinkWriter writer) { }
        }

        public class AddressHandlers
        {
        {{methods}}
        }
        """;
}
