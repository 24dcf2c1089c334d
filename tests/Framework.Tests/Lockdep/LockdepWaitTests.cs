namespace SmallRtnl.Tests.Lockdeps;

/// <summary>Waits that are no locks: for teardowns, and in a snapshot.</summary>
[Collection(nameof(LockdepAlone))]
public sealed class LockdepWaitTests
{
    [Fact]
    public async Task A_wait_for_teardowns_with_a_lock_held_that_a_teardown_takes_is_reported()
    {
        var a = new TornDownA();
        var registry = new NetRegistry(new RtnlGate(RtnlMode.PerNet, maxExclusiveBatch: 64), [new TakesAtExit(a)]);
        Assert.True(registry.TryCreate("blue", out _));
        Assert.True(registry.TryDelete("blue"));
        await registry.FlushTeardownsAsync();

        using var context = RtnlContext.Create();
        RtnlContext? note = context.Note();
        LockdepReport report;
        try
        {
            using LockClassLease lease = a.Lock(context);
            report = Assert.Throws<LockdepException>(() => { _ = registry.FlushTeardownsAsync(); }).Report!;
        }
        finally
        {
            RtnlContext.RestoreNote(note);
        }
        Assert.Equal(LockdepReportKind.WaitForOwnWork, report.Kind);
        Assert.Contains("                               work of(teardown flush);", report.Text, StringComparison.Ordinal);
        Assert.Contains("                               lock(TornDownA);", report.Text, StringComparison.Ordinal);
        Assert.Contains("  wait for(teardown flush);", report.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public void A_wait_for_teardowns_under_a_word_is_refused_with_the_report_behind_it(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        RtnlContext? note = context.Note();
        try
        {
            using (net.Lock(context))
                AssertRefused(host.Registry);
            using (host.Gate.Lock(context))
                AssertRefused(host.Registry);
        }
        finally
        {
            RtnlContext.RestoreNote(note);
        }
        Assert.True(host.Registry.FlushTeardownsAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_teardown_that_waits_for_teardowns_waits_for_itself_and_is_refused()
    {
        var waits = new WaitsAtExit();
        var registry = new NetRegistry(new RtnlGate(RtnlMode.PerNet, maxExclusiveBatch: 64), [waits]);
        waits.Registry = registry;
        Assert.True(registry.TryCreate("blue", out _));
        Assert.True(registry.TryDelete("blue"));
        await registry.FlushTeardownsAsync();
        Assert.Equal(LockdepReportKind.SelfDeadlock, Assert.IsType<LockdepException>(waits.Refusal!.InnerException).Report!.Kind);
    }

    [Fact]
    public void A_wait_inside_a_snapshot_section_is_reported()
    {
        using var host = new TestHost();
        var wait = new LockdepWait("grace period");
        using var reader = RtnlContext.Create();
        reader.PinSnapshot(host.Registry.Initial);
        LockdepReport report = Assert.Throws<LockdepException>(() => wait.Waiting(reader)).Report!;
        Assert.Equal(LockdepReportKind.LockInSnapshot, report.Kind);
        Assert.Contains("work waited for inside a snapshot section", report.Text, StringComparison.Ordinal);
        reader.UnpinSnapshot();
        wait.Waiting(reader);
    }

    private static void AssertRefused(NetRegistry registry)
    {
        var refusal = Assert.Throws<RtnlAssertionException>(() => { _ = registry.FlushTeardownsAsync(); });
        Assert.Equal(LockdepReportKind.WaitForOwnWork, Assert.IsType<LockdepException>(refusal.InnerException).Report!.Kind);
    }

    private sealed class TornDownA : LockClass;

    private sealed class TakesAtExit(LockClass wanted) : IPernetSubsystem
    {
        public void Init(PernetInit init)
        {
        }

        public void Exit(RtnlContext context, Net net)
        {
            using LockClassLease lease = wanted.Lock(context);
        }
    }

    private sealed class WaitsAtExit : IPernetSubsystem
    {
        public NetRegistry? Registry { get; set; }

        public RtnlAssertionException? Refusal { get; private set; }

        public void Init(PernetInit init)
        {
        }

        public void Exit(RtnlContext context, Net net) => Refusal = Assert.Throws<RtnlAssertionException>(() => { _ = Registry!.FlushTeardownsAsync(); });
    }
}
