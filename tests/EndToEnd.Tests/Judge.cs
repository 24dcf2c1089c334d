using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Turns a comparison into a verdict that shows every differing command, not the first one only.</summary>
internal static class Judge
{
    public static void Verdict(string list, IReadOnlyList<Outcome> expected, IReadOnlyList<Outcome> actual)
    {
        if (expected is [.., { IsUnmetRequirement: true } unmet])
            Assert.Skip($"{list}: this machine lacks what the list needs ({unmet.Command}).");

        var comparison = Comparison.Of(expected, actual);
        var known = KnownDifferences.Of(list);
        var unknown = comparison.Differences.Where(difference => !known.Contains(difference.Command)).ToList();
        var stale = known.Except(comparison.Differences.Select(difference => difference.Command)).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{list}: {comparison.Equal} of {comparison.Total} commands answered alike, {known.Count} differ and are known to.");

        if (unknown.Count > 0)
        {
            Assert.Fail($"{list}: {unknown.Count} of {comparison.Total} commands answered differently "
                + "(- expected, + server):\n\n" + string.Join('\n', unknown.Select(difference => difference.Report)));
        }

        Assert.True(stale.Count == 0, $"{list}: no longer different, remove from known-differences:\n" + string.Join('\n', stale));
    }
}
