namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>The whole run over every lock-bearing line. <c>SMALLRTNL_ACCEPT=1</c> writes what it saw, never in CI.</summary>
public sealed class LockMutationRunTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Category", "Long")]
    public async Task Every_lock_bearing_line_is_missed_when_it_is_gone_or_known_to_be_equivalent()
    {
        var judged = new List<(int At, MutantResult Result)>();
        int first = 0;
        foreach ((HandlerAssembly assembly, bool hasSuite) in new[] { (HandlerAssembly.Load(), true), (HandlerAssembly.LoadSample(), false) })
        {
            MutationRun run = await MutationRun.BeginAsync(assembly, hasSuite);
            IReadOnlyList<LockMutant> mutants = LockMutants.Of(assembly);
            int begin = first;
            await Parallel.ForAsync(0, mutants.Count, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (i, cancellation) =>
            {
                MutantResult result = await run.JudgeAsync(mutants[i], cancellation);
                lock (judged)
                {
                    judged.Add((begin + i, result));
                    output.WriteLine($"{result.Outcome} {result.By}: {result.Key}");
                }
            });
            first += mutants.Count;
        }
        MutantResult[] results = [.. judged.OrderBy(pair => pair.At).Select(pair => pair.Result)];
        if (MutationRecord.IsAccepting)
            MutationRecord.Write(results);

        // What has just been accepted is compared with itself; what nobody has explained fails all the same.
        IReadOnlyDictionary<string, SurvivorReason> reasons = MutationRecord.Reasons();
        IReadOnlyList<MutantResult> before = MutationRecord.Results();
        string[] unexplained = [.. results.Where(result => result.Outcome == MutantOutcome.Survived && !reasons.ContainsKey(result.Key)).Select(result => result.Key)];
        Assert.True(unexplained.Length == 0, $"These lines can go and nothing notices:\n{string.Join('\n', unexplained)}");
        Assert.True(Share(results) >= Share(before), $"{Share(results):P1} are caught, {Share(before):P1} were.");
        Assert.True(
            results.Select(result => result.Key).SequenceEqual(before.Select(result => result.Key)),
            $"The lock-bearing lines are others than in the checked-in result: {MutationDocument.Command}");
    }

    private static double Share(IReadOnlyList<MutantResult> results) => (double)results.Count(result => result.IsCaught) / results.Count;
}
