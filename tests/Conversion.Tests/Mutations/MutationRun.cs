using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallRtnl.Generators;

namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>Compiles mutants of an assembly, and runs what the compiler lets through.</summary>
internal sealed class MutationRun
{
    private static readonly HashSet<string> s_verdicts = new(StringComparer.Ordinal) { "RTNL110", "RTNL113" };

    private readonly HandlerAssembly _assembly;
    private readonly bool _hasSuite;
    private readonly HashSet<string> _before;
    private readonly Lazy<bool> _consumerIsProven;

    private MutationRun(HandlerAssembly assembly, bool hasSuite, HashSet<string> before)
    {
        _assembly = assembly;
        _hasSuite = hasSuite;
        _before = before;
        _consumerIsProven = new Lazy<bool>(() => ConsumerProbe.Reports(_assembly.Emit()).Length == 0);
    }

    /// <summary>Looks at the assembly as it stands.</summary>
    public static async Task<MutationRun> BeginAsync(HandlerAssembly assembly, bool hasSuite)
    {
        (ImmutableArray<Diagnostic> ours, ImmutableArray<Diagnostic> errors) = await AnalyzeAsync(assembly);
        Assert.Empty(errors);
        Assert.DoesNotContain(ours, diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        return new MutationRun(assembly, hasSuite, [.. ours.Select(Text)]);
    }

    /// <summary>Judges one mutant at compile time; null where the compiler has nothing against it.</summary>
    public async Task<MutantResult?> CompileAsync(LockMutant mutant)
    {
        (ImmutableArray<Diagnostic> ours, ImmutableArray<Diagnostic> errors) = await AnalyzeAsync(Mutated(mutant));
        if (ours.Any(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning))
            return Result(mutant, MutantOutcome.Reported, Ids(ours.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)));
        if (errors.Length > 0)
            return Result(mutant, MutantOutcome.CompileError, Ids(errors));
        Diagnostic[] changed = [.. ours.Where(diagnostic => s_verdicts.Contains(diagnostic.Id) && !_before.Contains(Text(diagnostic)))];
        if (changed.Length > 0)
            return Result(mutant, MutantOutcome.Verdict, Ids(changed));
        if (!mutant.IsAnnotation)
            return null;
        if (mutant.Key.Contains("[assembly: ", StringComparison.Ordinal))
        {
            Assert.True(_consumerIsProven.Value);
            ImmutableArray<Diagnostic> consumer = ConsumerProbe.Reports(Mutated(mutant).Emit());
            return consumer.Length > 0 ? Result(mutant, MutantOutcome.Verdict, $"{Ids(consumer)} in a consumer") : Result(mutant, MutantOutcome.Survived, "");
        }
        // Metadata alone has changed: no run could tell. The question is whether a wrong call would still be seen.
        if (mutant.Annotated is { } method && CallerProbe.Source(method) is { } probe)
        {
            Assert.NotEmpty(await ProbeAsync(_assembly, probe));
            Diagnostic[] still = await ProbeAsync(Mutated(mutant), probe);
            if (still.Length > 0)
                return Result(mutant, MutantOutcome.StillRequired, Ids(still));
        }
        return Result(mutant, MutantOutcome.Survived, "");
    }

    /// <summary>Judges one mutant, by running it where compiling says nothing.</summary>
    public async Task<MutantResult> JudgeAsync(LockMutant mutant, CancellationToken cancellation)
    {
        if (await CompileAsync(mutant) is { } result)
            return result;
        if (!_hasSuite)
            return Result(mutant, MutantOutcome.Survived, "");
        (int exitCode, string log) = await BehaviourSuite.RunAsync(Mutated(mutant).Emit(), cancellation);
        return exitCode == 0 ? Result(mutant, MutantOutcome.Survived, "") : Result(mutant, MutantOutcome.RunTime, WhatFailed(exitCode, log));
    }

    private static string WhatFailed(int exitCode, string log) =>
        exitCode < 0 ? "hangs"
        : log.Contains("RtnlAssertionException", StringComparison.Ordinal) ? "assertion"
        : log.Contains("Lockdep", StringComparison.Ordinal) ? "lockdep"
        : "failed test";

    private static async Task<Diagnostic[]> ProbeAsync(HandlerAssembly assembly, string probe)
    {
        (ImmutableArray<Diagnostic> ours, ImmutableArray<Diagnostic> errors) = await AnalyzeAsync(assembly.With(probe, "/probe/Probe.cs"));
        Assert.Empty(errors);
        return [.. ours.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }

    private HandlerAssembly Mutated(LockMutant mutant) => _assembly.With(mutant.Tree, [mutant.Change]);

    private static MutantResult Result(LockMutant mutant, MutantOutcome outcome, string by) => new(mutant.Key, mutant.Kind, outcome, by);

    private static string Ids(IEnumerable<Diagnostic> diagnostics) => string.Join(", ", diagnostics.Select(diagnostic => diagnostic.Id).Distinct().Order(StringComparer.Ordinal));

    private static string Text(Diagnostic diagnostic) => $"{diagnostic.Id} {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";

    private static async Task<(ImmutableArray<Diagnostic> Ours, ImmutableArray<Diagnostic> Errors)> AnalyzeAsync(HandlerAssembly assembly)
    {
        // The audit as an output of the generator would say again what the analyzer says.
        CSharpGeneratorDriver.Create(
            HandlerAssembly.Generators(),
            parseOptions: (CSharpParseOptions)assembly.Compilation.SyntaxTrees[0].Options,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.Implementation))
            .RunGeneratorsAndUpdateCompilation(assembly.Compilation, out Compilation output, out _);
        ImmutableArray<Diagnostic> errors = [.. output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        ImmutableArray<Diagnostic> ours = await output
            .WithAnalyzers([new HandlerAnalyzer(), new MessageAnalyzer(), new LockDisciplineAnalyzer()])
            .GetAnalyzerDiagnosticsAsync();
        return (ours, errors);
    }
}
