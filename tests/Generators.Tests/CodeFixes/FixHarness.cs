using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.Tests;

/// <summary>Applies a code fix to one finding, or to all, in a project of one or more documents.</summary>
internal static class FixHarness
{
    /// <summary>What stands in front of each document.</summary>
    public const string Usings =
        """
        using System;
        using System.Collections.Generic;
        using System.Collections.Immutable;
        using System.Threading.Tasks;
        using SmallRtnl;
        using static SmallRtnl.RtnlLock;
        using static SmallRtnl.RtmType;
        namespace MyApp;

        """;

    private const string Prelude =
        """
        [NetlinkMessage(RTM_NEWADDR)]
        public readonly struct Message : INetlinkMessage<Message>
        {
            public static RtmType NewType => RTM_NEWADDR;
            public static int HeaderSize => 4;
            public static bool TryParse(in NetlinkPayload payload, Extack extack, out Message message) { message = default; return true; }
            public void Write(ref NetlinkWriter writer) { }
        }

        public sealed class Device(Net net) : INetObject { public Net Net => net; public Device Peer => this; }
        """;

    /// <summary>The titles that are offered for the first finding of a rule.</summary>
    public static async Task<string[]> TitlesAsync(CodeFixProvider fix, string id, string source)
    {
        using var workspace = new AdhocWorkspace();
        Project project = Make(workspace, [source]);
        return [.. (await ActionsAsync(fix, project, (await FindAsync(project, id))[0])).Select(action => action.Title)];
    }

    /// <summary>The documents after the first finding of a rule was mended; the title chooses where several fixes are offered.</summary>
    public static async Task<string[]> OneAsync(CodeFixProvider fix, string id, string? title, params string[] sources)
    {
        using var workspace = new AdhocWorkspace();
        Project project = Make(workspace, sources);
        ImmutableArray<CodeAction> actions = await ActionsAsync(fix, project, (await FindAsync(project, id))[0]);
        CodeAction action = title is null ? Assert.Single(actions) : Assert.Single(actions, action => action.Title == title);
        return await ApplyAsync(project, action, id, isAll: false);
    }

    /// <summary>The documents after Fix All in the project, begun at the first finding of a rule.</summary>
    public static async Task<string[]> AllAsync(CodeFixProvider fix, string id, params string[] sources)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var workspace = new AdhocWorkspace();
        Project project = Make(workspace, sources);
        Diagnostic first = (await FindAsync(project, id))[0];
        CodeAction one = Assert.Single(await ActionsAsync(fix, project, first));
        var context = new FixAllContext(project.GetDocument(first.Location.SourceTree)!, fix, FixAllScope.Project, one.EquivalenceKey!, [id], new Findings(id), cancellation);
        CodeAction? all = await fix.GetFixAllProvider()!.GetFixAsync(context);
        Assert.NotNull(all);
        return await ApplyAsync(project, all, id, isAll: true);
    }

    private static Project Make(AdhocWorkspace workspace, string[] sources)
    {
        var parse = new CSharpParseOptions(LanguageVersion.CSharp14);
        var compile = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        Project project = workspace.AddProject("MyApp", LanguageNames.CSharp)
            .WithParseOptions(parse)
            .WithCompilationOptions(compile)
            .WithMetadataReferences(GeneratorHarness.Compile("References").References);
        project = project.AddDocument("Prelude.cs", SourceText.From(Usings + Prelude)).Project;
        for (int i = 0; i < sources.Length; i++)
            project = project.AddDocument($"File{i}.cs", SourceText.From(Usings + sources[i]), filePath: $"/src/File{i}.cs").Project;
        return project;
    }

    private static async Task<ImmutableArray<CodeAction>> ActionsAsync(CodeFixProvider fix, Project project, Diagnostic finding)
    {
        ImmutableArray<CodeAction>.Builder actions = ImmutableArray.CreateBuilder<CodeAction>();
        Document document = project.GetDocument(finding.Location.SourceTree)!;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
        return actions.ToImmutable();
    }

    private static async Task<ImmutableArray<Diagnostic>> FindAsync(Project project, string id)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Compilation compilation = (await project.GetCompilationAsync(cancellation))!;
        ImmutableArray<Diagnostic> found = id.StartsWith("CS", StringComparison.Ordinal)
            ? compilation.GetDiagnostics(cancellation)
            : await compilation.WithAnalyzers([new HandlerAnalyzer(), new LockDisciplineAnalyzer()]).GetAnalyzerDiagnosticsAsync(cancellation);
        return [.. found
            .Where(diagnostic => diagnostic.Id == id)
            .OrderBy(diagnostic => diagnostic.Location.SourceTree!.FilePath, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>What is left compiles; after Fix All none of the rule's findings is left.</summary>
    private static async Task<string[]> ApplyAsync(Project project, CodeAction action, string id, bool isAll)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ApplyChangesOperation change = Assert.Single((await action.GetOperationsAsync(cancellation)).OfType<ApplyChangesOperation>());
        Project changed = change.ChangedSolution.GetProject(project.Id)!;
        Compilation compilation = (await changed.GetCompilationAsync(cancellation))!;
        Assert.Empty(compilation.GetDiagnostics(cancellation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        if (isAll)
            Assert.Empty(await FindAsync(changed, id));
        var texts = new List<string>();
        foreach (Document document in changed.Documents.Where(document => document.Name != "Prelude.cs"))
            texts.Add((await document.GetTextAsync(cancellation)).ToString()[Usings.Length..]);
        return [.. texts];
    }

    private sealed class Findings(string id) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => await FindAsync(project, id);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            throw new NotSupportedException("The scope is the project.");

        // The rules of the lock discipline are found once the whole compilation is known; their places are in documents nevertheless.
        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
