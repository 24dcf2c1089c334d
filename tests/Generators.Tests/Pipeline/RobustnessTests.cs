using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>Half-written code, which is what a generator sees most: it and the analyzers stay calm.</summary>
public sealed class RobustnessTests
{
    private const string Whole =
        """
        namespace MyApp;

        [NetlinkMessage(RTM_NEWADDR, Header = typeof(RtGenMsg))]
        public readonly partial record struct AddressMessage
        {
            [NetlinkAttribute(3, Min = 1, Max = 5)]
            public uint? Label { get; init; }
        }

        public sealed class AddressHandlers
        {
            [DoIt(PerNet, Resolve = nameof(Find), Family = AF_INET)]
            public RtnlResult New(in DoItRequest<AddressMessage> request, string plan) => RtnlResult.Ok;

            public RtnlResult Find(in ResolveRequest<AddressMessage> request, NetSet nets, out string plan) { plan = ""; return RtnlResult.Ok; }

            [DumpIt(Unlocked)]
            public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];
        }

        [PernetSubsystem(1)]
        public sealed class Subsystem : IPernetSubsystem
        {
            public void Init(PernetInit init) { }

            public void Exit(RtnlContext context, Net net) { }
        }
        """;

    [Fact]
    public async Task A_file_that_ends_anywhere_breaks_nothing()
    {
        GeneratorDriver driver = GeneratorHarness.Driver();
        for (int length = 0; length <= Whole.Length; length += 5)
        {
            driver = driver.RunGenerators(GeneratorHarness.Compile("MyApp", Whole[..length]));
            Assert.All(driver.GetRunResult().Results, result => Assert.Null(result.Exception));
        }
        for (int length = 0; length <= Whole.Length; length += 40)
            AssertCalm(await GeneratorHarness.AnalyzeAsync(Whole[..length]));
    }

    [Theory]
    [InlineData("[NetlinkMessage(new[] { 1 }, Header = typeof(int[]))] public readonly partial record struct M { [NetlinkAttribute(new ushort[] { 1 })] public uint? A { get; init; } }")]
    [InlineData("[NetlinkMessage] public readonly partial record struct M { [NetlinkAttribute] public Nowhere? A { get; init; } }")]
    [InlineData("[NetlinkMessage(RTM_NEWADDR, Header = typeof(Nowhere))] public readonly partial record struct M { [NetlinkAttribute(1, Min = \"a\")] public uint? A { get; init; } }")]
    [InlineData("[NetlinkMessage(RTM_NEWADDR, Header = typeof(System.Nullable<>))] public readonly partial record struct M;")]
    [InlineData("[NetlinkMessage(RTM_NEWADDR, Header = null)] public readonly partial record struct M;")]
    [InlineData("public class C { [DoIt(new[] { 1 })] public RtnlResult New(in DoItRequest<Nowhere> request) => default; [DumpIt(5, Lock = 7)] public IEnumerable<> Dump() => []; }")]
    [InlineData("public class C { [DoIt((RtnlLock)77)] public RtnlResult New(in DoItRequest<> request) => default; [DoIt(Resolve = null)] public int this[int i] => 1; }")]
    [InlineData("public class C { [DoIt] public static RtnlResult operator +(C a, C b) => default; int P { [DoIt] get; } void M() { [DoIt] void Local() { } } }")]
    [InlineData("[PernetSubsystem(\"a\")] public class C : IPernetSubsystem; [PernetSubsystem] public struct S;")]
    [InlineData("[DoIt] [DumpIt] void TopLevel() { }")]
    public async Task Wrong_arguments_break_nothing(string source)
    {
        GeneratorDriver driver = GeneratorHarness.Driver().RunGenerators(GeneratorHarness.Compile("MyApp", source));
        Assert.All(driver.GetRunResult().Results, result => Assert.Null(result.Exception));
        AssertCalm(await GeneratorHarness.AnalyzeAsync(source));
    }

    /// <summary>An analyzer that throws is reported as AD0001.</summary>
    private static void AssertCalm(ImmutableArray<Diagnostic> found) => Assert.DoesNotContain(found, diagnostic => diagnostic.Id == "AD0001");
}
