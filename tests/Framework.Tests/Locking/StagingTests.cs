namespace SmallRtnl.Tests.Locking;

public sealed class StagingTests
{
    [Fact]
    public void What_is_staged_is_seen_by_its_owner_only_until_it_is_committed()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        using (net.Lock(context))
        {
            context.Stage(net, new Counter(1));
            Assert.Equal(1, context.Read<Counter>(net).Value);
            Assert.Equal(0, net.Snapshot.Get<Counter>().Value);
            ulong before = net.Snapshot.Generation;
            context.Commit();
            Assert.Equal(1, net.Snapshot.Get<Counter>().Value);
            Assert.Equal(before + 1, net.Snapshot.Generation);
        }
    }

    [Fact]
    public void What_is_rolled_back_has_never_happened()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        NetSnapshot before = net.Snapshot;
        using var context = RtnlContext.Create();
        bool deferred = false;
        using (net.Lock(context))
        {
            context.Stage(net, new Counter(1));
            context.Defer(() => deferred = true);
            context.Rollback();
            Assert.Equal(0, context.Read<Counter>(net).Value);
        }
        context.RunAfter();
        Assert.Same(before, net.Snapshot);
        Assert.False(deferred);
    }

    [Fact]
    public void A_snapshot_does_not_change_while_a_writer_does()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        NetSnapshot snapshot = net.Snapshot;
        using var context = RtnlContext.Create();
        using (net.Lock(context))
        {
            context.Stage(net, new Counter(7));
            context.Commit();
        }
        Assert.Equal(0, snapshot.Get<Counter>().Value);
        Assert.Equal(7, net.Snapshot.Get<Counter>().Value);
    }

    [Fact]
    public void Staging_without_the_lock_is_refused()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var context = RtnlContext.Create();
        Assert.Throws<RtnlAssertionException>(() => context.Stage(a, new Counter(1)));
        using (a.Lock(context))
            Assert.Throws<RtnlAssertionException>(() => context.Stage(b, new Counter(1)));
    }

    [Fact]
    public async Task Posted_work_runs_under_its_own_namespaces_lock_and_is_published()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var context = RtnlContext.Create();
        using (a.Lock(context))
        {
            context.Post(b, posted =>
            {
                RtnlAssert.NetHeld(b);
                posted.Stage(b, new Counter(posted.Read<Counter>(b).Value + 1));
            });
            context.Commit();
        }
        Assert.Equal(0, b.Snapshot.Get<Counter>().Value);
        context.RunAfter();
        await b.FlushAsync();
        Assert.Equal(1, b.Snapshot.Get<Counter>().Value);
    }

    [Fact]
    public async Task A_deferred_action_that_throws_keeps_nothing_else_from_running_and_leaves_nothing_for_the_next_request()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var context = RtnlContext.Create();
        int posted = 0, deferred = 0;
        using (a.Lock(context))
        {
            context.Post(b, _ => posted++);
            context.Defer(() => throw new InvalidOperationException("first"));
            context.Defer(() => deferred++);
            context.Commit();
        }
        Assert.Equal("first", Assert.Throws<InvalidOperationException>(context.RunAfter).Message);
        using (a.Lock(context))
            context.Commit();
        context.RunAfter();
        await b.FlushAsync();
        Assert.Equal((1, 1), (posted, deferred));
    }

    [Fact]
    public void An_empty_set_is_refused_and_leaves_its_owner_as_it_was()
    {
        using var host = new TestHost();
        using var context = RtnlContext.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => { default(NetLockSet).TryLock(context, out _); });
        using (host.Registry.Initial.Lock(context))
            Assert.True(context.IsLocked);
    }

    [Fact]
    public void A_flush_with_a_lock_held_is_refused()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        using (net.Lock(context))
        {
            RtnlContext? note = context.Note();
            Assert.Throws<RtnlAssertionException>(() => { _ = net.FlushAsync(); });
            RtnlContext.RestoreNote(note);
        }
    }
}
