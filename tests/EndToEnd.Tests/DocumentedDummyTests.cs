using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>The kind dummy, which some kernels lack: its answers are written down, and the kernel is asked where it can answer.</summary>
public sealed class DocumentedDummyTests
{
    private const string List = "documented-dummy";

    private static readonly string Documented = Path.Combine(Repository.Tests, "DocumentedOutcomes", "dummy.txt");

    [Fact]
    public async Task The_server_answers_as_documented() =>
        Judge.Verdict(List, Outcome.Load(Documented), await ListRunner.Server(List));

    [Fact]
    public async Task The_kernel_answers_as_documented_where_it_has_dummy()
    {
        Assert.SkipWhen(ListRunner.WhyNoKernel is not null, ListRunner.WhyNoKernel ?? "");
        Assert.SkipWhen(Environment.GetEnvironmentVariable("RTNL_ORACLE") == "recorded", "The recording kernel had no dummy.");
        var kernel = await ListRunner.Kernel(List);
        if (kernel is [{ IsUnmetRequirement: true }])
            Assert.Skip("This kernel has no dummy.");
        var comparison = Comparison.Of(Outcome.Load(Documented), kernel);
        Assert.True(comparison.Differences.Count == 0, string.Join('\n', comparison.Differences.Select(difference => difference.Report)));
    }
}
