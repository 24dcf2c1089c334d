using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>The corpus: every program that must be reported, and every twin that must not.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Programs => [.. CorpusProgram.All.Select(program => program.Id)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Reports_what_is_marked(string id)
    {
        CorpusProgram program = CorpusProgram.All.Single(program => program.Id == id);
        ImmutableArray<Diagnostic> found = await program.AnalyzeAsync(TestContext.Current.CancellationToken);
        (int Line, string Id, string Path)[] expected = [.. program.Expected()];
        Diagnostic[] counted = [.. found.Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Info || diagnostic.Id == program.Rule || expected.Any(mark => mark.Id == diagnostic.Id))];
        Assert.Equal(
            expected.Select(mark => $"{mark.Line}: {mark.Id}").Order(StringComparer.Ordinal),
            counted.Select(diagnostic => $"{LineOf(diagnostic)}: {diagnostic.Id}").Order(StringComparer.Ordinal));
        foreach ((int line, string rule, string path) in expected.Where(mark => mark.Path.Length > 0))
        {
            string message = counted.First(diagnostic => diagnostic.Id == rule && LineOf(diagnostic) == line).GetMessage(null);
            Assert.Contains(path, message, StringComparison.Ordinal);
        }
        Assert.Equal(program.IsWrong, expected.Length > 0);
    }

    [Fact]
    public void Wrong_and_right_stand_side_by_side()
    {
        Assert.All(CorpusProgram.All.GroupBy(program => (program.Rule, program.File)), file =>
        {
            Assert.Contains(file, program => program.IsWrong);
            Assert.Contains(file, program => !program.IsWrong);
        });
        Assert.Equal(CorpusProgram.All.Count, CorpusProgram.All.Select(program => program.Id).Distinct(StringComparer.Ordinal).Count());
    }

    private static int LineOf(Diagnostic diagnostic) => diagnostic.Location.GetMappedLineSpan().StartLinePosition.Line + 1;
}
