using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Engine.Tests.Exploration;

/// <summary>
/// Compiles the engine from its own source with the atomic steps bound to shims: the names are found in the namespace of the shims before those of
/// the base library, and lock statements become calls. Nothing else is changed.
/// </summary>
internal static class ExploredSource
{
    private const string ShimUsing = "using SmallRtnl.Engine.Tests.Exploration.Shims;";

    private const string LockdepSwitch = "IsEnabled = !s_setting.Equals(\"off\", StringComparison.OrdinalIgnoreCase);";

    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.CSharp14, DocumentationMode.None);
    private static readonly Lazy<CSharpCompilation> s_compilation = new(CreateCompilation);
    private static readonly Lazy<IEngine> s_engine = new(() => Load(s_compilation.Value));

    /// <summary>The engine as it is.</summary>
    public static IEngine Engine => s_engine.Value;

    /// <summary>The engine with one text replaced by another, which must occur exactly once in the file.</summary>
    public static IEngine Mutate(string file, string text, string replacement)
    {
        string source = Resource("engine/" + file);
        int at = source.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0 && source.IndexOf(text, at + 1, StringComparison.Ordinal) < 0, $"{file} has changed: the mutation's text is not there exactly once: {text}");
        SyntaxTree before = s_compilation.Value.SyntaxTrees.Single(tree => tree.FilePath == file);
        return Load(s_compilation.Value.ReplaceSyntaxTree(before, ParseControlled(file, source.Remove(at, text.Length).Insert(at, replacement))));
    }

    private static CSharpCompilation CreateCompilation()
    {
        Assert.Contains(LockdepSwitch, Resource("engine/Locking/Lockdep/Lockdep.cs"), StringComparison.Ordinal);
        List<SyntaxTree> trees = [CSharpSyntaxTree.ParseText(GlobalUsings, s_parseOptions)];
        foreach (string name in typeof(ExploredSource).Assembly.GetManifestResourceNames())
        {
            string text = Resource(name);
            if (name.StartsWith("adapter/", StringComparison.Ordinal))
                trees.Add(Parse(name, text));
            else if (name is "engine/Locking/Lockdep/LockdepWait.cs" or "engine/Locking/Lockdep/LockdepClass.cs")
                // What the engine calls although lockdep is off.
                trees.Add(Parse(name["engine/".Length..], text));
            else if (name.StartsWith("engine/Locking/Lockdep/Lockdep", StringComparison.Ordinal) || name is "engine/Locking/Lockdep/SnapshotGuard.cs" or "engine/Locking/LockTimeout.cs")
                // A checker, off here whatever the environment says; beside it are the locks of users' own.
                trees.Add(ParseDeclarations(name["engine/".Length..], text.Replace(LockdepSwitch, "IsEnabled = false;", StringComparison.Ordinal)));
            else if (name.StartsWith("engine/Locking/", StringComparison.Ordinal) || name.StartsWith("engine/Namespaces/", StringComparison.Ordinal))
                trees.Add(ParseControlled(name["engine/".Length..], text));
            else
                trees.Add(ParseDeclarations(name["engine/".Length..], text));
        }
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "SmallRtnl.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, concurrentBuild: true);
        return CSharpCompilation.Create("SmallRtnl.Explored", trees, references, options);
    }

    private static SyntaxTree ParseControlled(string file, string text)
    {
        // Behind the namespace's own line, so that line numbers stay and these names are found first.
        const string namespaceLine = "namespace SmallRtnl;";
        Assert.Contains(namespaceLine, text, StringComparison.Ordinal);
        text = text.Replace(namespaceLine, namespaceLine + ShimUsing, StringComparison.Ordinal);
        // A synchronous wait is one of the scheduler's.
        text = text.Replace("bool TryBlock(TimeSpan timeout)\n    {", "bool TryBlock(TimeSpan timeout)\n    {SmallRtnl.Engine.Tests.Exploration.Scheduler.Await(Task);return true;", StringComparison.Ordinal);
        SyntaxTree tree = Parse(file, text);
        return tree.WithRootAndOptions(new LockRewriter().Visit(tree.GetRoot()), s_parseOptions);
    }

    /// <summary>What the engine only names: its bodies are never run, and each mutation would compile them again.</summary>
    private static SyntaxTree ParseDeclarations(string file, string text)
    {
        SyntaxTree tree = Parse(file, text);
        return file.StartsWith("Notifications/", StringComparison.Ordinal) || file.StartsWith("Attributes/", StringComparison.Ordinal)
            ? tree
            : tree.WithRootAndOptions(new BodyRemover().Visit(tree.GetRoot()), s_parseOptions);
    }

    private static SyntaxTree Parse(string file, string text) => CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), s_parseOptions, file);

    private static IEngine Load(CSharpCompilation compilation)
    {
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        image.Position = 0;
        Assembly assembly = new Context().LoadFromStream(image);
        return (IEngine)Activator.CreateInstance(assembly.GetType("SmallRtnl.ExploredEngine", throwOnError: true)!)!;
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(ExploredSource).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException($"There is no '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Each mutation is an assembly of the same name.</summary>
    private sealed class Context() : AssemblyLoadContext("explored")
    {
        protected override Assembly? Load(AssemblyName assemblyName) => null;
    }

    private sealed class LockRewriter : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitLockStatement(LockStatementSyntax node)
        {
            var statement = (StatementSyntax)Visit(node.Statement);
            ExpressionSyntax enter = SyntaxFactory.ParseExpression($"EngineMonitor.Enter({node.Expression})");
            return SyntaxFactory.UsingStatement(null, enter, statement)
                .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTriviaFrom(node.LockKeyword))
                .WithOpenParenToken(node.OpenParenToken)
                .WithCloseParenToken(node.CloseParenToken);
        }
    }
}
