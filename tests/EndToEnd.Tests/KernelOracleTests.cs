using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>`ip` says the same under `rtnl exec` as in a fresh namespace of the kernel, command by command.</summary>
public sealed class KernelOracleTests
{
    private static readonly string[] Names = [.. ListRunner.Lists(name =>
        !name.StartsWith("clients-", StringComparison.Ordinal) && !name.StartsWith("documented-", StringComparison.Ordinal) && !RawGetTests.IsRaw(name))];

    public static TheoryData<string> Lists => [.. Names];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task The_server_answers_as_the_kernel_does(string list)
    {
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        ListRunner.Start(Names);
        Judge.Verdict(list, await ListRunner.Kernel(list), await ListRunner.Server(list));
    }
}
