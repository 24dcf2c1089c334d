using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.Tests;

/// <summary>Our own handlers: proven as they stand, at their weakest words, and refused as soon as a word or a line that bears a lock is weakened.</summary>
public sealed class OwnHandlersTests
{
    private static readonly string[] s_words = ["Rtnl", "PerNet", "Unlocked"];

    private static readonly CSharpParseOptions s_options = new(LanguageVersion.CSharp14);

    private static readonly CSharpCompilation s_compilation = Load("SmallRtnl.Handlers", "src/Handlers");

    private static readonly CSharpCompilation s_sample = Load("LeaseHost", "samples/LeaseHost");

    /// <summary>Each handler with a word one weaker than the weakest that suffices.</summary>
    public static TheoryData<string> Weakened => [.. Variants().Select(variant => variant.Name)];

    [Fact]
    public void Every_handler_is_proven_at_its_weakest_word() => Assert.All((CSharpCompilation[])[s_compilation, s_sample], compilation =>
    {
        LockAudit audit = Audit(compilation);
        Assert.NotEmpty(audit.Handlers);
        Assert.All(audit.Handlers, handler =>
        {
            Assert.Equal(WordVerdict.Proven, handler.Verdict);
            Assert.Equal(handler.Word, handler.Weakest);
        });
        Assert.Empty(audit.Findings);
        Assert.Empty(audit.Escapes);
    });

    [Fact]
    public void Every_handler_is_weakened_or_stands_at_Unlocked()
    {
        IEnumerable<string> unlocked = s_handlers.Value.Where(handler => handler.Word == LockWord.Unlocked).Select(handler => handler.Name);
        Assert.Equal(
            s_handlers.Value.Select(handler => handler.Name).Order(StringComparer.Ordinal),
            Variants().Select(variant => variant.Name).Concat(unlocked).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Weakened))]
    public async Task A_weaker_word_fails_the_build(string name)
    {
        CSharpCompilation weakened = Variants().Single(variant => variant.Name == name).Compilation;
        string[] ids = await ErrorsAsync(weakened);
        if (ids is [DiagnosticIds.RTNL005ResolveNamesNoSuitableMethod])
        {
            // Namespaces are to be locked, and nothing is: that is refused before anybody follows the calls. They are refused as well.
            ids = await ErrorsAsync(WithoutNetSets(weakened));
        }
        Assert.Contains(ids, id => string.CompareOrdinal(id, "RTNL101") >= 0 && string.CompareOrdinal(id, "RTNL105") <= 0);
        // What the build's audit of the handlers says is what an audit of everything says.
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        LockAudit reached = LockAudit.OfHandlers(BuildFindings.WithMessages(weakened, cancellation), cancellation);
        Assert.Equal(Audit(weakened).Handlers.Select(CorpusTests.Judgement), reached.Handlers.Select(CorpusTests.Judgement));
    }

    [Fact]
    public void Staging_outside_of_the_word_is_found_in_every_editor()
    {
        // What is posted to a namespace loses its lock if it is deferred instead.
        SyntaxTree editor = s_compilation.SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath) == "LinkEditor.cs");
        CSharpCompilation broken = Edit(editor, "poster.Post(net, later =>", "poster.Defer(() => { RtnlContext later = RtnlContext.Create();", "        editor.Finish();\n    });", "        editor.Finish();\n    } });");
        Assert.Contains(Audit(broken).Findings, finding => finding.Id == DiagnosticIds.RTNL102CalledWithoutTheLock);
        SyntaxTree nets = s_compilation.SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath) == "NetIdSubsystem.cs");
        broken = Edit(nets, "context.Post(other, later => Forget(later, other, net));", "Task.Run(() => Forget(context, other, net));");
        Assert.Contains(Audit(broken).Findings, finding => finding.Id == DiagnosticIds.RTNL102CalledWithoutTheLock);
        Assert.Contains(Audit(broken).Findings, finding => finding.Id == DiagnosticIds.RTNL106WaitsUnderRtnl);
    }

    private static readonly Lazy<IReadOnlyList<HandlerJudgement>> s_handlers = new(() => [.. Audit(s_compilation).Handlers, .. Audit(s_sample).Handlers]);

    /// <summary>The ids of the errors, ours and others.</summary>
    private static async Task<string[]> ErrorsAsync(CSharpCompilation compilation)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _, cancellation);
        ImmutableArray<Diagnostic> found = await output
            .WithAnalyzers([new HandlerAnalyzer(), new MessageAnalyzer(), new LockDisciplineAnalyzer()])
            .GetAllDiagnosticsAsync(cancellation);
        return [.. found.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.Id).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The resolve methods of links find what they find, and name nothing to be locked.</summary>
    private static CSharpCompilation WithoutNetSets(CSharpCompilation compilation)
    {
        SyntaxTree links = compilation.SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath) == "LinkHandlers.cs");
        string text = links.ToString().Replace("NetSet nets, ", "", StringComparison.Ordinal).Replace(", nets, ", ", null!, ", StringComparison.Ordinal);
        return compilation.ReplaceSyntaxTree(links, links.WithChangedText(SourceText.From(text)));
    }

    private static CSharpCompilation Edit(SyntaxTree tree, params string[] beforeAndAfter)
    {
        string text = tree.ToString();
        for (int i = 0; i < beforeAndAfter.Length; i += 2)
        {
            Assert.Contains(beforeAndAfter[i], text, StringComparison.Ordinal);
            text = text.Replace(beforeAndAfter[i], beforeAndAfter[i + 1], StringComparison.Ordinal);
        }
        return s_compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text)));
    }

    private static LockAudit Audit(CSharpCompilation compilation)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        return LockAudit.Run(LockProgram.Of(BuildFindings.WithMessages(compilation, cancellation), cancellation), cancellation);
    }

    private static IEnumerable<(string Name, CSharpCompilation Compilation)> Variants()
    {
        foreach ((CSharpCompilation compilation, SyntaxTree tree) in ((CSharpCompilation[])[s_compilation, s_sample]).SelectMany(compilation => compilation.SyntaxTrees, (compilation, tree) => (compilation, tree)))
        {
            foreach (AttributeSyntax attribute in tree.GetRoot().DescendantNodes().OfType<AttributeSyntax>())
            {
                if (attribute.Name.ToString() is not ("DoIt" or "DumpIt") || attribute.Parent?.Parent is not MethodDeclarationSyntax method)
                    continue;
                Match word = Regex.Match(attribute.ToString(), @"(?<![\w.])(Rtnl|PerNet)\b");
                if (!word.Success)
                    continue;
                string weaker = s_words[Array.IndexOf(s_words, word.Value) + 1];
                SyntaxTree edited = tree.WithChangedText(tree.GetText().WithChanges(new TextChange(new TextSpan(attribute.SpanStart + word.Index, word.Length), weaker)));
                yield return ($"{((TypeDeclarationSyntax)method.Parent!).Identifier}.{method.Identifier}", compilation.ReplaceSyntaxTree(tree, edited));
            }
        }
    }

    private static CSharpCompilation Load(string name, string folder)
    {
        string sources = Path.Combine(Verifier.RepositoryRoot, folder);
        List<SyntaxTree> trees = [.. Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(sources, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path)), s_options, path))];
        trees.Add(CSharpSyntaxTree.ParseText(
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;",
            s_options));
        return CSharpCompilation.Create(
            name,
            trees,
            GeneratorHarness.Compile("References").References,
            new CSharpCompilationOptions(
                File.Exists(Path.Combine(sources, "Program.cs")) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable));
    }
}
