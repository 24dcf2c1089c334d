using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallRtnl.Generators.Tests;

/// <summary>
/// One program of the corpus: a section of a file, <c>// ==== wrong: what it shows</c> or <c>// ==== right: …</c>. A line that is to be reported ends in
/// <c>// RTNL101</c>, with <c>by A → B</c> behind it where the call path matters. What is not marked is silent; the ids of severity Info count
/// where the folder is theirs.
/// </summary>
/// <param name="Rule">The folder.</param>
/// <param name="File">The file, named after a language construct.</param>
/// <param name="Title">The section.</param>
/// <param name="IsWrong">Whether anything is to be reported.</param>
/// <param name="Text">The source.</param>
internal sealed partial record CorpusProgram(string Rule, string File, string Title, bool IsWrong, string Text)
{
    private const string Usings =
        """
        using System;
        using System.Collections;
        using System.Collections.Concurrent;
        using System.Collections.Generic;
        using System.Collections.Immutable;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using SmallRtnl;
        using static SmallRtnl.RtnlLock;
        using static SmallRtnl.RtmType;
        using Request = SmallRtnl.DoItRequest<MyApp.Message>;
        using DumpRequest = SmallRtnl.DumpItRequest<MyApp.Message>;
        namespace MyApp;
        #line 1

        """;

    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.CSharp14);

    private static readonly SyntaxTree s_prelude = CSharpSyntaxTree.ParseText(
        Usings + """
        [NetlinkMessage(RTM_NEWADDR)]
        public readonly struct Message : INetlinkMessage<Message>
        {
            public static RtmType NewType => RTM_NEWADDR;
            public static int HeaderSize => 4;
            public int Index => 0;
            public static bool TryParse(in NetlinkPayload payload, Extack extack, out Message message) { message = default; return true; }
            public void Write(ref NetlinkWriter writer) { }
        }

        public sealed record Table(ImmutableDictionary<int, string> Rows)
        {
            public Table With(int key, string value) => new(Rows.SetItem(key, value));
        }
        """,
        s_parseOptions,
        "/corpus/Prelude.cs");

    private static readonly ImmutableArray<MetadataReference> s_references = GeneratorHarness.Compile("References").References.ToImmutableArray();

    /// <summary>Every program.</summary>
    public static IReadOnlyList<CorpusProgram> All { get; } = [.. Read()];

    public string Id => $"{Rule}/{File}/{(IsWrong ? "wrong" : "right")}: {Title}";

    /// <summary>Compiles the program and runs the analyzer.</summary>
    public async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(CancellationToken cancellation, bool reportSuppressed = false)
    {
        CSharpCompilation compilation = Compile();
        Assert.Empty(compilation.GetDiagnostics(cancellation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressed);
        return await compilation.WithAnalyzers([new LockDisciplineAnalyzer()], options).GetAnalyzerDiagnosticsAsync(cancellation);
    }

    /// <summary>The program's compilation.</summary>
    public CSharpCompilation Compile() => CSharpCompilation.Create(
        "MyApp",
        [s_prelude, CSharpSyntaxTree.ParseText(Usings + Text, s_parseOptions, $"/corpus/{Rule}/{File}")],
        s_references,
        new CSharpCompilationOptions(
            Text.Contains("unsafe", StringComparison.Ordinal) || !Text.Contains("static void Main(", StringComparison.Ordinal) ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication,
            nullableContextOptions: NullableContextOptions.Enable,
            allowUnsafe: true));

    /// <summary>What is marked: line, id, and the path that the message must show.</summary>
    public IEnumerable<(int Line, string Id, string Path)> Expected()
    {
        string[] lines = Text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            Match mark = Mark().Match(lines[i]);
            foreach (Capture id in mark.Groups["id"].Captures)
                yield return (i + 1, id.Value, mark.Groups["path"].Value.Trim());
        }
    }

    private static IEnumerable<CorpusProgram> Read()
    {
        string root = Path.Combine(Verifier.RepositoryRoot, "tests/Generators.Tests/LockDiscipline/Corpus");
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (string section in System.IO.File.ReadAllText(file).Split("// ==== ", StringSplitOptions.RemoveEmptyEntries))
            {
                int end = section.IndexOf('\n', StringComparison.Ordinal);
                string[] head = section[..end].Split(": ", 2);
                if (head[0] is "wrong" or "right")
                    yield return new CorpusProgram(Path.GetFileName(Path.GetDirectoryName(file))!, Path.GetFileName(file), head[1].Trim(), head[0] == "wrong", section[(end + 1)..]);
                else
                    Assert.True(file.Length == 0 || string.IsNullOrWhiteSpace(section) || section.StartsWith("//", StringComparison.Ordinal), $"{file}: a section begins with 'wrong: ' or 'right: '.");
            }
        }
    }

    [GeneratedRegex(@"//\s*(?<id>RTNL\d{3})(,\s*(?<id>RTNL\d{3}))*(\s+by\s+(?<path>.*))?\s*$")]
    private static partial Regex Mark();
}
