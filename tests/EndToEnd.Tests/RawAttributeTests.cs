using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>
/// Every attribute of every message that is served, and of their nests, from 0 to beyond the last, with payloads of every length and value that could
/// matter: errno, text, offset and policy of the answer, and what became of the state, as the kernel recorded them.
/// </summary>
public sealed class RawAttributeTests
{
    private const string Script = "attributes";

    /// <summary>What runs by default; the rest with `./test.sh --all`.</summary>
    private static readonly string[] Quick = ["dellink", "newlink-change", "newlink-create", "newlink-nests", "nests"];

    public static TheoryData<string> QuickParts => [.. Quick];

    public static TheoryData<string> OtherParts => [.. RawRunner.Parts(Script).Except(Quick)];

    public static TheoryData<string> Parts => [.. RawRunner.Parts(Script)];

    [Theory]
    [MemberData(nameof(QuickParts))]
    public Task Every_attribute_is_answered_as_the_kernel_answers_it(string part) => Compare(part);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(OtherParts))]
    public Task Every_attribute_of_the_other_messages_is_answered_as_the_kernel_answers_it(string part) => Compare(part);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Parts))]
    public async Task This_machines_kernel_answers_as_the_recorded_one(string part)
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        Judge.Verdict($"{Script}-{part}", RawRunner.Recorded(Script, part), await RawRunner.Kernel(Script, part));
    }

    private static async Task Compare(string part)
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Dictionary<(string Title, string Payload), string> kernel = ByPayload(RawRunner.Recorded(Script, part));
        Dictionary<(string Title, string Payload), string> server = ByPayload(await RawRunner.Server(Script, part));
        Assert.Equal(kernel.Keys.Order(), server.Keys.Order());
        var differences = kernel
            .Where(asked => asked.Value != server[asked.Key] && !RawDifferences.Allow(part, asked.Key.Title, asked.Value, server[asked.Key]))
            .GroupBy(asked => (asked.Key.Title, Kernel: asked.Value, Server: server[asked.Key]), asked => asked.Key.Payload)
            .Select(group => $"{group.Key.Title}\n  - {group.Key.Kernel}\n  + {group.Key.Server}\n    with {string.Join(", ", group)}")
            .ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} sorts of answers differ (- kernel, + server):\n{string.Join('\n', differences.Take(40))}");
    }

    /// <summary>Each payload's answer: a line of the recording has one answer, and the payloads that were answered so.</summary>
    private static Dictionary<(string Title, string Payload), string> ByPayload(IReadOnlyList<Outcome> outcomes)
    {
        var answers = new Dictionary<(string Title, string Payload), string>();
        foreach (var outcome in outcomes)
        {
            foreach (var line in outcome.Answer.Where(line => line.StartsWith("| ", StringComparison.Ordinal)))
            {
                var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
                foreach (var payload in line[(colon + 2)..].Split(", "))
                    answers.Add((outcome.Command, payload), line[2..colon]);
            }
        }
        return answers;
    }
}
