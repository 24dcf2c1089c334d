using System.Diagnostics;

namespace SmallRtnl.Tests.Lockdeps;

/// <summary>Tests that swap the process's graph or policy run alone.</summary>
[CollectionDefinition(nameof(LockdepAlone), DisableParallelization = true)]
public sealed class LockdepAlone;

[Collection(nameof(LockdepAlone))]
public sealed class LockdepLimitTests
{
    [Fact]
    public async Task The_depth_limit_is_reported_when_met_and_checking_goes_on()
    {
        Stacked[] locks = [.. Enumerable.Range(0, Lockdep.MaxDepth + 1).Select(rank => new Stacked(rank))];
        var beyond = new BeyondTheLimit();
        using var context = RtnlContext.Create();
        var leases = new Stack<AsyncLockClassLease>();
        foreach (Stacked one in locks[..^1])
            leases.Push(await one.LockAsync(context, TestContext.Current.CancellationToken));
        var failure = Assert.Throws<LockdepException>(() => { using LockClassLease lease = locks[^1].Lock(context); });
        Assert.Equal(LockdepReportKind.DepthLimit, failure.Report!.Kind);
        Assert.Contains("the limit of 48 locks held by one owner was met", failure.Report.Text, StringComparison.Ordinal);
        Assert.Contains("48 locks held by ", failure.Report.Text, StringComparison.Ordinal);
        leases.Push(await locks[^1].LockAsync(context, TestContext.Current.CancellationToken));
        Assert.Equal(LockdepReportKind.SelfDeadlock, Assert.Throws<LockdepException>(() => { using LockClassLease again = locks[^1].Lock(context); }).Report!.Kind);
        while (leases.TryPop(out AsyncLockClassLease lease))
            lease.Dispose();
        Assert.Equal(0, context.HeldLocks!.Count);
        beyond.Lock(context).Dispose();
    }

    [Fact]
    public void A_full_table_is_reported_when_met_and_checking_goes_on()
    {
        LockdepGraph whole = LockdepGraph.Current;
        try
        {
            LockdepGraph.Current = new LockdepGraph(maxChains: 3);
            var a = new CrowdedA();
            var b = new CrowdedB();
            using var context = RtnlContext.Create();
            Take(context, a, b);
            var full = Assert.Throws<LockdepException>(() => { Take(context, b, null); Take(context, new CrowdedC(), null); });
            Assert.Equal(LockdepReportKind.TableLimit, full.Report!.Kind);
            Assert.Contains("the table of sequences of locks is full (3)", full.Report.Text, StringComparison.Ordinal);
            Take(context, new CrowdedC(), null);
            Assert.Equal(LockdepReportKind.Circular, Assert.Throws<LockdepException>(() => Take(context, b, a)).Report!.Kind);
        }
        finally
        {
            LockdepGraph.Current = whole;
        }
    }

    [Fact]
    public void A_reset_forgets_the_order_also_while_locks_are_held()
    {
        LockdepGraph whole = LockdepGraph.Current;
        try
        {
            var a = new ForgetfulA();
            var b = new ForgetfulB();
            using var context = RtnlContext.Create();
            Take(context, a, b);
            using (a.Lock(context))
            {
                Lockdep.Reset();
                b.Lock(context).Dispose();
            }
            Assert.Equal(LockdepReportKind.Circular, Assert.Throws<LockdepException>(() => Take(context, b, a)).Report!.Kind);
            Lockdep.Reset();
            Take(context, b, a);
        }
        finally
        {
            LockdepGraph.Current = whole;
        }
    }

    [Fact]
    public void Under_the_policy_Log_a_report_is_delivered_and_the_lock_is_taken()
    {
        using var reports = new ReportsOf("Logged");
        var log = new Hosting.LogOf<RtnlReports>();
        using var host = new RtnlReports(log);
        var a = new LoggedA();
        var b = new LoggedB();
        using var context = RtnlContext.Create();
        Take(context, a, b);
        Lockdep.Policy = LockdepPolicy.Log;
        try
        {
            Take(context, b, a);
            Take(context, b, a);
            // What cannot be granted is refused still.
            Assert.Throws<RtnlAssertionException>(() => Take(context, a, a));
            Assert.Equal(0, context.HeldLocks!.Count);
        }
        finally
        {
            Lockdep.Policy = LockdepPolicy.Throw;
        }
        Assert.Equal([LockdepReportKind.Circular, LockdepReportKind.SelfDeadlock], reports.All.Select(report => report.Kind));
        Assert.Contains("possible circular locking dependency detected", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_acquisition_seen_before_allocates_nothing()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var a = new SteadyA();
        using var context = RtnlContext.Create();
        for (int i = 0; i < 1000; i++)
            Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Once()
        {
            using RtnlLease lease = net.Lock(context);
            using LockClassLease inner = a.Lock(context);
        }
    }

    private static void Take(RtnlContext context, LockClass first, LockClass? second)
    {
        using LockClassLease held = first.Lock(context);
        using LockClassLease taken = second is null ? default : second.Lock(context);
    }

    private sealed class Stacked(int rank) : LockClass($"{rank}")
    {
        private readonly int _rank = rank;

        protected internal override int CompareOrder(LockClass other) => _rank.CompareTo(((Stacked)other)._rank);
    }

    private sealed class BeyondTheLimit : LockClass;

    private sealed class CrowdedA : LockClass;

    private sealed class CrowdedB : LockClass;

    private sealed class CrowdedC : LockClass;

    private sealed class ForgetfulA : LockClass;

    private sealed class ForgetfulB : LockClass;

    private sealed class LoggedA : LockClass;

    private sealed class LoggedB : LockClass;

    private sealed class SteadyA : LockClass;
}
