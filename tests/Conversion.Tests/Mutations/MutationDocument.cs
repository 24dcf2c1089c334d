using System.Globalization;
using System.Text;

namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>The page that shows a run's result.</summary>
internal static class MutationDocument
{
    /// <summary>How the page is made, as it says itself.</summary>
    public const string Command =
        "dotnet build Framework.sln -c Release && SMALLRTNL_ACCEPT=1 dotnet tests/Conversion.Tests/bin/Release/net10.0/SmallRtnl.Conversion.Tests.dll -class SmallRtnl.Conversion.Tests.Mutations.LockMutationRunTests";

    /// <summary>The page.</summary>
    public static string Text(IReadOnlyList<MutantResult> results, IReadOnlyDictionary<string, SurvivorReason> reasons)
    {
        bool Escaped(MutantResult result) => result.Outcome == MutantOutcome.Survived && !(reasons.TryGetValue(result.Key, out SurvivorReason? reason) && reason.IsEquivalent);
        int caught = results.Count(result => result.IsCaught), escaped = results.Count(Escaped), equivalent = results.Count - caught - escaped;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Lock-bearing lines, removed one at a time

            Every line of `src/Handlers` and `samples/LeaseHost` that bears a lock is removed, or neutralised, in turn; the rest is compiled with the
            generator and the analyzers, and what the compiler lets through runs the whole behaviour suite with assertions and lockdep on. The page is
            written by that run; a test keeps it in step with the result that is checked in beside the run
            (`tests/Conversion.Tests/Mutations/lock-mutations.tsv`).

            ```
            {Command}
            ```

            Weakening a handler's lock *word* is another test (`OwnHandlersTests`, on every build): it is refused every time.

            Of **{results.Count}** lines **{caught}** are caught, **{equivalent}** are equivalent (the code is as right without them), **{escaped}** escape:
            {Percent(caught, results.Count - equivalent)} of those that matter.

            | line | total | reported (ids) | does not compile | changed verdict | at run time | equivalent | escaped |
            |---|---|---|---|---|---|---|---|

            """);
        foreach (IGrouping<string, MutantResult> kind in results.GroupBy(result => result.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            text.AppendLine(Row(kind.Key, [.. kind], Escaped));
        text.AppendLine(Row("**all**", results, Escaped));
        text.Append("""

            What has no line here, since the handlers have none: `Rcu<T>` and `AtomicRcu<T>` (state is versioned, in the namespace's snapshot), RTNL taken by
            hand, `RtnlAssert`, `[Acquires]`, `[LockOrder]`, `Fallback =` with its `IsLocked`. A test fails where one of them comes in and no mutant
            covers it.

            ## Equivalent: an annotation whose absence changes nothing

            Of these annotations the compiler was asked again: a caller that holds nothing was added to the assembly, and is reported with the
            annotation and without it, at what the method itself does. They say on the spot what would otherwise be said some calls further down, and
            are what callers in other assemblies see.


            """);
        foreach (MutantResult result in results.Where(result => result.Outcome == MutantOutcome.StillRequired))
            text.AppendLine(CultureInfo.InvariantCulture, $"- `{result.Key}` ({result.By})");
        Survivors(text, "Equivalent: argued", results.Where(result => result.Outcome == MutantOutcome.Survived && !Escaped(result)), reasons);
        Survivors(text, "Escaped", results.Where(Escaped), reasons);
        return text.ToString();
    }

    /// <summary>What nothing caught, each with its reason.</summary>
    private static void Survivors(StringBuilder text, string title, IEnumerable<MutantResult> results, IReadOnlyDictionary<string, SurvivorReason> reasons)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {title}").AppendLine();
        MutantResult[] shown = [.. results];
        foreach (MutantResult result in shown)
            text.AppendLine(CultureInfo.InvariantCulture, $"- `{result.Key}`: {(reasons.TryGetValue(result.Key, out SurvivorReason? reason) ? reason.Text : "not explained yet")}");
        if (shown.Length == 0)
            text.AppendLine("None.");
    }

    private static string Row(string name, IReadOnlyList<MutantResult> results, Func<MutantResult, bool> escaped)
    {
        string ids = string.Join("; ", results.Where(result => result.Outcome == MutantOutcome.Reported)
            .GroupBy(result => result.By).OrderBy(by => by.Key, StringComparer.Ordinal).Select(by => $"{by.Count()} × {by.Key}"));
        int Count(MutantOutcome outcome) => results.Count(result => result.Outcome == outcome);
        int left = results.Count(escaped);
        int equivalent = Count(MutantOutcome.StillRequired) + Count(MutantOutcome.Survived) - left;
        string reported = ids.Length == 0 ? "0" : $"{Count(MutantOutcome.Reported)} ({ids})";
        return $"| {name} | {results.Count} | {reported} | {Count(MutantOutcome.CompileError)} | {With(MutantOutcome.Verdict)} | {With(MutantOutcome.RunTime)} | {equivalent} | {left} |";

        string With(MutantOutcome outcome)
        {
            string by = string.Join("; ", results.Where(result => result.Outcome == outcome).GroupBy(result => result.By).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Count()} × {group.Key}"));
            return by.Length == 0 ? "0" : $"{Count(outcome)} ({by})";
        }
    }

    private static string Percent(int part, int whole) => whole == 0 ? "all" : (100.0 * part / whole).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
