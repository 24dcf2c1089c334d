using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>Sources in which what is to be reported is marked: <c>{|RTNL002:New|}</c>. What is not marked is silent.</summary>
internal static partial class Marked
{
    public static async Task CheckAsync(params string[] sources)
    {
        var expected = new List<string>();
        var plain = new List<string>();
        foreach (string source in sources)
        {
            foreach (Match match in Mark().Matches(source))
                expected.Add($"{match.Groups["id"].Value} {match.Groups["text"].Value}");
            plain.Add(Mark().Replace(source, "${text}"));
        }
        ImmutableArray<Diagnostic> found = await GeneratorHarness.AnalyzeAsync([.. plain]);
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            found.Select(diagnostic => $"{diagnostic.Id} {diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan)}").Order(StringComparer.Ordinal));
        Assert.All(found, diagnostic =>
        {
            Assert.EndsWith($"docs/{diagnostic.Id}.md", diagnostic.Descriptor.HelpLinkUri, StringComparison.Ordinal);
            Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        });
        // What is right is generated too, and compiles.
        if (expected.Count == 0)
            GeneratorHarness.Run([.. plain]);
    }

    [GeneratedRegex(@"\{\|(?<id>RTNL\d+):(?<text>.*?)\|\}")]
    private static partial Regex Mark();
}
