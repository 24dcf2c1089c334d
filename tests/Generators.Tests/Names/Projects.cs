using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.Tests.Names;

/// <summary>Compiles projects as a build does, interceptors included, and asks what generator and compiler say.</summary>
internal static class Projects
{
    public static readonly CSharpParseOptions ParseOptions = new CSharpParseOptions(LanguageVersion.CSharp14)
        .WithFeatures([new("InterceptorsNamespaces", "SmallRtnl.Generated")]);

    /// <summary>A project of sources as they are.</summary>
    public static CSharpCompilation Of(string assembly, IEnumerable<string> sources, CSharpParseOptions? options = null) => GeneratorHarness.Compile(assembly)
        .AddSyntaxTrees(sources.Select((source, i) => CSharpSyntaxTree.ParseText(SourceText.From(source, System.Text.Encoding.UTF8), options ?? ParseOptions, $"/src/Source{i}.cs")));

    /// <summary>The project with what is generated for it.</summary>
    public static Compilation Generate(CSharpCompilation project, out ImmutableArray<Diagnostic> said)
    {
        CSharpGeneratorDriver.Create(
                [new DispatchGenerator().AsSourceGenerator(), new MessageGenerator().AsSourceGenerator(), new GuardGenerator().AsSourceGenerator()],
                parseOptions: (CSharpParseOptions)project.SyntaxTrees[0].Options)
            .RunGeneratorsAndUpdateCompilation(project, out Compilation output, out said, TestContext.Current.CancellationToken);
        return output;
    }

    /// <summary>The compiler's errors, and its warnings in generated files.</summary>
    public static string[] Faults(Compilation output) =>
    [
        .. output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(found => found.Severity == DiagnosticSeverity.Error || (found.Severity == DiagnosticSeverity.Warning && found.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true))
            .Select(found => found.ToString()),
    ];

    /// <summary>The project compiled, to be referenced.</summary>
    public static byte[] Emit(CSharpCompilation project)
    {
        Compilation output = Generate(project, out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        return Image(output);
    }

    /// <summary>The compilation as an assembly.</summary>
    public static byte[] Image(Compilation output)
    {
        var image = new MemoryStream();
        Assert.Empty(output.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error));
        return image.ToArray();
    }
}
