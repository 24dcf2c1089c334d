namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>The checked-in result of the last run, and the reasons for what nothing caught.</summary>
internal static class MutationRecord
{
    private static readonly string s_folder = Path.Combine(HandlerAssembly.RepositoryRoot, "tests", "Conversion.Tests", "Mutations");

    /// <summary>The document that the run writes.</summary>
    public static string DocumentPath { get; } = Path.Combine(HandlerAssembly.RepositoryRoot, "docs", "lock-mutations.md");

    /// <summary>Whether what is seen is to be written down.</summary>
    public static bool IsAccepting { get; } = Environment.GetEnvironmentVariable("SMALLRTNL_ACCEPT") == "1" && Environment.GetEnvironmentVariable("CI") != "true";

    private static string ResultsPath { get; } = Path.Combine(s_folder, "lock-mutations.tsv");

    private static string ReasonsPath { get; } = Path.Combine(s_folder, "lock-mutations.reasons.tsv");

    /// <summary>What the last run saw.</summary>
    public static IReadOnlyList<MutantResult> Results() =>
    [
        .. Rows(ResultsPath).Select(row => new MutantResult(row[0], row[1], Enum.Parse<MutantOutcome>(row[2]), row[3])),
    ];

    /// <summary>Why a survivor is no danger (equivalent), or what it shows (escaped): written by hand.</summary>
    public static IReadOnlyDictionary<string, SurvivorReason> Reasons() =>
        Rows(ReasonsPath).ToDictionary(row => row[0], row => new SurvivorReason(row[1] == "equivalent", row[2]), StringComparer.Ordinal);

    /// <summary>Writes what a run has seen, and the document.</summary>
    public static void Write(IReadOnlyList<MutantResult> results)
    {
        File.WriteAllLines(ResultsPath, results.Select(result => string.Join('\t', result.Key, result.Kind, result.Outcome, result.By)));
        File.WriteAllText(DocumentPath, MutationDocument.Text(results, Reasons()));
    }

    private static IEnumerable<string[]> Rows(string path) => File.Exists(path) ? File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split('\t')) : [];
}

/// <summary>Why nothing caught a mutant.</summary>
/// <param name="IsEquivalent">Whether the code is still right without the line.</param>
/// <param name="Text">The argument.</param>
internal sealed record SurvivorReason(bool IsEquivalent, string Text);
