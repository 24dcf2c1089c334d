using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Every option of a veth with every option of its peer: errno, text, and what both ends are then, as the kernel recorded them.</summary>
public sealed class RawPairTests
{
    private const string Script = "pairs";

    public static TheoryData<string> Parts => [.. RawRunner.Parts(Script)];

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Every_two_options_of_a_pair_do_what_they_do_in_the_kernel(string part)
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Judge.Verdict($"{Script}-{part}", RawRunner.Recorded(Script, part), await RawRunner.Server(Script, part));
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Parts))]
    public async Task This_machines_kernel_makes_the_same_pairs(string part)
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        Judge.Verdict($"{Script}-{part}", RawRunner.Recorded(Script, part), await RawRunner.Kernel(Script, part));
    }
}
