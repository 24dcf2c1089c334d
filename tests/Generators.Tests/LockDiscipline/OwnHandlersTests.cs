using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.Tests;

/// <summary>Our own handlers: proven as they stand, at their weakest words, and refused as soon as a word or a line that bears a lock is weakened.</summary>
public sealed class OwnHandlersTests
{
    private static readonly string[] s_words = ["Rtnl", "PerNet", "Unlocked"];

    private static readonly CSharpParseOptions s_options = new(LanguageVersion.CSharp14);

    private static readonly CSharpCompilation s_compilation = Load();

    /// <summary>Each handler with a word one weaker than the weakest that suffices.</summary>
    public static TheoryData<string> Weakened => [.. Variants().Select(variant => variant.Name)];

    [Fact]
    public void Every_handler_is_proven_at_its_weakest_word()
    {
        LockAudit audit = Audit(s_compilation);
        Assert.NotEmpty(audit.Handlers);
        Assert.All(audit.Handlers, handler =>
        {
            Assert.Equal(WordVerdict.Proven, handler.Verdict);
            Assert.Equal(handler.Word, handler.Weakest);
        });
        Assert.Empty(audit.Findings);
        Assert.Empty(audit.Escapes);
    }

    [Theory]
    [MemberData(nameof(Weakened))]
    public void A_weaker_word_is_refused(string name)
    {
        CSharpCompilation weakened = Variants().Single(variant => variant.Name == name).Compilation;
        LockAudit audit = Audit(weakened);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        LockAudit reached = LockAudit.OfHandlers(BuildFindings.WithMessages(weakened, cancellation), cancellation);
        Assert.Equal(audit.Handlers.Select(CorpusTests.Judgement), reached.Handlers.Select(CorpusTests.Judgement));
        // A handler that names namespaces to be locked is refused by RTNL005 before anybody follows its calls.
        bool isJudged = audit.Handlers.Count == s_handlers.Value;
        Assert.True(!isJudged || audit.Findings.Any(finding => finding.IsInsufficient && finding.Node.Root.Function.Name == name), $"{name} passed with a weaker word.");
    }

    [Fact]
    public void Staging_outside_of_the_word_is_found_in_every_editor()
    {
        // What is posted to a namespace loses its lock if it is deferred instead.
        SyntaxTree editor = s_compilation.SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath) == "LinkEditor.cs");
        CSharpCompilation broken = Edit(editor, "poster.Post(net, later =>", "poster.Defer(() => { RtnlContext later = RtnlContext.Create();", "    });\n\n    private (Net", "    } });\n\n    private (Net");
        Assert.Contains(Audit(broken).Findings, finding => finding.Id == DiagnosticIds.RTNL102CalledWithoutTheLock);
        SyntaxTree nets = s_compilation.SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath) == "NetIdSubsystem.cs");
        broken = Edit(nets, "context.Post(other, later => Forget(later, other, net));", "Task.Run(() => Forget(context, other, net));");
        Assert.Contains(Audit(broken).Findings, finding => finding.Id == DiagnosticIds.RTNL102CalledWithoutTheLock);
        Assert.Contains(Audit(broken).Findings, finding => finding.Id == DiagnosticIds.RTNL106WaitsUnderRtnl);
    }

    private static readonly Lazy<int> s_handlers = new(() => Audit(s_compilation).Handlers.Count);

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
        foreach (SyntaxTree tree in s_compilation.SyntaxTrees)
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
                yield return ($"{((TypeDeclarationSyntax)method.Parent!).Identifier}.{method.Identifier}", s_compilation.ReplaceSyntaxTree(tree, edited));
            }
        }
    }

    private static CSharpCompilation Load()
    {
        string sources = Path.Combine(Verifier.RepositoryRoot, "src", "Handlers");
        List<SyntaxTree> trees = [.. Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(sources, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path)), s_options, path))];
        trees.Add(CSharpSyntaxTree.ParseText(
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;",
            s_options));
        return CSharpCompilation.Create(
            "SmallRtnl.Handlers",
            trees,
            GeneratorHarness.Compile("References").References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }
}
