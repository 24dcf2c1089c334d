using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators.Tests;

/// <summary>What an edit regenerates, and what it does not. (That an unrelated tree regenerates nothing is checked in every run.)</summary>
public sealed class IncrementalTests
{
    private const string Handlers =
        """
        namespace MyApp;

        public sealed class AddressHandlers
        {
            [DoIt(PerNet)]
            public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

            [DumpIt(Unlocked)]
            public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];
        }

        [PernetSubsystem]
        public sealed class Subsystem : IPernetSubsystem
        {
            public void Init(PernetInit init) { }

            public void Exit(RtnlContext context, Net net) { }
        }
        """;

    private const string OtherHandlers =
        """
        namespace MyApp;

        [NetlinkNest]
        public readonly partial record struct Nest
        {
            [NetlinkAttribute(1)]
            public uint? Number { get; init; }
        }

        public sealed partial class Timers
        {
            [GuardedBy(PerNet)]
            public partial int Armed { get; set; }
        }

        public static class OtherHandlers
        {
            [DoIt(RTM_NEWLINK)]
            public static RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
        }
        """;

    [Fact]
    public void Every_named_step_runs()
    {
        GeneratorDriver driver = Run(out _);
        IEnumerable<string> steps = driver.GetRunResult().Results.SelectMany(result => result.TrackedSteps.Keys);
        Assert.Empty(TrackingNames.All.Except(steps));
    }

    [Fact]
    public void An_edit_in_a_handlers_body_changes_no_step()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        GeneratorHarness.AssertAllCached(driver, Edit(compilation, 1, "=> RtnlResult.Ok;", "{ int local = 1; return local == 1 ? RtnlResult.Ok : default; }"));
    }

    [Fact]
    public void An_edit_in_a_body_that_changes_the_verdict_regenerates_the_audit_alone()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        CSharpCompilation edited = Edit(compilation, 1, "New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;", "New(in DoItRequest<AddressMessage> request) { request.Stage(\"\"); return RtnlResult.Ok; }");
        Assert.Equal(["LockAudit.g.cs"], Changed(driver, edited));
        Assert.Contains("BlockedBy = \"AddressHandlers.New calls 'DoItRequest.Stage'\"", driver.RunGenerators(edited).File("LockAudit.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Spelling_and_layout_of_an_attribute_change_no_step()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        GeneratorHarness.AssertAllCached(driver, Edit(compilation, 1, "[DoIt(PerNet)]", "// Why.\n    [SmallRtnl.DoIt(\n        (RtnlLock)1)]"));
    }

    [Fact]
    public void Changing_a_word_regenerates_its_class_the_table_and_the_audit()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        Assert.Equal(
            ["DispatchTable.g.cs", "LockAudit.g.cs", "MyApp.AddressHandlers.Thunks.g.cs"],
            Changed(driver, Edit(compilation, 1, "[DoIt(PerNet)]", "[DoIt(Rtnl)]")));
    }

    [Fact]
    public void Changing_a_policy_regenerates_the_message_alone()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        Assert.Equal(
            ["MyApp.AddressMessage.Message.g.cs"],
            Changed(driver, Edit(compilation, 0, "[NetlinkAttribute(3)]", "[NetlinkAttribute(3, MaxLength = 16)]")));
    }

    [Fact]
    public void Deleting_a_class_deletes_its_file()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        GeneratorDriver after = driver.RunGenerators(compilation.RemoveSyntaxTrees(compilation.SyntaxTrees[2]));
        Assert.DoesNotContain(after.Files(), file => file.HintName.Contains("OtherHandlers", StringComparison.Ordinal) || file.HintName.Contains("Nest", StringComparison.Ordinal));
    }

    [Fact]
    public void Steps_after_the_edited_one_are_the_only_new_ones()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        GeneratorDriver after = driver.RunGenerators(Edit(compilation, 0, "[NetlinkAttribute(3)]", "[NetlinkAttribute(4)]"));
        foreach (string step in new[] { TrackingNames.Module, TrackingNames.HandlerClasses, TrackingNames.NamedNests, TrackingNames.AssemblyName })
        {
            ImmutableArray<IncrementalGeneratorRunStep> runs = after.GetRunResult().Results.Single(result => result.TrackedSteps.ContainsKey(step)).TrackedSteps[step];
            Assert.All(runs.SelectMany(run => run.Outputs), output => Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        }
    }

    private static GeneratorDriver Run(out CSharpCompilation compilation)
    {
        compilation = GeneratorHarness.Compile("MyApp", GeneratorHarness.AddressMessage, Handlers, OtherHandlers);
        return GeneratorHarness.Run(compilation, out _);
    }

    private static CSharpCompilation Edit(CSharpCompilation compilation, int file, string before, string after)
    {
        SyntaxTree tree = compilation.SyntaxTrees[file];
        string text = tree.ToString();
        Assert.Contains(before, text, StringComparison.Ordinal);
        string edited = text.Replace(before, after, StringComparison.Ordinal);
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From(edited)));
    }

    private static IEnumerable<string> Changed(GeneratorDriver driver, CSharpCompilation edited)
    {
        IReadOnlyList<(string HintName, string Text)> before = driver.Files();
        return driver.RunGenerators(edited).Files().Except(before).Select(file => file.HintName).Order(StringComparer.Ordinal);
    }
}
