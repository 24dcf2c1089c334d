using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using SmallRtnl.Generators;

namespace SmallRtnl.Bench;

/// <summary>What one run of the driver took.</summary>
/// <param name="Ours">The time of our generators, by the driver's own clock.</param>
/// <param name="Whole">The time of the run, the driver's own work included.</param>
/// <param name="Bytes">What the run allocated.</param>
internal readonly record struct GeneratorCost(double Ours, double Whole, double Bytes);

/// <summary>A driver and the compilation it has seen last, as an IDE keeps them for a project.</summary>
internal sealed class GeneratorRun
{
    private readonly List<GeneratorCost> _costs = [];
    private GeneratorDriver _driver;

    private GeneratorRun(CSharpCompilation compilation, bool isBuild)
    {
        Compilation = compilation;
        _driver = CSharpGeneratorDriver.Create(
            [new DispatchGenerator().AsSourceGenerator(), new MessageGenerator().AsSourceGenerator()],
            parseOptions: ManyHandlers.ParseOptions,
            driverOptions: new GeneratorDriverOptions(isBuild ? IncrementalGeneratorOutputKind.None : IncrementalGeneratorOutputKind.Implementation));
    }

    public CSharpCompilation Compilation { get; private set; }

    public IReadOnlyList<GeneratorCost> Costs => _costs;

    /// <summary>A first run on a compilation of which nothing has been bound.</summary>
    public static GeneratorRun First(CSharpCompilation compilation, bool isBuild)
    {
        // Clone: what an earlier run has bound is not to help this one.
        var run = new GeneratorRun(compilation.Clone(), isBuild);
        run.Measure();
        return run;
    }

    /// <summary>Replaces a text in a file, and the replacement by the text the next time.</summary>
    public void Edit(string path, string before, string after)
    {
        SyntaxTree tree = Compilation.SyntaxTrees.Single(tree => tree.FilePath == path);
        SourceText text = tree.GetText();
        string whole = text.ToString();
        int start = whole.IndexOf(before, StringComparison.Ordinal);
        if (start < 0)
        {
            (before, after) = (after, before);
            start = whole.IndexOf(before, StringComparison.Ordinal);
        }
        SyntaxTree edited = tree.WithChangedText(text.WithChanges(new TextChange(new TextSpan(start, before.Length), after)));
        Compilation = Compilation.ReplaceSyntaxTree(tree, edited);
        Measure();
    }

    /// <summary>The compilation with what was generated; throws where anything is wrong with it.</summary>
    public Compilation Check()
    {
        _driver.RunGeneratorsAndUpdateCompilation(Compilation, out Compilation output, out _);
        Diagnostic? fault = output.GetDiagnostics().FirstOrDefault(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return fault is null ? output : throw new InvalidOperationException($"The workload does not compile: {fault}");
    }

    private void Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        _driver = _driver.RunGenerators(Compilation);
        double whole = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        _costs.Add(new GeneratorCost(_driver.GetTimingInfo().GeneratorTimes.Sum(static time => time.ElapsedTime.TotalMilliseconds), whole, bytes));
        if (_driver.GetRunResult().Results.FirstOrDefault(static result => result.Exception is not null).Exception is { } exception)
            throw new InvalidOperationException("A generator threw.", exception);
    }
}
