using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallRtnl.Generators.Tests;

/// <summary>The pages that the help links point at: each exists, and its programs are reported as they say.</summary>
public sealed partial class RulePageTests
{
    private static readonly string s_docs = Path.Combine(Verifier.RepositoryRoot, "docs");

    private static readonly DiagnosticDescriptor[] s_descriptors =
        [.. HandlerDescriptors.All, .. BuildDescriptors.All, .. MessageDescriptors.All, .. LockDescriptors.All.DistinctBy(descriptor => descriptor.Id)];

    public static TheoryData<string> Ids => [.. s_descriptors.Select(descriptor => descriptor.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_help_link_has_its_page(string id)
    {
        DiagnosticDescriptor descriptor = s_descriptors.Single(descriptor => descriptor.Id == id);
        string file = descriptor.HelpLinkUri[(descriptor.HelpLinkUri.LastIndexOf('/') + 1)..];
        string[] lines = File.ReadAllLines(Path.Combine(s_docs, file));
        string title = descriptor.Title.ToString(null);
        string severity = descriptor.DefaultSeverity.ToString().ToLowerInvariant();
        Assert.Equal($"# {id}: {title}", lines[0]);
        Assert.Equal($"Severity: {severity}.", lines[2]);
        Assert.Equal(["## Wrong", "## Right", "## In the kernel", "## When to suppress"], lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Contains(File.ReadAllLines(Path.Combine(s_docs, "rules.md")), line => line.StartsWith($"| [{id}]({file}) | {severity} | {title} |", StringComparison.Ordinal));
    }

    /// <summary>A project's own rules show in no single program: ProjectRuleTests has their projects.</summary>
    public static TheoryData<string> IdsOfPrograms => [.. s_descriptors.Except(BuildDescriptors.All).Select(descriptor => descriptor.Id)];

    [Theory]
    [MemberData(nameof(IdsOfPrograms))]
    public async Task Every_page_shows_what_it_says(string id)
    {
        string[] programs = [.. Program().Matches(File.ReadAllText(Path.Combine(s_docs, id + ".md"))).Select(match => match.Groups["text"].Value)];
        Assert.Equal(2, programs.Length);
        foreach (bool isWrong in new[] { true, false })
        {
            var program = new CorpusProgram(id, id + ".md", "", isWrong, programs[isWrong ? 0 : 1]);
            string[] expected = [.. program.Expected().Select(mark => $"{mark.Line}: {mark.Id}")];
            Assert.Equal(isWrong, expected.Length > 0);
            Assert.All(program.Expected(), mark => Assert.Equal(id, mark.Id));
            Assert.Equal(expected, await AnalyzeAsync(program));
        }
    }

    [Fact]
    public void Every_page_is_some_rules()
    {
        IEnumerable<string> pages = Directory.EnumerateFiles(s_docs, "RTNL*.md").Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(s_descriptors.Select(descriptor => descriptor.Id).Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
    }

    private static async Task<IEnumerable<string>> AnalyzeAsync(CorpusProgram program)
    {
        CSharpCompilation compilation = program.Compile();
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        ImmutableArray<Diagnostic> found = await compilation
            .WithAnalyzers([new HandlerAnalyzer(), new MessageAnalyzer(), new LockDisciplineAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return found
            .Where(diagnostic => diagnostic.Id == program.Rule || diagnostic.Severity != DiagnosticSeverity.Info)
            .Where(diagnostic => diagnostic.Location.SourceTree!.FilePath.EndsWith(program.File, StringComparison.Ordinal))
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .Select(diagnostic => $"{diagnostic.Location.GetMappedLineSpan().StartLinePosition.Line + 1}: {diagnostic.Id}");
    }

    [GeneratedRegex(@"```csharp\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();
}
