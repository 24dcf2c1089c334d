namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>What stands in the run's checked-in result and its page, and a line for each rule that must miss it.</summary>
public sealed class LockMutationTests
{
    [Fact]
    public void The_page_says_what_the_checked_in_result_says()
    {
        IReadOnlyList<MutantResult> results = MutationRecord.Results();
        Assert.NotEmpty(results);
        // A reason that has been written needs no new run.
        if (MutationRecord.IsAccepting)
            MutationRecord.Write(results);
        Assert.Equal(MutationDocument.Text(results, MutationRecord.Reasons()), File.ReadAllText(MutationRecord.DocumentPath));
    }

    [Fact]
    public void Every_survivor_has_its_reason_and_every_reason_its_survivor() => Assert.Equal(
        MutationRecord.Results().Where(result => result.Outcome == MutantOutcome.Survived).Select(result => result.Key).Order(StringComparer.Ordinal),
        MutationRecord.Reasons().Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void No_use_of_the_lock_API_is_without_a_mutant()
    {
        foreach (HandlerAssembly assembly in (HandlerAssembly[])[HandlerAssembly.Load(), HandlerAssembly.LoadSample()])
        {
            IReadOnlyList<LockMutant> mutants = LockMutants.Of(assembly);
            Assert.NotEmpty(mutants);
            Assert.Empty(LockMutants.Uncovered(assembly, mutants));
        }
    }

    [Fact]
    public async Task The_first_line_that_each_lock_rule_misses_is_still_missed()
    {
        HandlerAssembly assembly = HandlerAssembly.Load();
        Dictionary<string, LockMutant> mutants = LockMutants.Of(assembly).ToDictionary(mutant => mutant.Key);
        MutationRun run = await MutationRun.BeginAsync(assembly, hasSuite: false);
        MutantResult[] known =
        [
            .. MutationRecord.Results()
                .Where(result => result.Outcome == MutantOutcome.Reported && result.By.StartsWith("RTNL1", StringComparison.Ordinal) && mutants.ContainsKey(result.Key))
                .GroupBy(result => result.By)
                .Select(same => same.First()),
        ];
        Assert.NotEmpty(known);
        MutantResult?[] seen = await Task.WhenAll(known.Select(expected => Task.Run(() => run.CompileAsync(mutants[expected.Key]))));
        Assert.Equal(known, seen);
    }
}
