using SmallRtnl.Tests.Dispatch;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Lockdeps;

/// <summary>What is held where nothing may be: past the owner, in a snapshot, across a wait.</summary>
[Collection(nameof(LockdepAlone))]
public sealed class LockdepLeakTests
{
    [Fact]
    public async Task A_lock_held_when_its_owner_is_disposed_is_reported_and_released()
    {
        var a = new ForgottenA();
        var context = RtnlContext.Create();
        AsyncLockClassLease lease = await a.LockAsync(context, TestContext.Current.CancellationToken);
        var failure = Assert.Throws<LockdepException>(context.Dispose);
        Assert.Equal(LockdepReportKind.Leak, failure.Report!.Kind);
        Assert.Contains("still has locks held!", failure.Report.Text, StringComparison.Ordinal);
        Assert.Contains($"#0:  (ForgottenA), at: {nameof(A_lock_held_when_its_owner_is_disposed_is_reported_and_released)}() in ", failure.Report.Text, StringComparison.Ordinal);
        using var next = RtnlContext.Create();
        using (a.Lock(next))
            Assert.Throws<InvalidOperationException>(lease.Dispose);
    }

    [Fact]
    public async Task A_word_held_when_its_owner_is_disposed_is_refused_with_the_report_behind_it()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var context = RtnlContext.Create();
        _ = await net.LockAsync(context, TestContext.Current.CancellationToken);
        var failure = Assert.Throws<RtnlAssertionException>(context.Dispose);
        var report = Assert.IsType<LockdepException>(failure.InnerException).Report!;
        Assert.Equal(LockdepReportKind.Leak, report.Kind);
        Assert.Contains("(net) a", report.Text, StringComparison.Ordinal);
        Assert.Contains("(RTNL) shared", report.Text, StringComparison.Ordinal);
        using var next = RtnlContext.Create();
        Assert.True(host.Gate.TryLock(next, out RtnlLease lease));
        lease.Dispose();
    }

    [Fact]
    public async Task A_lock_that_a_handler_leaves_behind_is_reported_when_the_thunk_unlocks()
    {
        using var host = new TestHost();
        var a = new LeftBehindA();
        var request = RequestOn(host, RTM_NEWTHING);
        await request.LockNetAsync();
        _ = await a.LockAsync(request, TestContext.Current.CancellationToken);
        var failure = Assert.Throws<LockdepException>(request.Unlock);
        Assert.Equal(LockdepReportKind.Leak, failure.Report!.Kind);
        Assert.Contains($"(request {RTM_NEWTHING})", failure.Report.Text, StringComparison.Ordinal);
        // The namespace is free again, and so is the lock.
        using var next = RtnlContext.Create();
        using (host.Registry.Initial.Lock(next))
        using (a.Lock(next))
            Assert.True(a.IsHeldBy(next));
    }

    [Fact]
    public void A_reader_waits_for_no_lock_and_an_unlocked_writer_only_for_users_own()
    {
        using var host = new TestHost();
        var a = new InSnapshotA();
        using var reader = RtnlContext.Create();
        reader.PinSnapshot(host.Registry.Initial);
        var failure = Assert.Throws<LockdepException>(() => { using LockClassLease lease = a.Lock(reader); });
        Assert.Equal(LockdepReportKind.LockInSnapshot, failure.Report!.Kind);
        Assert.Contains("lock waited for inside a snapshot section", failure.Report.Text, StringComparison.Ordinal);
        Assert.Contains($"(InSnapshotA), at: {nameof(A_reader_waits_for_no_lock_and_an_unlocked_writer_only_for_users_own)}() in ", failure.Report.Text, StringComparison.Ordinal);

        var refused = Assert.Throws<RtnlAssertionException>(() => { using RtnlLease lease = host.Registry.Initial.Lock(reader); });
        Assert.Equal(LockdepReportKind.LockInSnapshot, Assert.IsType<LockdepException>(refused.InnerException).Report!.Kind);
        reader.UnpinSnapshot();

        RequestContext get = RequestOn(host, RTM_GETTHING), set = RequestOn(host, RTM_NEWTHING);
        get.BeginSnapshot();
        Assert.Throws<LockdepException>(() => { using LockClassLease lease = a.Lock(get); });
        get.Unlock();
        set.BeginSnapshot();
        using (a.Lock(set))
            Assert.True(a.IsHeldBy(set));
        set.Unlock();
    }

    [Fact]
    public void A_second_word_is_refused_with_the_report_behind_it()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var context = RtnlContext.Create();
        using (b.Lock(context))
        {
            Assert.Equal(LockdepReportKind.SelfDeadlock, Refused(() => { using RtnlLease again = b.Lock(context); }).Kind);
            Assert.Equal(LockdepReportKind.InstanceOrder, Refused(() => { using RtnlLease lower = a.Lock(context); }).Kind);
            Assert.Equal(LockdepReportKind.SelfDeadlock, Refused(() => { using RtnlLease whole = host.Gate.Lock(context); }).Kind);
        }
        using (host.Gate.Lock(context))
        {
            LockdepReport report = Refused(() => { using RtnlLease inside = a.Lock(context); });
            Assert.Equal(LockdepReportKind.Circular, report.Kind);
            Assert.Contains("-> #1 (RTNL), at: by design", report.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_flush_with_a_lock_held_that_posted_work_takes_is_reported()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var a = new FlushedA();
        net.Post(posted => { using LockClassLease lease = a.Lock(posted); });
        await net.FlushAsync();
        using var context = RtnlContext.Create();
        LockdepReport report = Noted(context, () =>
        {
            using LockClassLease lease = a.Lock(context);
            return Assert.Throws<LockdepException>(() => { _ = net.FlushAsync(); }).Report!;
        });
        Assert.Equal(LockdepReportKind.WaitForOwnWork, report.Kind);
        Assert.Contains("is trying to wait for:", report.Text, StringComparison.Ordinal);
        Assert.Contains("  (post queue flush), at: ", report.Text, StringComparison.Ordinal);
        Assert.Contains("                               work of(post queue flush);", report.Text, StringComparison.Ordinal);
        Assert.Contains("  wait for(post queue flush);", report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flush_under_a_word_is_refused_with_the_report_behind_it()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        using RtnlLease lease = net.Lock(context);
        RtnlContext? note = context.Note();
        LockdepReport report = Refused(() => { _ = net.FlushAsync(); });
        RtnlContext.RestoreNote(note);
        Assert.Equal(LockdepReportKind.WaitForOwnWork, report.Kind);
    }

    [Fact]
    public void A_wait_of_users_own_is_a_node_of_the_graph()
    {
        var wait = new LockdepWait("worker's end");
        var a = new JoinedA();
        using var worker = RtnlContext.Create();
        using (wait.BeginWork(worker))
        using (a.Lock(worker))
            Assert.True(a.IsHeldBy(worker));
        using var context = RtnlContext.Create();
        wait.Waiting(context);
        using (a.Lock(context))
            Assert.Equal(LockdepReportKind.WaitForOwnWork, Assert.Throws<LockdepException>(() => wait.Waiting(context)).Report!.Kind);
    }

    [Fact]
    public async Task A_cancelled_wait_is_not_held()
    {
        var a = new CancelledA();
        using var holder = RtnlContext.Create();
        using var cancelled = RtnlContext.Create();
        using var cancellation = new CancellationTokenSource();
        AsyncLockClassLease held = await a.LockAsync(holder, TestContext.Current.CancellationToken);
        ValueTask<AsyncLockClassLease> waiting = a.LockAsync(cancelled, cancellation.Token);
        Assert.Equal(1, cancelled.HeldLocks!.Count);
        Assert.Throws<RtnlAssertionException>(() => { using LockClassLease second = new CancelledA().Lock(cancelled); });
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.Equal(0, cancelled.HeldLocks.Count);
        held.Dispose();
        Assert.True(a.TryLock(cancelled, out LockClassLease lease));
        lease.Dispose();
    }

    private static LockdepReport Refused(Action action) =>
        Assert.IsType<LockdepException>(Assert.Throws<RtnlAssertionException>(action).InnerException).Report!;

    private static T Noted<T>(RtnlContext context, Func<T> action)
    {
        RtnlContext? note = context.Note();
        try
        {
            return action();
        }
        finally
        {
            RtnlContext.RestoreNote(note);
        }
    }

    private static RequestContext RequestOn(TestHost host, RtmType type)
    {
        var request = new RequestContext();
        request.Begin(socket: null, host.Registry.Initial, new NetlinkHeader { Type = (ushort)type }, ProtocolFamily.PF_UNSPEC, new byte[NetlinkHeader.Size + 1]);
        return request;
    }

    private sealed class ForgottenA : LockClass;

    private sealed class LeftBehindA : LockClass;

    private sealed class InSnapshotA : LockClass;

    private sealed class FlushedA : LockClass;

    private sealed class JoinedA : LockClass;

    private sealed class CancelledA : LockClass;
}
