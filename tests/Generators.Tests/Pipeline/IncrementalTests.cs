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

        [GuardedBy(PerNet)]
        public sealed partial class Counters
        {
            public partial int Sent { get; set; }
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
        GeneratorHarness.AssertAllCached(driver, Edit(compilation, 1, "=> RtnlResult.Ok;", "=> request.IsLocked ? RtnlResult.Ok : default;"));
    }

    [Fact]
    public void A_body_of_another_form_is_read_again_and_changes_no_model()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        GeneratorHarness.AssertAllCached(driver, Edit(compilation, 1, "=> RtnlResult.Ok;", "{ int local = 1; return local == 1 ? RtnlResult.Ok : default; }"), isRead: true);
    }

    [Theory]
    [InlineData("public void Init(PernetInit init) { }", "public void Init(PernetInit init) { int local = 1; System.GC.KeepAlive(local); }")]
    [InlineData("namespace MyApp;", "// A remark.\nnamespace MyApp;\n\n")]
    public void An_edit_in_other_bodies_and_in_remarks_changes_no_step(string before, string after)
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        GeneratorHarness.AssertAllCached(driver, Edit(compilation, 1, before, after));
    }

    [Theory]
    [InlineData("public void Exit(", "public void Helper() { }\n\n    public void Exit(")]
    [InlineData("[PernetSubsystem]", "public sealed class Another { }\n\n[PernetSubsystem]")]
    public void An_edit_of_declarations_that_no_model_knows_changes_no_model(string before, string after)
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        GeneratorHarness.AssertAllCached(driver, Edit(compilation, 1, before, after), isRead: true);
    }

    [Fact]
    public void An_edit_of_one_files_attributes_leaves_the_models_of_the_others_as_they_are()
    {
        GeneratorDriver driver = Run(out CSharpCompilation compilation);
        var before = HandlersOf(driver).ToDictionary(handler => handler.Method + handler.Class.Full, StringComparer.Ordinal);
        GeneratorDriver after = driver.RunGenerators(Edit(compilation, 2, "[DoIt(RTM_NEWLINK)]", "[DoIt(RTM_NEWLINK, Lock = PerNet)]"));
        IReadOnlyList<HandlerModel> read = HandlersOf(after);
        Assert.Equal(before.Count, read.Count);
        // The very same objects, not equal ones: nothing was bound again to make them.
        Assert.Equal(["OtherHandlers"], read.Where(handler => !ReferenceEquals(handler, before[handler.Method + handler.Class.Full])).Select(handler => handler.ClassName));
    }

    [Theory]
    [InlineData("public const ushort Other = 1;", "public const ushort Other = 2;")]
    [InlineData("[NetlinkMessage(RTM_NEWADDR", "[NetlinkMessage(RTM_NEWROUTE")]
    [InlineData("RtnlResult Find(", "RtnlResult Seek(")]
    [InlineData("string? plan", "string plan")]
    [InlineData("internal sealed class Plan", "file sealed class Plan")]
    [InlineData("using D = SmallRtnl.DoItAttribute;", "using D = System.ObsoleteAttribute;")]
    public void An_edit_elsewhere_that_matters_is_seen(string before, string after)
    {
        string[] sources =
        [
            GeneratorHarness.AddressMessage,
            "namespace MyApp; public static class Numbers { public const ushort Other = 1; }",
            """
            using D = SmallRtnl.DoItAttribute;
            namespace MyApp
            {
                internal sealed class Plan;

                public static class Elsewhere { public static void Nothing() { } }

                public static class A
                {
                    [D((RtmType)(200 + Numbers.Other), Resolve = nameof(Find))]
                    internal static RtnlResult New(in DoItRequest<AddressMessage> request, string? plan) => RtnlResult.Ok;

                    public static RtnlResult Find(in ResolveRequest<AddressMessage> request, out string? plan) { plan = null; return RtnlResult.Ok; }

                    [DoIt]
                    public static RtnlResult Set(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

                    [DoIt(RTM_NEWLINK, Resolve = "Make")]
                    internal static RtnlResult Take(in DoItRequest<AddressMessage> request, Plan plan) => RtnlResult.Ok;

                    internal static RtnlResult Make(in ResolveRequest<AddressMessage> request, out Plan plan) { plan = new(); return RtnlResult.Ok; }
                }
            }
            """,
        ];
        CSharpCompilation compilation = GeneratorHarness.Compile("MyApp", sources);
        GeneratorDriver driver = GeneratorHarness.Driver().RunGenerators(compilation);
        int file = Enumerable.Range(0, sources.Length).Single(i => sources[i].Contains(before, StringComparison.Ordinal));
        CSharpCompilation edited = Edit(compilation, file, before, after);
        Assert.NotEmpty(Changed(driver, edited).Concat(driver.Files().Select(found => found.HintName).Except(driver.RunGenerators(edited).Files().Select(found => found.HintName))));
        Assert.Equal(GeneratorHarness.Driver().RunGenerators(edited).Files(), driver.RunGenerators(edited).Files());
    }

    private static IReadOnlyList<HandlerModel> HandlersOf(GeneratorDriver driver) =>
    [
        .. (EquatableArray<HandlerModel>)driver.GetRunResult().Results
            .Single(result => result.TrackedSteps.ContainsKey(TrackingNames.Handlers))
            .TrackedSteps[TrackingNames.Handlers].Single().Outputs.Single().Value,
    ];

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
        GeneratorHarness.AssertAllCached(driver, Edit(compilation, 1, "[DoIt(PerNet)]", "// Why.\n    [SmallRtnl.DoIt(\n        (RtnlLock)1)]"), isRead: true);
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
