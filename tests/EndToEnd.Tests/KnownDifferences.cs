namespace SmallRtnl.EndToEnd.Tests;

/// <summary>
/// The commands whose answer is known to differ from the kernel's, with the reason: <c>Scripts/known-differences</c>, one a line,
/// "list: command -- reason". An entry that no longer differs fails the test, so the file only shrinks by being true.
/// </summary>
internal static class KnownDifferences
{
    private static readonly ILookup<string, string> Commands =
        (File.Exists(Location) ? File.ReadLines(Location) : [])
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(Split)
            .ToLookup(entry => entry.List, entry => entry.Command, StringComparer.Ordinal);

    private static string Location => Path.Combine(Repository.Scripts, "known-differences");

    public static IReadOnlySet<string> Of(string list) => Commands[list].ToHashSet(StringComparer.Ordinal);

    private static (string List, string Command) Split(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var reason = line.LastIndexOf(" -- ", StringComparison.Ordinal);
        return colon > 0 && reason > colon
            ? (line[..colon], line[(colon + 2)..reason])
            : throw new FormatException($"known-differences: \"list: command -- reason\" is expected, not: {line}");
    }
}
