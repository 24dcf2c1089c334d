using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SmallRtnl.Generators.Diagnostics;

namespace SmallRtnl.Generators.Tests;

/// <summary>A real program, of which one file at a time is torn, and what everything of ours makes of it.</summary>
internal sealed class HalfTyped
{
    /// <summary>As SmallRtnl.targets has it: calls of [RequiresLock] methods are intercepted.</summary>
    private static readonly CSharpParseOptions s_options = new CSharpParseOptions(LanguageVersion.CSharp14).WithFeatures([new("InterceptorsNamespaces", "SmallRtnl.Generated")]);

    private readonly CSharpCompilation _whole;
    private GeneratorDriver _driver = Driver(isBuild: false);

    /// <param name="folders">Below the repository's root. What they use of other folders does not bind, which is part of being half-typed.</param>
    public HalfTyped(params string[] folders)
    {
        Files =
        [
            .. folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Verifier.RepositoryRoot, folder), "*.cs"))
                .Order(StringComparer.Ordinal)
                .Select(file => CSharpSyntaxTree.ParseText(SourceText.From(System.IO.File.ReadAllText(file)), s_options, file)),
        ];
        Assert.NotEmpty(Files);
        _whole = GeneratorHarness.Compile("Torn").RemoveAllSyntaxTrees()
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText("global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;", s_options, "/src/Usings.cs"))
            .AddSyntaxTrees(Files);
    }

    private static GeneratorDriver Driver(bool isBuild) => GeneratorHarness.Driver(isBuild).WithUpdatedParseOptions(s_options);

    public ImmutableArray<SyntaxTree> Files { get; }

    public SyntaxTree File(string name) => Files.Single(tree => Path.GetFileName(tree.FilePath) == name);

    /// <summary>Where the file's tokens end.</summary>
    public static IEnumerable<int> Ends(SyntaxTree file) => file.GetRoot().DescendantTokens().Select(token => token.Span.End).Distinct();

    /// <summary>The generators on one keystroke after another: none throws, and all that they write parses.</summary>
    public CSharpCompilation Type(SyntaxTree file, string text)
    {
        CSharpCompilation torn = _whole.ReplaceSyntaxTree(file, CSharpSyntaxTree.ParseText(SourceText.From(text), s_options, file.FilePath));
        _driver = _driver.RunGenerators(torn);
        AssertCalm(_driver.GetRunResult(), text);
        return torn;
    }

    /// <summary>Everything on one state of a file: the generators afresh, twice over, the audit, the analyzers and the suppressor.</summary>
    /// <returns>The names of what was generated.</returns>
    public IEnumerable<string> Judge(SyntaxTree file, string text)
    {
        CSharpCompilation torn = Type(file, text);
        IReadOnlyList<(string HintName, string Text)> typed = Sorted(_driver);
        GeneratorDriver fresh = Driver(isBuild: true).RunGeneratorsAndUpdateCompilation(torn, out Compilation output, out _);
        AssertCalm(fresh.GetRunResult(), text);
        // What was kept from keystroke to keystroke is what a fresh start would have made.
        Assert.Equal(Sorted(fresh).Where(found => found.HintName is not ("LockAudit.g.cs" or "LockCalls.g.cs")), typed);
        var thrown = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), (exception, _, _) => thrown.Add(exception), concurrentAnalysis: false, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: true);
        ImmutableArray<Diagnostic> first = Analyze();
        Assert.True(thrown.Count == 0, $"{thrown.FirstOrDefault()}\n{text}");
        Assert.DoesNotContain(first, diagnostic => diagnostic.Id == "AD0001");
        Assert.Equal(first.Select(Text).Order(StringComparer.Ordinal), Analyze().Select(Text).Order(StringComparer.Ordinal));
        return fresh.Files().Select(found => found.HintName);

        ImmutableArray<Diagnostic> Analyze() => output
            .WithAnalyzers([new HandlerAnalyzer(), new MessageAnalyzer(), new LockDisciplineAnalyzer(), new StaticAdvisor(), new HandlerMethodSuppressor()], options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();

        static string Text(Diagnostic diagnostic) => $"{diagnostic.Location.GetLineSpan()} {diagnostic.Id} {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)} {diagnostic.IsSuppressed}";
    }

    private static IReadOnlyList<(string HintName, string Text)> Sorted(GeneratorDriver driver) => [.. driver.Files().OrderBy(file => file.HintName, StringComparer.Ordinal)];

    private static void AssertCalm(GeneratorDriverRunResult run, string text)
    {
        foreach (GeneratorRunResult result in run.Results)
            Assert.True(result.Exception is null, $"{result.Exception}\n{text}");
        foreach (SyntaxTree generated in run.GeneratedTrees)
        {
            Diagnostic? fault = generated.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            Assert.True(fault is null, $"{fault}\n{generated}\nwas generated from\n{text}");
        }
    }

    /// <summary>Says CA1822 of every method, so that the suppressor has something to look at.</summary>
#pragma warning disable RS1001, RS1029, RS1036, RS2008 // Lives in a test.
    private sealed class StaticAdvisor : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor s_rule = new("CA1822", "t", "m", "c", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterSyntaxNodeAction(node => node.ReportDiagnostic(Diagnostic.Create(s_rule, ((MethodDeclarationSyntax)node.Node).Identifier.GetLocation())), SyntaxKind.MethodDeclaration);
        }
    }
#pragma warning restore RS1001, RS1029, RS1036, RS2008
}
