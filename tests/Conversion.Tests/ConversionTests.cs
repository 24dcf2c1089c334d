namespace SmallRtnl.Conversion.Tests;

/// <summary>The conversion is one word: the real handlers at every word from the weakest sufficient one up to Rtnl.</summary>
public sealed class ConversionTests(ITestOutputHelper output)
{
    // What may stand in a generated line that changes with the word: the lock's name, its acquisition, its assertion, and the waiting that goes with it.
    private static readonly string[] s_lockTerms =
    [
        "Lock = ", "RtnlLock.", "LockNetAsync", "LockNetsAsync", "LockRtnlAsync", "BeginSnapshot", "RtnlAssert.", "TryLockNet", "TryLockRtnl", "locking", "Contended", "AsyncMethodBuilder",
    ];

    /// <summary>Those that lock, each by itself at the stronger word: what they change others see.</summary>
    [Fact]
    public Task Every_handler_that_locks_passes_the_whole_behaviour_suite_at_every_stronger_word() =>
        PassAsync([.. HandlerAssembly.Load().Variants().Where(variant => variant.Before != "Unlocked")]);

    /// <summary>The readers each by itself: some eighty runs of the suite.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public Task Every_unlocked_handler_passes_the_whole_behaviour_suite_at_every_stronger_word() =>
        PassAsync([.. HandlerAssembly.Load().Variants().Where(variant => variant.Before == "Unlocked")]);

    [Theory]
    [InlineData("PerNet")]
    [InlineData("Rtnl")]
    public async Task All_handlers_together_pass_the_whole_behaviour_suite_at_a_stronger_word(string word)
    {
        (int exitCode, string log) = await BehaviourSuite.RunAsync(HandlerAssembly.Load().AllAt(word).Emit(isBuild: false), TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, log);
    }

    private async Task PassAsync(Variant[] variants)
    {
        Assert.NotEmpty(variants);
        var failures = new List<string>();
        await Parallel.ForEachAsync(variants, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (variant, cancellation) =>
        {
            (int exitCode, string log) = await BehaviourSuite.RunAsync(variant.Assembly.Emit(isBuild: false), cancellation);
            lock (failures)
            {
                output.WriteLine($"{variant}: {(exitCode == 0 ? "passed" : "FAILED")}");
                if (exitCode != 0)
                    failures.Add($"{variant}\n{log}");
            }
        });
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    [Fact]
    public async Task The_suite_fails_when_a_handler_does_not_do_its_work()
    {
        // The positive control: an assembly that is not the handlers' at all must not pass.
        (int exitCode, _) = await BehaviourSuite.RunAsync([], CancellationToken.None);
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public void Of_the_generated_code_only_the_lock_lines_change()
    {
        HandlerAssembly assembly = HandlerAssembly.Load();
        IReadOnlyDictionary<string, string> before = assembly.GeneratedSources();
        foreach (Variant variant in assembly.Variants())
        {
            IReadOnlyDictionary<string, string> after = variant.Assembly.GeneratedSources();
            Assert.Equal(before.Keys.Order(), after.Keys.Order());
            foreach (string file in before.Keys)
            {
                foreach (string line in ChangedLines(before[file], after[file]))
                    Assert.True(IsLockLine(line), $"{variant} changes {file}: {line}");
            }
        }
    }

    private static bool IsLockLine(string line)
    {
        string trimmed = line.Trim();
        // The contended path's frame: its braces and the apply call, which an unlocked handler does without.
        // A place that is intercepted is named with its file's checksum, which every edit changes.
        return trimmed is "" or "{" or "}" or "return new(" || trimmed.Contains("_Apply(", StringComparison.Ordinal)
            || trimmed.Contains("InterceptsLocationAttribute(", StringComparison.Ordinal)
            || s_lockTerms.Any(term => trimmed.Contains(term, StringComparison.Ordinal));
    }

    private static IEnumerable<string> ChangedLines(string before, string after)
    {
        string[] old = before.Split('\n'), now = after.Split('\n');
        return old.Except(now).Concat(now.Except(old));
    }
}
