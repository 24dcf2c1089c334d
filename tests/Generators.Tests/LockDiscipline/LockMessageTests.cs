using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>What a finding says: the path, the places on it, the page that explains it.</summary>
public sealed class LockMessageTests
{
    [Fact]
    public async Task A_finding_names_the_path_and_every_hop()
    {
        Diagnostic found = Assert.Single(await AnalyzeAsync("""
            public static class State { [GuardedBy(PerNet)] public static int Index; }
            public sealed class Handlers
            {
                [DoIt(Unlocked)]
                public RtnlResult New(in Request request) { Help(); return RtnlResult.Ok; }
                private static void Help() => Inner();
                private static void Inner() => State.Index++;
            }
            """));
        Assert.Equal("'State.Index' is guarded by PerNet, but nothing is held here: Handlers.New → Handlers.Help → Handlers.Inner → State.Index", found.GetMessage(null));
        Assert.Equal("https://github.com/smallrtnl/smallrtnl/blob/main/docs/RTNL101.md", found.Descriptor.HelpLinkUri);
        Assert.Equal(["New", "Help", "Inner"], found.AdditionalLocations.Select(Text));
        Assert.Equal("Index", Text(found.Location));
    }

    [Fact]
    public async Task One_place_is_reported_once_by_the_shortest_way()
    {
        Diagnostic found = Assert.Single(await AnalyzeAsync("""
            public static class State { [GuardedBy(PerNet)] public static int Index; }
            public sealed class Handlers
            {
                [DoIt(Unlocked)]
                public RtnlResult New(in Request request) { Long(); return RtnlResult.Ok; }
                [DoIt(Unlocked)]
                public RtnlResult Delete(in Request request) { Short(); return RtnlResult.Ok; }
                private static void Long() => Short();
                private static void Short() => State.Index++;
            }
            """));
        Assert.EndsWith(": Handlers.Delete → Handlers.Short → State.Index", found.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RTNL104", "using (request.Net.Lock(request.Context)) { }", "PerNet is taken here, but PerNet is held already: H.New")]
    [InlineData("RTNL106", "Thread.Sleep(3);", "Thread.Sleep with PerNet held: H.New")]
    [InlineData("RTNL109", "_ = request.Net.FlushAsync();", "'Net.FlushAsync' must run without PerNet, but PerNet is held here: H.New → Net.FlushAsync")]
    [InlineData("RTNL102", "RtnlAssert.Held();", "'RtnlAssert.Held' requires Rtnl, but PerNet is held here: H.New → RtnlAssert.Held")]
    public async Task The_text_of(string id, string statement, string text)
    {
        ImmutableArray<Diagnostic> found = await AnalyzeAsync($"public sealed class H {{ [DoIt(PerNet)] public RtnlResult New(in Request request) {{ {statement} return RtnlResult.Ok; }} }}");
        Assert.Equal(text, Assert.Single(found, diagnostic => diagnostic.Id == id).GetMessage(null));
    }

    [Fact]
    public async Task The_weakest_word_is_a_property_for_the_code_fix()
    {
        ImmutableArray<Diagnostic> found = await AnalyzeAsync("public sealed class H { [DoIt] public RtnlResult New(in Request request) => RtnlResult.Ok; }", all: true);
        Diagnostic word = Assert.Single(found, diagnostic => diagnostic.Id == "RTNL110");
        Assert.Equal("Unlocked", word.Properties["Word"]);
        Assert.Equal("'H.New' would be correct with Unlocked", word.GetMessage(null));
    }

    private static string Text(Location location) => location.SourceTree!.GetText().ToString(location.SourceSpan);

    private static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(string text, bool all = false)
    {
        var program = new CorpusProgram("", "File.cs", "", IsWrong: true, text);
        ImmutableArray<Diagnostic> found = await program.AnalyzeAsync(TestContext.Current.CancellationToken);
        return [.. found.Where(diagnostic => all || diagnostic.Severity != DiagnosticSeverity.Info)];
    }
}
