using SmallRtnl.Tests.Dispatch;

namespace SmallRtnl.Tests.Lockdeps;

/// <summary>The order among classes and among instances. The graph is the process's own, so each test has classes of its own.</summary>
[Collection(nameof(LockdepAlone))]
public sealed class LockdepOrderTests
{
    [Fact]
    public void The_tests_run_with_lockdep_on() => Assert.True(Lockdep.IsEnabled);

    [Fact]
    public void The_reverse_of_an_order_seen_before_is_reported_though_nothing_hung()
    {
        var a = new ReverseA();
        var b = new ReverseB();
        using var context = RtnlContext.Create();
        TakeInOrder(context, a, b);
        LockdepReport report = TakeAgainst(context, b, a);

        Assert.Equal(LockdepReportKind.Circular, report.Kind);
        string[] lines = report.Text.Split(Environment.NewLine);
        Assert.Equal("WARNING: possible circular locking dependency detected", lines[1]);
        AssertInOrder(
            report.Text,
            "is trying to acquire lock:",
            $"  (ReverseA), at: {nameof(TakeAgainst)}() in ",
            "but task is already holding lock:",
            $"  (ReverseB), at: {nameof(TakeAgainst)}() in ",
            "which lock already depends on the new lock.",
            "the existing dependency chain (in reverse order) is:",
            $"-> #1 (ReverseB), at: {nameof(TakeInOrder)}() in ",
            $"holding (ReverseA), at: {nameof(TakeInOrder)}() in ",
            "-> #0 (ReverseA)",
            " Possible unsafe locking scenario:",
            "       CPU0                    CPU1",
            "  lock(ReverseB);",
            "                               lock(ReverseA);",
            "                               lock(ReverseB);",
            "  lock(ReverseA);",
            " *** DEADLOCK ***",
            "1 lock held by owner #",
            "stack backtrace:");
        Assert.Equal(["ReverseA", "ReverseB"], report.Sites.Take(2).Select(site => site.Lock));
        Assert.All(report.Sites, site => Assert.EndsWith("LockdepOrderTests.cs", site.File, StringComparison.Ordinal));
        Assert.All(report.Sites, site => Assert.NotEqual(0, site.Line));
        // Nothing stays taken.
        TakeInOrder(context, a, b);
    }

    [Fact]
    public void An_order_reversed_by_way_of_others_is_reported_with_the_whole_chain()
    {
        var a = new IndirectA();
        var b = new IndirectB();
        var c = new IndirectC();
        using var context = RtnlContext.Create();
        using var other = RtnlContext.Create();
        TakeInOrder(context, a, b);
        TakeInOrder(other, b, c);
        LockdepReport report = TakeAgainst(context, c, a);

        Assert.Equal(LockdepReportKind.Circular, report.Kind);
        AssertInOrder(report.Text, "-> #2 (IndirectC)", "-> #1 (IndirectB)", "-> #0 (IndirectA)", "Chain exists of:", "  IndirectA --> IndirectB --> IndirectC");
        AssertInOrder(report.Text, "  lock(IndirectC);", "lock(IndirectB);", "lock(IndirectC);", "  lock(IndirectA);");
    }

    [Fact]
    public void A_report_is_made_once()
    {
        var a = new OnceA();
        var b = new OnceB();
        using var context = RtnlContext.Create();
        TakeInOrder(context, a, b);
        using var reports = new ReportsOf("Once");
        TakeAgainst(context, b, a);
        TakeInOrder(context, b, a);
        TakeInOrder(context, b, a);
        Assert.Single(reports.All);
    }

    [Fact]
    public void Classes_of_users_nest_in_one_order_as_often_as_they_like()
    {
        var a = new NestedA();
        var b = new NestedB();
        var c = new NestedC();
        using var reports = new ReportsOf("Nested");
        for (int i = 0; i < 3; i++)
        {
            using var context = RtnlContext.Create();
            using (a.Lock(context))
            using (b.Lock(context))
            using (c.Lock(context))
                RtnlAssert.Held(b, context);
            TakeInOrder(context, a, c);
            TakeInOrder(context, b, c);
        }
        Assert.Empty(reports.All);
    }

    [Fact]
    public void A_class_never_seen_before_is_learned_under_whatever_is_held()
    {
        using var host = new TestHost();
        using var context = RtnlContext.Create();
        using (host.Create("a").Lock(context))
        using (new UnknownA().Lock(context))
            Assert.True(context.IsLocked);
        using (host.Gate.Lock(context))
        using (new UnknownA().Lock(context))
            Assert.True(context.IsLocked);
    }

