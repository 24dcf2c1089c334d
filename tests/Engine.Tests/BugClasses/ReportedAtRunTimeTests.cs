namespace SmallRtnl.Engine.Tests.BugClasses;

/// <summary>The classes of bug that are reported when they happen; numbers are those of docs/bug-classes.md.</summary>
public sealed class ReportedAtRunTimeTests
{
    private readonly NetRegistry _registry = new(new RtnlGate(RtnlMode.PerNet, maxExclusiveBatch: 64), []);
    private readonly Net _a;
    private readonly Net _b;

    public ReportedAtRunTimeTests()
    {
        Assert.True(_registry.TryCreate("a", out _a));
        Assert.True(_registry.TryCreate("b", out _b));
    }

    [Fact]
    public void Class_1_a_callee_that_ends_its_callers_owner_is_reported()
    {
        RtnlContext context = RtnlContext.Create();
        _ = _a.Lock(context);
        Assert.Contains("with a lock held", Assert.Throws<RtnlAssertionException>(context.Dispose).Message, StringComparison.Ordinal);
        AssertFree();
    }

    [Fact]
    public void Class_1_a_copy_of_a_lease_cannot_release_what_is_held_later()
    {
        using var context = RtnlContext.Create();
        RtnlLease first = _a.Lock(context);
        RtnlLease copy = first;
        first.Dispose();
        RtnlLease second = _b.Lock(context);
        bool refused = false;
        try
        {
            copy.Dispose();
        }
        catch (InvalidOperationException)
        {
            refused = true;
        }
        Assert.True(refused);
        Assert.True(context.Holds(_b));
        second.Dispose();
        AssertFree();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Class_1_a_callee_that_drops_its_callers_lock_by_a_copy_is_reported(bool retakes)
    {
        var context = RtnlContext.Create();
        Assert.Throws<InvalidOperationException>(() =>
        {
            using RtnlLease lease = _a.Lock(context);
            Callee(lease);
        });
        if (retakes)
            Assert.Throws<RtnlAssertionException>(context.Dispose);
        else
            context.Dispose();
        AssertFree();

        void Callee(RtnlLease callers)
        {
            callers.Dispose();
            if (retakes)
                _ = _a.Lock(context);
        }
    }

    [Fact]
    public async Task Class_27_a_copy_of_an_asynchronous_lease_cannot_release_what_is_held_later()
    {
        using var context = RtnlContext.Create();
        AsyncRtnlLease first = await _a.LockAsync(context);
        first.Dispose();
        AsyncRtnlLease second = await _b.LockAsync(context);
        Assert.Throws<InvalidOperationException>(first.Dispose);
        Assert.True(context.Holds(_b));
        second.Dispose();
        AssertFree();
    }

    [Fact]
    public void Class_12_a_lock_inside_a_snapshot_section_is_refused()
    {
        using var context = RtnlContext.Create();
        context.PinSnapshot(_a);
        Assert.Contains("reads a snapshot", Assert.Throws<RtnlAssertionException>(() => { using RtnlLease lease = _a.Lock(context); }).Message, StringComparison.Ordinal);
        Assert.Throws<RtnlAssertionException>(() => { using RtnlLease lease = _registry.Gate.Lock(context); });
        Assert.Throws<RtnlAssertionException>(() => NetLockSet.Of(_a, _b).TryLock(context, out _));
        context.UnpinSnapshot();
        AssertFree();
    }

    [Fact]
    public void Class_13_waiting_for_work_that_needs_the_lock_one_holds_is_refused()
    {
        using var context = RtnlContext.Create();
        using (_a.Lock(context))
        {
            RtnlContext? note = context.Note();
            Assert.Throws<RtnlAssertionException>(() => { _ = _a.FlushAsync(); });
            Assert.Throws<RtnlAssertionException>(() => { _ = _b.FlushAsync(); });
            Assert.Throws<RtnlAssertionException>(() => { _ = _registry.FlushTeardownsAsync(); });
            RtnlContext.RestoreNote(note);
        }
        Assert.True(_registry.FlushTeardownsAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Class_14_an_owner_that_waits_already_cannot_wait_for_a_second_lock()
    {
        using var holder = RtnlContext.Create();
        using var context = RtnlContext.Create();
        AsyncRtnlLease held = await _a.LockAsync(holder);
        ValueTask<AsyncRtnlLease> waiting = _a.LockAsync(context);
        Assert.Contains("another acquisition is under way", Assert.Throws<RtnlAssertionException>(() => { _ = _b.LockAsync(context); }).Message, StringComparison.Ordinal);
        held.Dispose();
        (await waiting).Dispose();
        AssertFree();
    }

    [Fact]
    public void Class_14_a_users_own_lock_taken_twice_is_refused()
    {
        var own = new Own();
        using var context = RtnlContext.Create();
        using (own.Lock(context))
        {
            // By lockdep where it is on, by the engine where not.
            Exception? refusal = Record.Exception(() => { using LockClassLease again = own.Lock(context); });
            Assert.True(refusal is RtnlAssertionException or LockdepException, $"{refusal}");
            Assert.True(own.IsHeldBy(context));
        }
        Assert.False(own.IsHeldBy(context));
    }

    [Fact]
    public void Class_16_deferred_work_runs_with_nothing_held_and_may_take_the_same_lock()
    {
        using var context = RtnlContext.Create();
        bool ran = false;
        using (_a.Lock(context))
        {
            context.Defer(() =>
            {
                Assert.False(context.IsLocked);
                using RtnlLease again = _a.Lock(context);
                ran = true;
            });
            context.Commit();
        }
        Assert.False(ran);
        context.RunAfter();
        Assert.True(ran);
        AssertFree();
    }

    [Fact]
    public async Task Class_21_a_namespace_that_dies_under_its_holder_can_still_be_released()
    {
        using var context = RtnlContext.Create();
        AsyncRtnlLease held = await _a.LockAsync(context);
        Assert.True(_registry.TryDelete("a"));
        Task teardowns = _registry.FlushTeardownsAsync();
        Assert.True(_a.IsDead);
        Assert.False(teardowns.IsCompleted);
        held.Dispose();
        await teardowns;
        // Who comes late gets the lock of a namespace that it sees to be dead.
        using (await _a.LockAsync(context))
            Assert.True(_a.IsDead);
    }

    [Fact]
    public void Class_23_work_that_throws_leaves_nothing_held_and_nothing_published()
    {
        using var context = RtnlContext.Create();
        ulong before = _a.Snapshot.Generation;
        _ = _a.Lock(context);
        Assert.Throws<InvalidDataException>(() => context.RunPosted(_a, work =>
        {
            work.Stage(_a, NsidTable.Empty.With(1, _b));
            throw new InvalidDataException();
        }));
        Assert.Equal(before, _a.Snapshot.Generation);
        AssertFree();
    }

    [Fact]
    public void Class_9_a_namespace_outside_the_set_is_neither_staged_nor_asserted()
    {
        using var context = RtnlContext.Create();
        using (_a.Lock(context))
        {
            Assert.Throws<RtnlAssertionException>(() => context.Stage(_b, NsidTable.Empty));
            Assert.Throws<RtnlAssertionException>(() => RtnlAssert.NetHeld(_b, context));
        }
    }

    private void AssertFree()
    {
        using var context = RtnlContext.Create();
        Assert.True(_registry.Gate.TryLock(context, out RtnlLease whole));
        whole.Dispose();
        foreach (Net net in (Net[])[_a, _b])
        {
            Assert.True(net.TryLock(context, out RtnlLease lease));
            lease.Dispose();
        }
    }

    private sealed class Own : LockClass;
}
