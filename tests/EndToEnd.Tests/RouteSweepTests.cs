using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>The sweeps over routes in full (<c>Scripts/long</c>): each default list draws a part of one.</summary>
[Trait("Category", "Long")]
public sealed class RouteSweepTests
{
    [Theory]
    [InlineData("long/get-all")]
    [InlineData("long/replace-all")]
    [InlineData("long/new-all")]
    public async Task The_server_answers_every_combination_as_the_kernel_does(string list)
    {
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        Judge.Verdict(list, await ListRunner.Kernel(list), await ListRunner.Server(list));
    }
}
