namespace SmallRtnl.Tests.Locking;

public sealed class LockTimeoutTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(20);

    public static TheoryData<RtnlMode> Modes => [RtnlMode.PerNet, RtnlMode.Nested, RtnlMode.BigLock];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_wait_that_takes_too_long_ends_with_nothing_held(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Net a = host.Create("a"), b = host.Create("b");
        using var holder = RtnlContext.Create();
        using var late = RtnlContext.Create();
        AsyncRtnlLease held = await b.LockAsync(holder);
        Assert.Null(await b.TryLockAsync(late, s_short, TestContext.Current.CancellationToken));
        Assert.Null(await NetLockSet.Of(a, b).TryLockAsync(late, s_short, TestContext.Current.CancellationToken));
        Assert.Null(await host.Gate.TryLockAsync(late, s_short, TestContext.Current.CancellationToken));
        Assert.False(b.TryLock(late, s_short, out _));
        Assert.False(NetLockSet.Of(a, b).TryLock(late, s_short, out _));
        Assert.False(host.Gate.TryLock(late, s_short, out _));
        Assert.False(late.Holds(a));
        held.Dispose();
        // Neither the lock nor what was taken on the way to it is kept.
        Assert.True(host.Gate.TryLock(late, out RtnlLease whole));
        whole.Dispose();
        Assert.True(a.TryLock(late, out RtnlLease one));
        one.Dispose();
    }

    [Fact]
    public async Task A_lock_that_is_released_in_time_is_had()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        using var waiter = RtnlContext.Create();
        AsyncRtnlLease held = await net.LockAsync(holder);
        ValueTask<AsyncRtnlLease?> waiting = net.TryLockAsync(waiter, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        AsyncRtnlLease? lease = await waiting;
        Assert.True(waiter.Holds(net));
        lease!.Value.Dispose();
        Assert.True(net.TryLock(waiter, TimeSpan.Zero, out RtnlLease free));
        free.Dispose();
    }

    [Fact]
    public async Task A_cancelled_wait_is_no_time_out()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        using var waiter = RtnlContext.Create();
        using var cancellation = new CancellationTokenSource();
        using AsyncRtnlLease held = await net.LockAsync(holder, cancellation.Token);
        ValueTask<AsyncRtnlLease?> waiting = net.TryLockAsync(waiter, TimeSpan.FromMinutes(1), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.False(waiter.Holds(net));
    }

    [Fact]
    public void A_time_that_is_no_time_is_refused_before_anything_is_asked_for()
    {
        using var host = new TestHost();
        using var context = RtnlContext.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => host.Gate.TryLock(context, TimeSpan.FromSeconds(-2), out _));
        Assert.True(host.Gate.TryLock(context, out RtnlLease lease));
        lease.Dispose();
    }
}
