using System.Text.RegularExpressions;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>
/// What is known to differ in raw answers: <c>Scripts/raw-differences</c>, one a line, "part | case | kernel | server -- reason", the first four
/// as patterns of the whole text. A refusal that says in its text that something is not served needs no entry.
/// </summary>
internal static class RawDifferences
{
    private static readonly Regex[] Entries = [.. File.ReadLines(Path.Combine(Repository.Scripts, "raw-differences"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(Parse)];

    /// <summary>Whether two answers to one case may differ so.</summary>
    public static bool Allow(string part, string title, string kernel, string server) =>
        (server.StartsWith("ENOTSUP '", StringComparison.Ordinal) && server.EndsWith(" not served'", StringComparison.Ordinal))
        || Entries.Any(entry => entry.IsMatch($"{part} | {title} | {kernel} | {server}"));

    /// <summary>One expression of the four, so that one of them may refer to another.</summary>
    private static Regex Parse(string line)
    {
        var reason = line.LastIndexOf(" -- ", StringComparison.Ordinal);
        var patterns = line[..Math.Max(reason, 0)].Split(" | ");
        return patterns.Length == 4
            ? new Regex($"^{string.Join(@" \| ", patterns.Select(pattern => $"(?:{pattern})"))}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
            : throw new FormatException($"raw-differences: \"part | case | kernel | server -- reason\" is expected, not: {line}");
    }
}
