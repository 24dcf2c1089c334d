using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>
/// Every byte of every GET's header, every length of it and every attribute, strictly checked and not (<c>raw-gets</c>); and how dumps are cut into
/// datagrams (<c>raw-frames</c>): as the kernel recorded them.
/// </summary>
public sealed class RawGetTests
{
    private static readonly string[] Names = [.. ListRunner.Lists(IsRaw)];

    public static TheoryData<string> Lists => [.. Names];

    /// <summary>Whether a list's answers are compared with recorded ones: the kernel takes its time over so many.</summary>
    public static bool IsRaw(string list) => list.StartsWith("raw-", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Every_get_is_answered_as_the_kernel_answers_it(string list)
    {
        Assert.SkipWhen(RawRunner.WhyNot is not null, RawRunner.WhyNot ?? "");
        Judge.Verdict(list, ListRunner.Recorded(list), await ListRunner.Server(list));
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
}
