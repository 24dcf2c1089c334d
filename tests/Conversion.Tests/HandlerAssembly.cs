using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SmallRtnl.Generators;

namespace SmallRtnl.Conversion.Tests;

/// <summary>The handler assembly's own sources, compiled with one word edited.</summary>
internal sealed class HandlerAssembly
{
    private static readonly string[] s_words = ["Rtnl", "PerNet", "Unlocked"];

    private readonly CSharpCompilation _compilation;

    private HandlerAssembly(CSharpCompilation compilation) => _compilation = compilation;

    /// <summary>The sources, without what the generators add.</summary>
    public CSharpCompilation Compilation => _compilation;

    /// <summary>Where the behaviour suite was built.</summary>
    public static string SuiteDirectory { get; } = AppContext.BaseDirectory.Replace("Conversion.Tests", "Handlers.Tests", StringComparison.Ordinal);

    /// <summary>Parses the sources as they are.</summary>
    public static HandlerAssembly Load() => Load("SmallRtnl.Handlers", Path.Combine(RepositoryRoot, "src", "Handlers"));

    /// <summary>The sample host's handlers, a user's own.</summary>
    public static HandlerAssembly LoadSample() => Load("LeaseHost", Path.Combine(RepositoryRoot, "samples", "LeaseHost"));

    /// <summary>The repository's root directory.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    private static HandlerAssembly Load(string name, string sources)
    {
        // As the package's build file does: calls of [RequiresLock] methods assert.
        var options = new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Parse).WithFeatures([new("InterceptorsNamespaces", "SmallRtnl.Generated")]);
        List<SyntaxTree> trees = [.. Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(sources, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path), System.Text.Encoding.UTF8), options, path))];
        // What the SDK adds: implicit usings, and the assembly attributes that the project file asks for.
        trees.Add(CSharpSyntaxTree.ParseText(
            """
            global using System;
            global using System.Collections.Generic;
            global using System.IO;
            global using System.Linq;
            global using System.Net.Http;
            global using System.Threading;
            global using System.Threading.Tasks;
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("SmallRtnl.Handlers.Tests")]
            [assembly: System.Reflection.AssemblyVersion("0.1.0.0")]
            """,
            options));
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<MetadataReference> references = trusted.Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Concat(Directory.EnumerateFiles(SuiteDirectory, "Microsoft.Extensions.*.dll"))
            .Append(Path.Combine(SuiteDirectory, "SmallRtnl.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));
        bool isProgram = File.Exists(Path.Combine(sources, "Program.cs"));
        return new HandlerAssembly(CSharpCompilation.Create(
            name,
            trees,
            references,
            new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable)));
    }

    /// <summary>Every handler at every word stronger than the one it stands at, which is the weakest that suffices.</summary>
    public IEnumerable<Variant> Variants()
    {
        foreach (SyntaxTree tree in _compilation.SyntaxTrees)
        {
            foreach (AttributeSyntax attribute in tree.GetRoot().DescendantNodes().OfType<AttributeSyntax>())
            {
                if (attribute.Name.ToString() is not ("DoIt" or "DumpIt") || attribute.Parent?.Parent is not MethodDeclarationSyntax method)
                    continue;
                string text = attribute.ToString();
                Match word = Regex.Match(text, @"(?<![\w.])(Rtnl|PerNet|Unlocked)\b");
                int strength = word.Success ? Array.IndexOf(s_words, word.Value) : 0;
                string name = $"{((TypeDeclarationSyntax)method.Parent!).Identifier}.{method.Identifier}";
                for (int stronger = strength - 1; stronger >= 0; stronger--)
                {
                    var span = new TextSpan(attribute.SpanStart + word.Index, word.Length);
                    SyntaxTree edited = tree.WithChangedText(tree.GetText().WithChanges(new TextChange(span, s_words[stronger])));
                    yield return new Variant(name, s_words[strength], s_words[stronger], tree.FilePath, span, new HandlerAssembly(_compilation.ReplaceSyntaxTree(tree, edited)));
                }
            }
        }
    }

    /// <summary>All handlers at once at a word, where they do not stand at a stronger one.</summary>
    public HandlerAssembly AllAt(string word)
    {
        HandlerAssembly all = this;
        foreach (IGrouping<string, Variant> handler in Variants().Where(variant => variant.After == word).GroupBy(variant => variant.File))
        {
            SyntaxTree tree = all._compilation.SyntaxTrees.Single(candidate => candidate.FilePath == handler.Key);
            all = all.With(tree, handler.Select(variant => new TextChange(variant.Span, word)));
        }
        return all;
    }

    /// <summary>The assembly with parts of one file replaced.</summary>
    public HandlerAssembly With(SyntaxTree tree, IEnumerable<TextChange> changes) =>
        new(_compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(tree.GetText().WithChanges(changes))));

    /// <summary>The assembly with a file more.</summary>
    public HandlerAssembly With(string source, string path) =>
        new(_compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(SourceText.From(source), (CSharpParseOptions)_compilation.SyntaxTrees[0].Options, path)));

    /// <summary>The generated sources by name.</summary>
    public IReadOnlyDictionary<string, string> GeneratedSources() =>
        Run(out _, isBuild: false).Results.SelectMany(result => result.GeneratedSources).ToDictionary(source => source.HintName, source => source.SourceText.ToString(), StringComparer.Ordinal);

    /// <summary>Compiles the assembly.</summary>
    /// <exception cref="InvalidOperationException">It does not compile; the errors are in the message.</exception>
    /// <param name="isBuild">With what builds alone find out: the audit, and the calls that assert.</param>
    public byte[] Emit(bool isBuild = true)
    {
        _ = Run(out Compilation output, isBuild);
        using var image = new MemoryStream();
        ImmutableArray<Diagnostic> diagnostics = output.Emit(image).Diagnostics;
        if (diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            throw new InvalidOperationException(string.Join("\n", diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }

    /// <summary>All that writes sources.</summary>
    public static ISourceGenerator[] Generators() => [new MessageGenerator().AsSourceGenerator(), new DispatchGenerator().AsSourceGenerator(), new GuardGenerator().AsSourceGenerator()];

    private static string FindRepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Framework.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    private GeneratorDriverRunResult Run(out Compilation output, bool isBuild)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            Generators(),
            parseOptions: (CSharpParseOptions)_compilation.SyntaxTrees[0].Options,
            driverOptions: new GeneratorDriverOptions(isBuild ? IncrementalGeneratorOutputKind.None : IncrementalGeneratorOutputKind.Implementation));
        return driver.RunGeneratorsAndUpdateCompilation(_compilation, out output, out _).GetRunResult();
    }
}

/// <summary>The assembly with one handler's word edited.</summary>
/// <param name="Handler">Class and method.</param>
/// <param name="Before">The word in the sources.</param>
/// <param name="After">The word edited in.</param>
/// <param name="File">Where the word stands.</param>
/// <param name="Span">Its place there.</param>
/// <param name="Assembly">The edited assembly.</param>
internal sealed record Variant(string Handler, string Before, string After, string File, TextSpan Span, HandlerAssembly Assembly)
{
    public override string ToString() => $"{Handler}: {Before} to {After}";
}