    [Fact]
    public void Locks_released_out_of_order_leave_what_stays_held_in_its_place()
    {
        var a = new UnorderedReleaseA();
        var b = new UnorderedReleaseB();
        var c = new UnorderedReleaseC();
        using var context = RtnlContext.Create();
        LockClassLease first = a.Lock(context);
        Assert.True(b.TryLock(context, out LockClassLease second));
        first.Dispose();
        LockClassLease third = c.Lock(context);
        second.Dispose();
        third.Dispose();
        // a was gone when c came, so c before a is no contradiction; b was there.
        TakeInOrder(context, c, a);
        Assert.Equal(LockdepReportKind.Circular, TakeAgainst(context, c, b).Kind);
    }

    [Fact]
    public void The_same_lock_twice_is_reported_every_time()
    {
        var a = new TwiceA();
        using var context = RtnlContext.Create();
        for (int i = 0; i < 2; i++)
        {
            LockdepReport report = TakeAgainst(context, a, a);
            Assert.Equal(LockdepReportKind.SelfDeadlock, report.Kind);
            AssertInOrder(report.Text, "WARNING: possible recursive locking detected", "is trying to acquire lock:", "already holding lock:", "the task would wait for itself", "lock(TwiceA);", "lock(TwiceA);");
        }
        using (a.Lock(context))
            Assert.True(a.IsHeldBy(context));
    }

    [Fact]
    public void Two_locks_of_a_class_without_an_order_are_reported()
    {
        using var context = RtnlContext.Create();
        LockdepReport report = TakeAgainst(context, new PairA("one"), new PairA("two"));
        Assert.Equal(LockdepReportKind.Recursion, report.Kind);
        AssertInOrder(report.Text, "(PairA) two", "(PairA) one", "comparison function returns 0");
    }

    [Fact]
    public void Locks_of_an_ordered_class_are_accepted_ascending_and_reported_descending()
    {
        var low = new Ranked(1);
        var high = new Ranked(2);
        using var context = RtnlContext.Create();
        TakeInOrder(context, low, high);
        LockdepReport report = TakeAgainst(context, high, low);
        Assert.Equal(LockdepReportKind.InstanceOrder, report.Kind);
        AssertInOrder(report.Text, "(Ranked) 1", "(Ranked) 2", "the new lock comes first", "lock(Ranked 2);", "lock(Ranked 1);");
    }

    [Fact]
    public void An_attempt_cannot_deadlock_but_orders_what_follows_it()
    {
        var a = new AttemptA();
        var b = new AttemptB();
        using var context = RtnlContext.Create();
        TakeInOrder(context, a, b);
        using (b.Lock(context))
        {
            Assert.True(a.TryLock(context, out LockClassLease lease));
            lease.Dispose();
        }
        var c = new AttemptC();
        Assert.True(c.TryLock(context, out LockClassLease tried));
        using (a.Lock(context))
            tried.Dispose();
        Assert.Equal(LockdepReportKind.Circular, TakeAgainst(context, a, c).Kind);
    }

    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public void Every_mode_has_an_order_of_its_own_and_the_engine_keeps_it(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Net a = host.Create("a"), b = host.Create("b");
        using var reports = new ReportsOf("net");
        using var context = RtnlContext.Create();
        using (NetLockSet.Of(b, host.Registry.Initial, a).Lock(context))
            Assert.True(context.Holds(a));
        using (host.Gate.Lock(context))
            Assert.True(context.Holds(a));
        Assert.True(a.TryLock(context, out RtnlLease lease));
        lease.Dispose();
        Assert.Empty(reports.All);
    }

