using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>
/// The raw half of the comparison: what every group says as links, addresses and routes change, what the requests and dumps are answered, header by
/// header and attribute by attribute, as the kernel recorded them. What is masked is said in <c>Scripts/rawnl.py</c> and <c>raw-events.py</c>.
/// </summary>
public sealed class RawEventTests
{
    private const string Script = "events";

    public static TheoryData<string> Parts => [.. RawRunner.Parts(Script).Where(part => part != "groups")];

    public static TheoryData<string> AllParts => [.. RawRunner.Parts(Script)];

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Events_and_replies_are_the_kernels_field_by_field(string part)
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Judge.Verdict($"{Script}-{part}", RawRunner.Recorded(Script, part), await RawRunner.Server(Script, part));
    }

    [Fact]
    public async Task Every_group_can_be_joined_and_says_what_the_table_says()
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        var kernel = RawRunner.Recorded(Script, "groups");
        var server = await RawRunner.Server(Script, "groups");
        Assert.Equal(Joined(kernel), Joined(server));

        // The table: | group | name | served | with |
        foreach (var row in File.ReadLines(Path.Combine(Repository.Root, "docs", "groups.md")).Where(line => line.StartsWith("| RTNLGRP_", StringComparison.Ordinal)))
        {
            var cells = row.Split('|', StringSplitOptions.TrimEntries);
            var number = int.Parse(cells[2], null);
            var said = Said(server, number);
            if (cells[3] == "served")
                Assert.Equal(Said(kernel, number), said);
            else
                Assert.True(said.Count == 0, $"{cells[1]} says {string.Join(", ", said)}, and docs/groups.md does not know it.");
        }
    }

    [Fact]
    public void The_table_of_groups_has_every_group()
    {
        var numbers = File.ReadLines(Path.Combine(Repository.Root, "docs", "groups.md"))
            .Where(line => line.StartsWith("| RTNLGRP_", StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split('|', StringSplitOptions.TrimEntries)[2], null));
        Assert.Equal(Enumerable.Range(1, 39), numbers);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(AllParts))]
    public async Task This_machines_kernel_says_what_the_recorded_one_said(string part)
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        var differences = Comparison.Of(RawRunner.Recorded(Script, part), await RawRunner.Kernel(Script, part)).Differences;
        Assert.True(differences.Count == 0, string.Join('\n', differences.Select(difference => difference.Report)));
    }

    private static IReadOnlyList<string> Joined(IReadOnlyList<Outcome> outcomes) => outcomes.Single(outcome => outcome.Command == "joined").Answer;

    private static IReadOnlyList<string> Said(IReadOnlyList<Outcome> outcomes, int group) =>
        outcomes.SingleOrDefault(outcome => outcome.Command == $"group {group}")?.Answer ?? [];
}
