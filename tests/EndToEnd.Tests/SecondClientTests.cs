using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Clients other than `ip` (libnl's tools, pyroute2) see the same under `rtnl exec` as in the kernel.</summary>
public sealed class SecondClientTests
{
    private static readonly string[] Names =
        [.. ListRunner.Lists(name => name.StartsWith("clients-", StringComparison.Ordinal))];

    public static TheoryData<string> Lists => [.. Names];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task The_server_answers_as_the_kernel_does(string list)
    {
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        var kernel = await ListRunner.Kernel(list);
        if (kernel is [.., { IsUnmetRequirement: true } unmet])
            Assert.Skip($"{list}: the client is not installed ({unmet.Command}).");
        Judge.Verdict(list, kernel, await ListRunner.Server(list));
    }
}