    [Fact]
    public void A_users_lock_is_ordered_towards_the_namespaces_own()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var a = new UnderNetA();
        using var context = RtnlContext.Create();
        using (net.Lock(context))
        using (a.Lock(context))
            Assert.True(a.IsHeldBy(context));
        var failure = Assert.Throws<LockdepException>(() =>
        {
            using LockClassLease held = a.Lock(context);
            using RtnlLease wrong = net.Lock(context);
        });
        Assert.Equal(LockdepReportKind.Circular, failure.Report!.Kind);
        AssertInOrder(failure.Report.Text, "(net) a, at:", "(UnderNetA), at:", "-> #1 (UnderNetA)");
        // The free path had the locks already, and gave them back.
        using (host.Gate.Lock(context))
            Assert.False(context.HeldWord == HeldLock.PerNet);
    }

    [Fact]
    public void A_second_owner_on_the_same_thread_is_the_same_flow_of_control()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var outer = RtnlContext.Create();
        using var inner = RtnlContext.Create();
        using (b.Lock(outer))
        {
            RtnlContext? note = outer.Note();
            try
            {
                // Without the report this thread would wait for itself.
                var self = Assert.Throws<LockdepException>(() => { using RtnlLease again = b.Lock(inner); });
                Assert.Equal(LockdepReportKind.SelfDeadlock, self.Report!.Kind);
                Assert.Contains($"locks held by {outer.HeldLocks}", self.Report.Text, StringComparison.Ordinal);
                var wrong = Assert.Throws<LockdepException>(() => { using RtnlLease before = a.Lock(inner); });
                Assert.Equal(LockdepReportKind.InstanceOrder, wrong.Report!.Kind);
                Assert.Equal(HeldLock.None, inner.HeldWord);
            }
            finally
            {
                RtnlContext.RestoreNote(note);
            }
        }
        a.Lock(inner).Dispose();
    }

    [Fact]
    public void A_declared_order_is_known_before_it_is_seen()
    {
        using var context = RtnlContext.Create();
        LockdepReport report = TakeAgainst(context, new DeclaredSecond(), new DeclaredFirst());
        Assert.Equal(LockdepReportKind.Circular, report.Kind);
        AssertInOrder(report.Text, "-> #1 (DeclaredSecond), at: LockOrderAttribute", "-> #0 (DeclaredFirst)");

        using var host = new TestHost();
        Net net = host.Create("a");
        var failure = Assert.Throws<LockdepException>(() =>
        {
            using RtnlLease held = net.Lock(context);
            using LockClassLease wrong = new BeforeNets().Lock(context);
        });
        Assert.Equal(LockdepReportKind.Circular, failure.Report!.Kind);
    }

    [Fact]
    public async Task Asynchronous_acquisitions_are_checked_as_well()
    {
        var a = new AsyncA();
        var b = new AsyncB();
        using var context = RtnlContext.Create();
        using (await a.LockAsync(context, TestContext.Current.CancellationToken))
        {
            await Task.Yield();
            using AsyncLockClassLease second = await b.LockAsync(context, TestContext.Current.CancellationToken);
        }
        using AsyncLockClassLease held = await b.LockAsync(context, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<LockdepException>(async () => await a.LockAsync(context));
        Assert.Contains($"(AsyncB), at: {nameof(Asynchronous_acquisitions_are_checked_as_well)}() in ", failure.Report!.Text, StringComparison.Ordinal);
    }

    private static void TakeInOrder(RtnlContext context, LockClass first, LockClass second)
    {
        using LockClassLease held = first.Lock(context);
        using LockClassLease taken = second.Lock(context);
    }

    private static LockdepReport TakeAgainst(RtnlContext context, LockClass first, LockClass second) =>
        Assert.Throws<LockdepException>(() =>
        {
            using LockClassLease held = first.Lock(context);
            using LockClassLease taken = second.Lock(context);
        }).Report!;

    private static void AssertInOrder(string text, params string[] parts)
    {
        int at = 0;
        foreach (string part in parts)
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' is missing, or out of order, in{Environment.NewLine}{text}");
            at = found + part.Length;
        }
    }

    private sealed class ReverseA : LockClass;

    private sealed class ReverseB : LockClass;

    private sealed class IndirectA : LockClass;

    private sealed class IndirectB : LockClass;

    private sealed class IndirectC : LockClass;

    private sealed class OnceA : LockClass;

    private sealed class OnceB : LockClass;

    private sealed class NestedA : LockClass;

    private sealed class NestedB : LockClass;

    private sealed class NestedC : LockClass;

    private sealed class UnknownA : LockClass;

    private sealed class UnorderedReleaseA : LockClass;

    private sealed class UnorderedReleaseB : LockClass;

    private sealed class UnorderedReleaseC : LockClass;

    private sealed class TwiceA : LockClass;

    private sealed class PairA(string label) : LockClass(label);

    private sealed class Ranked(int rank) : LockClass($"{rank}")
    {
        private readonly int _rank = rank;

        protected internal override int CompareOrder(LockClass other) => _rank.CompareTo(((Ranked)other)._rank);
    }

    private sealed class AttemptA : LockClass;

    private sealed class AttemptB : LockClass;

    private sealed class AttemptC : LockClass;

    private sealed class UnderNetA : LockClass;

    [LockOrder(Before = typeof(DeclaredSecond))]
    private sealed class DeclaredFirst : LockClass;

    private sealed class DeclaredSecond : LockClass;

    [LockOrder(Before = RtnlLock.PerNet)]
    private sealed class BeforeNets : LockClass;

    private sealed class AsyncA : LockClass;

    private sealed class AsyncB : LockClass;
}
