using System.Text.RegularExpressions;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>
/// Every byte of every GET's header, every length of it and every attribute, strictly checked and not (<c>raw-gets</c>); and how dumps are cut into
/// datagrams (<c>raw-frames</c>): as the kernel recorded them.
/// </summary>
public sealed partial class RawGetTests
{
    private const string Sweeps = "raw-gets";
    private const string Frames = "raw-frames";

    // Every value that was tried came to the same.
    private const string Each = "*";

    public static TheoryData<string> Lists => [Sweeps, Frames];

    /// <summary>Whether a list's answers are compared with recorded ones: the kernel takes its time over so many.</summary>
    public static bool IsRaw(string list) => list.StartsWith("raw-", StringComparison.Ordinal);

    [Fact]
    public async Task Every_get_is_refused_or_answered_as_the_kernel_does()
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Dictionary<(string Sweep, string Name, string Value), string> kernel = ByCase(ListRunner.Recorded(Sweeps)), server = ByCase(await ListRunner.Server(Sweeps));
        Assert.NotEmpty(kernel);
        var differences = kernel.Keys.Union(server.Keys)
            .Select(asked => (Asked: asked, Kernel: Answer(kernel, asked), Server: Answer(server, asked)))
            .Where(answer => answer.Kernel != answer.Server
                && !(answer.Asked.Value == Each && (answer.Kernel is null || answer.Server is null))
                && !RawDifferences.Allow("gets", $"{answer.Asked.Sweep}, {answer.Asked.Name} {answer.Asked.Value}", answer.Kernel ?? "", answer.Server ?? ""))
            .GroupBy(answer => (answer.Asked.Sweep, answer.Kernel, answer.Server), answer => $"{answer.Asked.Name} {answer.Asked.Value}")
            .Select(group => $"{group.Key.Sweep}\n  - {group.Key.Kernel}\n  + {group.Key.Server}\n    with {string.Join(", ", group)}")
            .ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} sorts of answers differ (- kernel, + server):\n{string.Join('\n', differences.Take(40))}");
    }

    [Fact]
    public async Task Dumps_are_cut_into_datagrams_as_the_kernel_cuts_them()
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Judge.Verdict(Frames, ListRunner.Recorded(Frames), await ListRunner.Server(Frames));
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Lists))]
    public async Task This_machines_kernel_answers_as_the_recorded_one(string list)
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        Judge.Verdict(list, ListRunner.Recorded(list), await ListRunner.Kernel(list));
    }

    private static string? Answer(Dictionary<(string Sweep, string Name, string Value), string> answers, (string Sweep, string Name, string Value) asked) =>
        answers.TryGetValue(asked, out var answer) || answers.TryGetValue((asked.Sweep, asked.Name, Each), out answer) ? answer : null;

    /// <summary>Each case's answer: a line of the recording has one answer, and what was answered so.</summary>
    private static Dictionary<(string Sweep, string Name, string Value), string> ByCase(IReadOnlyList<Outcome> outcomes)
    {
        var answers = new Dictionary<(string Sweep, string Name, string Value), string>();
        foreach (var outcome in outcomes)
        {
            if (SweepOf().Match(outcome.Command) is not { Success: true } sweep)
                continue;
            foreach (var line in outcome.Answer.Where(line => line.StartsWith("| ", StringComparison.Ordinal)))
            {
                int head = line.IndexOf(": ", StringComparison.Ordinal), cases = line.LastIndexOf(": ", StringComparison.Ordinal);
                foreach (var tried in line[(cases + 2)..].Split(", "))
                {
                    var parts = Case().Match(tried);
                    foreach (var value in parts.Groups["values"].Success ? parts.Groups["values"].Value.Split(' ') : [Each])
                        answers.Add(($"{sweep.Groups[1].Value} {line[2..head]}", parts.Groups["name"].Value, value), line[(head + 2)..cases]);
                }
            }
        }
        return answers;
    }

    [GeneratedRegex(@"sweep (\w+ \d+)")]
    private static partial Regex SweepOf();

    [GeneratedRegex(@"^(?<name>(attribute|byte) \d+|.*?)( = (?<values>[\d ]+)| \((?<values>[\dz ]+)\))?$")]
    private static partial Regex Case();
}
