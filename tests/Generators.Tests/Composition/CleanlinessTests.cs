using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.Tests;

/// <summary>What is generated into a user's assembly has no warning, whatever the user has switched on, and asks nothing of reflection.</summary>
public sealed class CleanlinessTests
{
    // As SmallRtnl.targets has it: calls of [RequiresLock] methods are intercepted.
    private static readonly CSharpParseOptions s_options = new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Diagnose)
        .WithFeatures([new("InterceptorsNamespaces", "SmallRtnl.Generated")]);

    [Fact]
    public void The_samples_generated_code_has_no_warning_with_every_warning_an_error()
    {
        Diagnostic[] faults = [.. Sample(out ImmutableArray<SyntaxTree> generated).GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden && generated.Contains(diagnostic.Location.SourceTree!))];
        Assert.Empty(faults);
    }

    [Fact]
    public void The_same_settings_find_a_missing_comment_and_a_null()
    {
        // The twin: what the test above is silent about would be seen.
        Compilation compilation = Sample(out _).AddSyntaxTrees(Parse("#nullable enable\npublic class Bare { public string Null() => null; }", "/src/Bare.g.cs"));
        IEnumerable<string> errors = compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id);
        Assert.Contains("CS1591", errors);
        Assert.Contains("CS8603", errors);
    }

    [Fact]
    public void Every_generated_file_says_nullable_enable()
    {
        _ = Sample(out ImmutableArray<SyntaxTree> generated);
        Assert.All(generated, tree => Assert.Contains("#nullable enable", tree.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Generated_code_uses_no_reflection()
    {
        Compilation compilation = Sample(out ImmutableArray<SyntaxTree> generated);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (SyntaxTree tree in generated)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SyntaxNode node in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes())
            {
                // A type named in an attribute is metadata, and is asked by nobody at run time.
                if (node is not ExpressionSyntax || node.Ancestors().Any(outer => outer is AttributeSyntax))
                    continue;
                used.Add(PlaceOf(model.GetSymbolInfo(node, TestContext.Current.CancellationToken).Symbol));
                used.Add(PlaceOf(model.GetTypeInfo(node, TestContext.Current.CancellationToken).Type));
            }
        }
        Assert.Contains("SmallRtnl.RequestContext", used);
        Assert.DoesNotContain(used, name => name.StartsWith("System.Reflection.", StringComparison.Ordinal) || name is "System.Type" or "System.Activator" or "System.AppDomain");
    }

    [Fact]
    public void Nothing_of_ours_asks_for_a_newer_Roslyn_than_the_floor()
    {
        // The compiler of the first SDK that builds net10.0; an older one than the reference drops the generator with CS9057.
        AssemblyName[] roslyn = [.. typeof(DispatchGenerator).Assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))];
        Assert.NotEmpty(roslyn);
        Assert.All(roslyn, name => Assert.Equal(new Version(5, 0, 0, 0), name.Version));
    }

    private static string PlaceOf(ISymbol? symbol) => (symbol as ITypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat) ?? "";

    /// <summary>The sample, and state that asserts, as a project of its own would compile it, with documentation on and every warning an error.</summary>
    private static Compilation Sample(out ImmutableArray<SyntaxTree> generated)
    {
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(Verifier.RepositoryRoot, "samples", "LeaseHost"), "*.cs"),
            .. Directory.GetFiles(Path.Combine(Verifier.RepositoryRoot, "tests", "Generators.Tests", "Guarded"), "*.cs"),
        ];
        CSharpCompilation compilation = GeneratorHarness.Compile("LeaseHost").RemoveAllSyntaxTrees()
            .WithOptions(new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                generalDiagnosticOption: ReportDiagnostic.Error,
                warningLevel: 9999,
                nullableContextOptions: NullableContextOptions.Enable))
            .AddSyntaxTrees(Parse("global using System; global using System.Collections.Generic; global using System.Threading.Tasks;", "/src/Usings.cs"))
            .AddSyntaxTrees(files.Select(file => Parse(File.ReadAllText(file), file)));
        // Documented as a user's whole assembly is: what is generated is public too.
        CSharpGeneratorDriver.Create(
                [new DispatchGenerator().AsSourceGenerator(), new MessageGenerator().AsSourceGenerator(), new GuardGenerator().AsSourceGenerator()],
                parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics, TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics);
        generated = [.. output.SyntaxTrees.Where(tree => !compilation.ContainsSyntaxTree(tree))];
        Assert.True(generated.Length >= 5, $"{generated.Length} files were generated.");
        Assert.All((string[])["Message.g.cs", "LockAudit.g.cs", "LockCalls.g.cs", "Guard.g.cs"], name => Assert.Contains(output.SyntaxTrees, tree => tree.FilePath.EndsWith(name, StringComparison.Ordinal)));
        Assert.DoesNotContain(output.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != "CS1591");
        return output;
    }

    private static SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), s_options, path);
}
