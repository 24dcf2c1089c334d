using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

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

    /// <summary>The generator's audit binds for itself what the analyzer is handed: both must have seen the same.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_audit_sees_what_the_analyzer_sees(string id)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        CorpusProgram program = CorpusProgram.All.Single(program => program.Id == id);
        LockAudit audit = LockAudit.Run(LockProgram.Of(program.Compile(), cancellation), cancellation);
        ImmutableArray<Diagnostic> found = await program.AnalyzeAsync(cancellation, reportSuppressed: true);
        string[] expected = [.. found.Where(diagnostic => diagnostic.AdditionalLocations.Count > 0 && diagnostic.Severity != DiagnosticSeverity.Info).Select(diagnostic => $"{LineOf(diagnostic)}: {diagnostic.Id}")];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            audit.Findings.Select(finding => $"{finding.At.Syntax.GetLocation().GetMappedLineSpan().StartLinePosition.Line + 1}: {finding.Id}").Order(StringComparer.Ordinal));
        Assert.Equal(
            found.Where(diagnostic => diagnostic.Id == DiagnosticIds.RTNL113VerdictUnknown).Select(diagnostic => diagnostic.Location).Distinct().Count(),
            audit.Handlers.Count(handler => handler.Unknowns.Count > 0));
    }

    /// <summary>The generator's audit walks what the handlers reach and no more: it must say the same of them.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void An_audit_of_what_handlers_reach_says_what_an_audit_of_everything_says(string id)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        CSharpCompilation compilation = CorpusProgram.All.Single(program => program.Id == id).Compile();
        LockAudit whole = LockAudit.Run(LockProgram.Of(compilation, cancellation), cancellation);
        Assert.Equal(whole.Handlers.Select(Judgement), LockAudit.OfHandlers(compilation, cancellation).Handlers.Select(Judgement));
    }

    /// <summary>Half a program is what an analyzer sees most.</summary>
    [Fact]
    public async Task A_program_that_ends_anywhere_breaks_nothing()
    {
        var random = new Random(5);
        foreach (CorpusProgram program in CorpusProgram.All)
        {
            string half = program.Text[..random.Next(program.Text.Length)];
            string[] tokens = program.Text.Split(' ');
            string torn = string.Join(' ', tokens.Where(_ => random.Next(20) > 0));
            foreach (string text in new[] { half, torn })
            {
                CSharpCompilation compilation = (program with { Text = text }).Compile();
                ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers([new LockDisciplineAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
                Assert.DoesNotContain(found, diagnostic => diagnostic.Id == "AD0001");
                LockAudit whole = LockAudit.Run(LockProgram.Of(compilation, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
                Assert.Equal(whole.Handlers.Select(Judgement), LockAudit.OfHandlers(compilation, TestContext.Current.CancellationToken).Handlers.Select(Judgement));
            }
        }
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

    internal static string Judgement(HandlerJudgement handler) =>
        $"{handler.Name}: {handler.Word} {handler.Verdict} {handler.Weakest} {handler.Escapes} | {handler.Blocker} | {string.Join(", ", handler.Unknowns.Select(edge => edge.What).Distinct())}";

    private static int LineOf(Diagnostic diagnostic) => diagnostic.Location.GetMappedLineSpan().StartLinePosition.Line + 1;
}
