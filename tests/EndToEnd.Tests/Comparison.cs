using System.Text;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Two runs of one list, side by side.</summary>
internal sealed record Comparison(int Equal, int Total, IReadOnlyList<(string Command, string Report)> Differences)
{
    public static Comparison Of(IReadOnlyList<Outcome> expected, IReadOnlyList<Outcome> actual)
    {
        var differences = new List<(string, string)>();
        var equal = 0;
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            var (left, right) = (expected.ElementAtOrDefault(i), actual.ElementAtOrDefault(i));
            if (Equals(left, right))
                equal++;
            else
                differences.Add(((left ?? right)!.Command, Describe(i + 1, left, right)));
        }

        return new Comparison(equal, expected.Count, differences);
    }

    private static string Describe(int number, Outcome? expected, Outcome? actual)
    {
        var text = new StringBuilder($"[{number}] $ {(expected ?? actual)!.Command}\n");
        if (expected is null || actual is null)
            return text.Append(expected is null ? "  only the server ran it\n" : "  the server did not get to it\n").ToString();
        if (expected.Command != actual.Command)
            return text.Append($"  the server ran instead: {actual.Command}\n").ToString();

        foreach (var (mark, line) in Diff(expected.Answer, actual.Answer))
            text.Append($"  {mark} {line}\n");
        return text.ToString();
    }

    /// <summary>A line diff by longest common subsequence: '-' is the expected side's, '+' the server's.</summary>
    private static IEnumerable<(char Mark, string Line)> Diff(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        var common = new int[left.Count + 1, right.Count + 1];
        for (var i = left.Count - 1; i >= 0; i--)
        {
            for (var j = right.Count - 1; j >= 0; j--)
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        for (int i = 0, j = 0; i < left.Count || j < right.Count;)
        {
            if (i < left.Count && j < right.Count && left[i] == right[j])
            {
                yield return (' ', left[i]);
                i++;
                j++;
            }
            else if (j == right.Count || (i < left.Count && common[i + 1, j] >= common[i, j + 1]))
                yield return ('-', left[i++]);
            else
                yield return ('+', right[j++]);
        }
    }
}
