using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>What the generators cost an editor at each kind of edit, and a build.</summary>
internal static class GeneratorRows
{
    public const double FirstGoal = 1000;
    public const double HandlerGoal = 50;
    public const double UnrelatedGoal = 5;

    private const int FirstRuns = 7;
    private const int WarmUps = 5;
    private const int Edits = 31;

    /// <summary>Measures every row, cold ones first.</summary>
    public static IEnumerable<ResultRow> Measure(int handlers)
    {
        CSharpCompilation compilation = ManyHandlers.Compile(handlers);
        int middle = compilation.SyntaxTrees.Length / 8;
        string name = $"Item{middle:000}";

        GeneratorRun cold = GeneratorRun.First(compilation, isBuild: false);
        yield return Row("generator-first-cold", $"{handlers} handlers: first run of a process, its code not yet compiled", FirstGoal, cold.Costs);
        cold.Check();

        yield return Row("generator-first", $"{handlers} handlers: first run", FirstGoal, Firsts(compilation, isBuild: false));

        string handlersFile = ManyHandlers.HandlersPath(middle);
        string elsewhere = ManyHandlers.UnrelatedPath(middle);
        yield return Edited("generator-handler-edit", "an edit of one handler's attribute: its lock word", HandlerGoal, handlersFile, "[DoIt(Lock = PerNet)]", "[DoIt(Lock = Rtnl)]");
        yield return Edited("generator-handler-rename", "an edit of one handler's signature: its name", HandlerGoal, handlersFile, "RtnlResult Delete(", "RtnlResult DeleteOne(");
        yield return Edited("generator-message-edit", "an edit of one message: a bound", HandlerGoal, ManyHandlers.MessagePath(middle), "Max = 86_400", "Max = 3_600");
        yield return Edited("generator-body-edit", "an edit in one handler's body", HandlerGoal, handlersFile, "item: there already", "item: already there");
        yield return Edited("generator-unrelated-edit", "an edit in the body of a method that is no handler", UnrelatedGoal, elsewhere, "AddMinutes(-5)", "AddMinutes(-15)");
        yield return Edited("generator-unrelated-method", "a method that is no handler gets another name", UnrelatedGoal, elsewhere, "public int Note(", "public int Notes(");
        yield return Edited("generator-unrelated-type", "a type that no handler knows gets another name: every declaration is read again", HandlerGoal, elsewhere, "class Service", "class TheService");

        yield return Built("generator-build", "first run with the audit, as a build has it", Firsts(compilation, isBuild: true));
        GeneratorRun build = GeneratorRun.First(compilation, isBuild: true);
        for (int i = 0; i < 3; i++)
            build.Edit(handlersFile, "item: there already", "item: already there");
        yield return Built("generator-build-edit", $"an edit in one body of {name}, with the audit", [.. build.Costs.Skip(1)]);

        ResultRow Edited(string id, string what, double goal, string path, string before, string after)
        {
            GeneratorRun run = GeneratorRun.First(compilation, isBuild: false);
            for (int i = 0; i < WarmUps + Edits; i++)
                run.Edit(path, before, after);
            run.Check();
            return Row(id, $"{handlers} handlers: {what}", goal, [.. run.Costs.Skip(1 + WarmUps)]);
        }

        ResultRow Built(string id, string what, IReadOnlyList<GeneratorCost> costs)
        {
            Compilation whole = cold.Check();
            long start = Stopwatch.GetTimestamp();
            bool good = whole.Emit(Stream.Null).Success;
            double emit = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return good
                ? Row(id, $"{handlers} handlers: {what}", emit, costs) with { BaselineName = "compiling the same sources" }
                : throw new InvalidOperationException("The workload does not compile.");
        }
    }

    private static List<GeneratorCost> Firsts(CSharpCompilation compilation, bool isBuild) =>
        [.. Enumerable.Range(0, FirstRuns).Select(_ => GeneratorRun.First(compilation, isBuild).Costs[0])];

    private static ResultRow Row(string id, string what, double goal, IReadOnlyList<GeneratorCost> costs) => new(
        id,
        what,
        "ms",
        Median(costs.Select(static cost => cost.Ours)),
        goal,
        "the goal",
        Median(costs.Select(static cost => cost.Bytes)),
        string.Create(CultureInfo.InvariantCulture, $"{costs.Count} runs, {costs.Min(static cost => cost.Ours):0.0} to {costs.Max(static cost => cost.Ours):0.0}; the driver's whole run {Median(costs.Select(static cost => cost.Whole)):0.0}"));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
