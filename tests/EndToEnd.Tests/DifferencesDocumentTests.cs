using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>
/// docs/differences.md says what the comparisons with the kernel allow to differ: every entry of every <c>Scripts/*-differences</c> stands in its
/// tables, and nothing else does. The comparisons fail over an entry that differs no longer, and this over a page that has not followed.
/// </summary>
public sealed class DifferencesDocumentTests
{
    private static readonly string s_page = Path.Combine(Repository.Root, "docs", "differences.md");

    public static TheoryData<string> Lists => [.. Directory.EnumerateFiles(Repository.Scripts, "*-differences").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task The_page_has_every_difference_that_the_comparison_allows(string list)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var expected = new List<string> { "| where | what | why |", "|---|---|---|" };
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Repository.Scripts, list), cancellation))
        {
            if (line.Length > 0 && line[0] != '#')
                expected.Add(Row(line));
        }

        var page = await File.ReadAllLinesAsync(s_page, cancellation);
        var start = Array.IndexOf(page, $"<!-- {list} -->");
        Assert.True(start >= 0, $"docs/differences.md has no table \"<!-- {list} -->\". It should be:\n{string.Join('\n', expected)}");
        var actual = page.Skip(start + 1).TakeWhile(line => line.StartsWith('|'));
        Assert.True(expected.SequenceEqual(actual), $"The table of {list} in docs/differences.md should be:\n{string.Join('\n', expected)}");
    }

    /// <summary>"place: what -- reason" and "place | case | kernel | server -- reason": the reason is behind the last dashes, the place in front.</summary>
    private static string Row(string line)
    {
        var reason = line.LastIndexOf(" -- ", StringComparison.Ordinal);
        Assert.True(reason > 0, $"A difference without a reason: {line}");
        var (place, what) = Split(line[..reason]);
        return $"| {Cell(place)} | {Cell(what)} | {line[(reason + 4)..].Replace("|", @"\|", StringComparison.Ordinal)} |";
    }

    private static (string Place, string What) Split(string entry)
    {
        var bar = entry.IndexOf(" | ", StringComparison.Ordinal);
        if (bar > 0)
            return (entry[..bar], entry[(bar + 3)..]);
        var colon = entry.IndexOf(": ", StringComparison.Ordinal);
        Assert.True(colon > 0, $"A difference without a place: {entry}");
        return (entry[..colon], entry[(colon + 2)..]);
    }

    private static string Cell(string text) => $"`{text.Replace("|", @"\|", StringComparison.Ordinal)}`";
}
