using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.Tests;

/// <summary>
/// Runs both generators. Each run is checked twice over: what was generated compiles without a warning, and a second run with an
/// unrelated tree added finds every step cached.
/// </summary>
internal static class GeneratorHarness
{
    public const string Usings =
        """
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using SmallRtnl;
        using static SmallRtnl.RtnlLock;
        using static SmallRtnl.RtmType;
        using static SmallRtnl.ProtocolFamily;

        """;

    public const string AddressMessage =
        """
        namespace MyApp;

        public readonly record struct IfAddrMsg(ProtocolFamily Family, byte PrefixLength, byte Flags, byte Scope, uint Index);

        [NetlinkMessage(RTM_NEWADDR, Header = typeof(IfAddrMsg))]
        public readonly partial record struct AddressMessage
        {
            [NetlinkAttribute(3)]
            public InterfaceName? Label { get; init; }
        }

        """;

    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.CSharp14);

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("SmallRtnl.Generators", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A compilation of the sources, each with the usual usings in front.</summary>
    public static CSharpCompilation Compile(string assembly, params string[] sources) => CSharpCompilation.Create(
        assembly,
        sources.Select((source, i) => Parse(source, $"/src/File{i}.cs")),
        s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(SourceText.From(Usings + source), s_parseOptions, path);

    /// <summary>A driver as a build has it, or one that leaves out what only builds pull.</summary>
    public static CSharpGeneratorDriver Driver(bool isBuild = true) => CSharpGeneratorDriver.Create(
        [new DispatchGenerator().AsSourceGenerator(), new MessageGenerator().AsSourceGenerator(), new GuardGenerator().AsSourceGenerator()],
        parseOptions: s_parseOptions,
        driverOptions: new GeneratorDriverOptions(isBuild ? IncrementalGeneratorOutputKind.None : IncrementalGeneratorOutputKind.Implementation, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generators on sources that are to be right.</summary>
    public static GeneratorDriver Run(params string[] sources) => Run(Compile("MyApp", sources), out _);

    /// <summary>Runs the generators on a compilation that is to be right.</summary>
    public static GeneratorDriver Run(CSharpCompilation compilation, out Compilation output)
    {
        GeneratorDriver driver = Driver().RunGeneratorsAndUpdateCompilation(compilation, out output, out ImmutableArray<Diagnostic> diagnostics);
        Assert.Empty(diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        AssertAllCached(driver, compilation.AddSyntaxTrees(Parse("internal static class Unrelated { }", "/src/Unrelated.cs")), isRead: true);
        return driver;
    }

    /// <summary>Runs the driver again on an edited compilation and asserts that no step has anything new.</summary>
    /// <param name="driver">The driver as it has run before.</param>
    /// <param name="edited">The compilation after the edit.</param>
    /// <param name="isRead">Whether the edit is one after which declarations are read again, to find the same models.</param>
    public static void AssertAllCached(GeneratorDriver driver, Compilation edited, bool isRead = false)
    {
        foreach (GeneratorRunResult result in driver.RunGenerators(edited).GetRunResult().Results)
        {
            foreach ((string step, ImmutableArray<IncrementalGeneratorRunStep> runs) in result.TrackedSteps.Where(step => TrackingNames.All.Contains(step.Key)))
            {
                if (isRead && TrackingNames.IsInput(step))
                    continue;
                foreach ((_, IncrementalStepRunReason reason) in runs.SelectMany(run => run.Outputs))
                    Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {reason}");
            }
            foreach ((_, IncrementalStepRunReason reason) in result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs))
                Assert.Equal(IncrementalStepRunReason.Cached, reason);
        }
    }

    /// <summary>The generated file whose name ends so.</summary>
    public static string File(this GeneratorDriver driver, string hintName) => driver.GetRunResult().Results
        .SelectMany(result => result.GeneratedSources)
        .Single(source => source.HintName.EndsWith(hintName, StringComparison.Ordinal))
        .SourceText.ToString();

    /// <summary>Every generated file's name and text.</summary>
    public static IReadOnlyList<(string HintName, string Text)> Files(this GeneratorDriver driver) =>
    [
        .. driver.GetRunResult().Results
            .SelectMany(result => result.GeneratedSources)
            .Select(source => (source.HintName, source.SourceText.ToString())),
    ];

    /// <summary>What the analyzers report, after the generators have run. The compilation itself may have errors.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(params string[] sources)
    {
        Driver().RunGeneratorsAndUpdateCompilation(Compile("MyApp", sources), out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        Assert.Empty(diagnostics);
        ImmutableArray<Diagnostic> found = await output
            .WithAnalyzers([new HandlerAnalyzer(), new MessageAnalyzer(), new LockDisciplineAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        // What is merely said of a handler that is right has tests of its own.
        return [.. found.Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Info).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }
}
