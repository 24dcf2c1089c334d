using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallRtnl.Generators.Tests;

/// <summary>The interceptors that assert at calls of [RequiresLock] methods. (How they behave, form by form, is Framework.Tests' business.)</summary>
public sealed class LockCallSnapshotTests
{
    private const string Source =
        """
        namespace MyApp;

        public sealed class Cache : LockClass;

        public interface ILedger
        {
            [RequiresLock(PerNet, Net = nameof(net))]
            bool TryFind<T>(RtnlContext context, Net net, in T key, out string? value) where T : notnull;
        }

        public sealed class Ledger<TKey> where TKey : class, new()
        {
            [RequiresLock(Rtnl)]
            public static ref int Slot(ref int @ref) => ref @ref;

            [RequiresLock(PerNet), RequiresLock(typeof(Cache))]
            public void Put(TKey key, params int[] values) { }

            [RequiresLock(PerNet)]
            private void Hidden() { }

            [RequiresLock(PerNet)]
            public int Property => 1;

            public void Run() => Hidden();

            [RequiresLock(Rtnl)]
            internal bool TryGet(out RtnlContext owner, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TKey key)
            {
                owner = null!;
                key = null;
                return false;
            }

            [RequiresLock(PerNet, Net = nameof(net))]
            internal void OnNone(RtnlContext? context = null, Net? net = null) { }

            [RequiresLock(PerNet), System.Diagnostics.Conditional("TRACE_LOCKS")]
            internal void Trace() { }

            [RequiresLock(PerNet), System.Obsolete("old", DiagnosticId = "LIB1")]
            internal void Old() { }
        }

        public sealed class Plain
        {
            private sealed class Own : LockClass;

            [RequiresLock(typeof(Own))]
            internal void UnderOwn() { }

            [RequiresLock(typeof(Own)), RequiresLock(PerNet)]
            internal void UnderBoth() => UnderOwn();
        }

        public readonly struct Entry
        {
            [RequiresLock(PerNet)]
            public void Touch() { }
        }

        public struct Counter
        {
            [RequiresLock(PerNet)]
            public void Count() { }
        }

        public static class Calls
        {
            public static void All(ILedger ledger, RtnlContext context, Net net, Entry entry, Counter counter)
            {
                int slot = 0;
                _ = ledger.TryFind(context, net, 1, out _);
                _ = ledger.TryFind(context, net, "a", out _);
                Ledger<object>.Slot(ref slot) = 1;
                new Ledger<object>().Put(new object(), 1, 2);
                _ = new Ledger<object>().Property;
                entry.Touch();
                counter.Count();
                System.Action group = entry.Touch;
                var other = new Ledger<object>();
                new Plain().UnderOwn();
                new Plain().UnderBoth();
                _ = other.TryGet(out _, out _);
                other.OnNone();
                other.Trace();
                #pragma warning disable LIB1
                other.Old();
                #pragma warning restore LIB1
                System.Linq.Expressions.Expression<System.Action> tree = () => other.OnNone(null, null);
                Generic(ledger);
            }

            private static void Generic<T>(T found) where T : ILedger
            {
                _ = found.TryFind(null!, null!, 1, out _);
                _ = found?.TryFind(null!, null!, 1, out _);
            }

            public static void Runtime(RtnlContext context, Net net) => context.Stage(net, "the runtime's own members assert inside");
        }
        """;

    [Fact]
    public void Every_form() => Verifier.Verify(Run(Source, allowed: true), source => source.HintName != "LockCalls.g.cs");

    [Fact]
    public void Nothing_is_intercepted_unless_the_project_allows_it() =>
        Assert.DoesNotContain(Run(Source, allowed: false).Files(), file => file.HintName == "LockCalls.g.cs");

    [Fact]
    public void An_edit_of_another_file_leaves_the_calls_as_they_are()
    {
        CSharpCompilation compilation = Compile(Source, allowed: true);
        GeneratorDriver driver = Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken);
        CSharpCompilation edited = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("namespace MyApp; public static class Other { public static int X => 1; }", (CSharpParseOptions)compilation.SyntaxTrees[0].Options, "/src/Other.cs"));
        GeneratorRunResult result = driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult().Results.Single(found => found.Generator.GetGeneratorType() == typeof(DispatchGenerator));
        Assert.All(result.TrackedSteps[TrackingNames.LockCalls].SelectMany(step => step.Outputs), output => Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
    }

    /// <summary>An editor may pull what is meant for builds: its design-time build says what it is.</summary>
    [Fact]
    public void An_editor_waits_neither_for_the_calls_nor_for_the_audit()
    {
        const string Handler = GeneratorHarness.AddressMessage + "public sealed class H { [RequiresLock(PerNet)] public void Help() { } [DoIt(PerNet)] public RtnlResult New(in DoItRequest<AddressMessage> request) { Help(); return RtnlResult.Ok; } }";
        CSharpCompilation compilation = Compile(Handler, allowed: true);
        Assert.Equal(["LockAudit.g.cs", "LockCalls.g.cs"], Names(designTime: false).Where(name => name.StartsWith("Lock", StringComparison.Ordinal)));
        Assert.DoesNotContain(Names(designTime: true), name => name.StartsWith("Lock", StringComparison.Ordinal));
        Assert.Contains("DispatchTable.g.cs", Names(designTime: true));

        IEnumerable<string> Names(bool designTime) => Driver(compilation)
            .WithUpdatedAnalyzerConfigOptions(new DesignTime(designTime))
            .RunGenerators(compilation, TestContext.Current.CancellationToken)
            .Files()
            .Select(file => file.HintName)
            .Order(StringComparer.Ordinal);
    }

    private static GeneratorDriver Run(string source, bool allowed)
    {
        CSharpCompilation compilation = Compile(source, allowed);
        GeneratorDriver driver = Driver(compilation).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _, TestContext.Current.CancellationToken);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        return driver;
    }

    private static CSharpCompilation Compile(string source, bool allowed)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile("MyApp", source);
        var options = (CSharpParseOptions)compilation.SyntaxTrees[0].Options;
        if (allowed)
            options = options.WithFeatures([new("InterceptorsNamespaces", "Other;SmallRtnl.Generated")]);
        return compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(compilation.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(tree.GetText(), options, tree.FilePath)));
    }

    private static CSharpGeneratorDriver Driver(CSharpCompilation compilation) => CSharpGeneratorDriver.Create(
        [new DispatchGenerator().AsSourceGenerator()],
        parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private sealed class DesignTime(bool isDesignTime) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(isDesignTime);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values(bool isDesignTime) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
            {
                value = key == "build_property.DesignTimeBuild" && isDesignTime ? "true" : null;
                return value is not null;
            }
        }
    }
}
