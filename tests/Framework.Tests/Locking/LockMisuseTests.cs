using System.Diagnostics.Metrics;

namespace SmallRtnl.Tests.Locking;

/// <summary>What callers and listeners do wrong costs nobody else a lock.</summary>
public sealed class LockMisuseTests
{
    [Fact]
    public async Task A_listener_that_throws_loses_no_lock_and_reaches_nobody()
    {
        using var host = new TestHost();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == RtnlStatistics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("a listener's mistake"));
        listener.Start();
        Net a = host.Create("a"), b = host.Create("b");
        using var holder = RtnlContext.Create();
        using var waiter = RtnlContext.Create();
        AsyncRtnlLease held = await NetLockSet.Of(a, b).LockAsync(holder);
        ValueTask<AsyncRtnlLease> waiting = b.LockAsync(waiter);
        held.Dispose();
        (await waiting).Dispose();
        using RtnlLease whole = Free(host.Gate, holder);
    }

    [Fact]
    public void A_copy_of_a_lease_of_a_users_lock_releases_nobody_elses()
    {
        var own = new OwnLock();
        using var first = RtnlContext.Create();
        using var second = RtnlContext.Create();
        LockClassLease lease = own.Lock(first);
        LockClassLease copy = lease;
        lease.Dispose();
        LockClassLease other = own.Lock(second);
        bool isRefused = false;
        try
        {
            copy.Dispose();
        }
        catch (InvalidOperationException)
        {
            isRefused = true;
        }
        Assert.True(isRefused);
        Assert.True(own.IsHeldBy(second));
        other.Dispose();
    }

    [Fact]
    public async Task An_owner_that_waits_cannot_end()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        var waiter = RtnlContext.Create();
        AsyncRtnlLease held = await net.LockAsync(holder);
        ValueTask<AsyncRtnlLease> waiting = net.LockAsync(waiter);
        Assert.Contains("while it waits for a lock", Assert.Throws<RtnlAssertionException>(waiter.Dispose).Message, StringComparison.Ordinal);
        held.Dispose();
        (await waiting).Dispose();
        waiter.Dispose();
    }

    [Fact]
    public void A_blocked_thread_that_is_interrupted_gets_the_lock_first()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        RtnlLease held = net.Lock(holder);
        bool hadLock = false, wasInterrupted = false;
        var thread = new Thread(() =>
        {
            using var context = RtnlContext.Create();
            using (net.Lock(context))
                hadLock = true;
            try
            {
                Thread.Sleep(1000);
            }
            catch (ThreadInterruptedException)
            {
                wasInterrupted = true;
            }
        });
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => thread.ThreadState == ThreadState.WaitSleepJoin, Patience.Standard), "The thread does not wait for the lock.");
        thread.Interrupt();
        Thread.Sleep(20);
        Assert.False(hadLock);
        held.Dispose();
        thread.JoinWithin("the interrupted thread to end");
        Assert.True(hadLock);
        Assert.True(wasInterrupted);
    }

    [Fact]
    public async Task An_acquisition_is_awaited_once()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        using var waiter = RtnlContext.Create();
        AsyncRtnlLease held = await net.LockAsync(holder);
        ValueTask<AsyncRtnlLease> waiting = net.LockAsync(waiter);
        Task<AsyncRtnlLease> first = waiting.AsTask();
        Assert.Throws<InvalidOperationException>(() => waiting.GetAwaiter().UnsafeOnCompleted(static () => { }));
        held.Dispose();
        AsyncRtnlLease lease = await first;
        Assert.True(waiter.Holds(net));
        lease.Dispose();
        Assert.Throws<InvalidOperationException>(() => { _ = waiting.IsCompleted; });
    }

    [Fact]
    public void Namespaces_of_two_hosts_are_no_set()
    {
        using var host = new TestHost();
        using var other = new TestHost();
        Net a = host.Create("a"), b = other.Create("b");
        Assert.Throws<ArgumentException>(() => NetLockSet.Of(a, b));
    }

    [Fact]
    public async Task A_flush_by_a_named_owner_with_a_lease_that_crosses_awaits_is_refused()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        using (await net.LockAsync(context))
        {
            Assert.Throws<RtnlAssertionException>(() => { _ = net.FlushAsync(context); });
            Assert.Throws<RtnlAssertionException>(() => { _ = host.Registry.FlushTeardownsAsync(context); });
        }
        await net.FlushAsync(context);
    }

    [Fact]
    public void A_namespace_is_not_created_under_a_lock()
    {
        using var host = new TestHost();
        using var context = RtnlContext.Create();
        using (host.Gate.Lock(context))
            Assert.Throws<RtnlAssertionException>(() => host.Registry.TryCreate("a", out _));
        Assert.True(host.Registry.TryCreate("a", out _));
    }

    [Fact]
    public void Leases_that_end_out_of_order_leave_nobody_noted()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var p = RtnlContext.Create();
        using var q = RtnlContext.Create();
        RtnlLease first = a.Lock(p);
        Assert.True(b.TryLock(q, out RtnlLease second));
        first.Dispose();
        RtnlAssert.NetHeld(b);
        second.Dispose();
        Assert.Null(RtnlContext.Current);
    }

    [Fact]
    public void A_users_lock_is_found_without_naming_its_owner_as_long_as_it_is_held()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var own = new OwnLock();
        using var context = RtnlContext.Create();
        using (own.Lock(context))
            RtnlAssert.Held(own);
        Assert.Throws<RtnlAssertionException>(() => RtnlAssert.Held(own));
        using (net.Lock(context))
        {
            using (own.Lock(context))
                RtnlAssert.NetHeld(net);
            RtnlAssert.NetHeld(net);
        }
    }

    [Fact]
    public async Task Rcu_takes_an_owner_by_name_where_none_is_noted()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var rcu = new Rcu<string>("before");
        using var context = RtnlContext.Create();
        using (await net.LockAsync(context))
        {
            Assert.Equal("before", rcu.Replace(net, "after", context));
            Assert.Equal("after", rcu.Dereference(net, context));
            using (net.ReadSnapshot(context))
                Assert.Equal("after", rcu.Read(net));
            Assert.Equal("after", rcu.Read(net, context));
        }
        Assert.Throws<RtnlAssertionException>(() => rcu.Replace(net, "late", context));
    }

    [Fact]
    public void A_device_is_locked_where_it_is_or_not_at_all()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        var device = new Device { Net = a };
        using var context = RtnlContext.Create();
        using var holder = RtnlContext.Create();
        Assert.True(host.Gate.TryLockNetOf(device, context, out RtnlLease lease));
        Assert.True(context.Holds(a));
        lease.Dispose();
        device.Net = b;
        using (b.Lock(holder))
            Assert.False(host.Gate.TryLockNetOf(device, context, out _));
        Assert.Throws<ArgumentNullException>(() => host.Gate.LockNetOf(null!, context));
        device.Fails = true;
        Assert.Throws<InvalidOperationException>(() => host.Gate.LockNetOf(device, context));
        using RtnlLease whole = Free(host.Gate, context);
    }

    [Fact]
    public void Namespaces_that_join_are_no_acquisitions()
    {
        using var host = new TestHost();
        var statistics = (RtnlStatistics)host.Services.GetService(typeof(RtnlStatistics))!;
        long before = statistics.Net.Acquisitions;
        for (int i = 0; i < 10; i++)
            host.Create($"n{i}");
        Assert.Equal(before, statistics.Net.Acquisitions);
    }

    private static RtnlLease Free(RtnlGate gate, RtnlContext context)
    {
        Assert.True(gate.TryLock(context, out RtnlLease whole));
        return whole;
    }

    private sealed class OwnLock : LockClass;

    private sealed class Device : INetObject
    {
        private Net _net = null!;
        private int _reads;

        public bool Fails { get; set; }

        public Net Net
        {
            // The second look fails.
            get => Fails && ++_reads > 1 ? throw new InvalidOperationException("gone") : _net;
            set => _net = value;
        }
    }
}
