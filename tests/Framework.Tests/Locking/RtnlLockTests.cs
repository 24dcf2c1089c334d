namespace SmallRtnl.Tests.Locking;

public sealed class RtnlLockTests
{
    public static TheoryData<RtnlMode> Modes => [RtnlMode.PerNet, RtnlMode.Nested, RtnlMode.BigLock];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Rtnl_excludes_every_namespace(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Net net = host.Create("a");
        using var rtnl = RtnlContext.Create();
        using var perNet = RtnlContext.Create();
        using (host.Gate.Lock(rtnl))
            Assert.False(net.TryLock(perNet, out _));
        Assert.True(net.TryLock(perNet, out RtnlLease lease));
        Assert.False(host.Gate.TryLock(rtnl, out _));
        lease.Dispose();
        Assert.True(host.Gate.TryLock(rtnl, out RtnlLease whole));
        whole.Dispose();
    }

    [Fact]
    public void Two_namespaces_are_locked_at_once_in_mode_PerNet_and_one_after_another_in_the_others()
    {
        foreach (RtnlMode mode in Enum.GetValues<RtnlMode>())
        {
            using var host = new TestHost(mode);
            Net a = host.Create("a"), b = host.Create("b");
            using var one = RtnlContext.Create();
            using var other = RtnlContext.Create();
            using (a.Lock(one))
            {
                bool both = b.TryLock(other, out RtnlLease lease);
                Assert.Equal(mode == RtnlMode.PerNet, both);
                if (both)
                    lease.Dispose();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_namespace_excludes_itself(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Net net = host.Create("a");
        using var one = RtnlContext.Create();
        using var other = RtnlContext.Create();
        using (net.Lock(one))
            Assert.False(net.TryLock(other, out _));
        Assert.True(net.TryLock(other, out RtnlLease lease));
        lease.Dispose();
    }

    [Fact]
    public async Task Waiters_of_a_namespace_are_served_in_order()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        AsyncRtnlLease held = await net.LockAsync(holder);
        var order = new List<int>();
        var waiters = new List<Task>();
        for (int i = 0; i < 8; i++)
        {
            int number = i;
            var context = RtnlContext.Create();
            ValueTask<AsyncRtnlLease> waiting = net.LockAsync(context);
            Assert.False(waiting.IsCompleted);
            waiters.Add(Task.Run(async () =>
            {
                using AsyncRtnlLease lease = await waiting;
                order.Add(number);
            }));
        }
        held.Dispose();
        await Task.WhenAll(waiters);
        Assert.Equal(Enumerable.Range(0, 8), order);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_cancelled_waiter_leaves_the_queue_and_nothing_else_changes(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Net a = host.Create("a"), b = host.Create("b");
        using var holder = RtnlContext.Create();
        using var cancelled = RtnlContext.Create();
        using var patient = RtnlContext.Create();
        using var cancellation = new CancellationTokenSource();
        AsyncRtnlLease held = await b.LockAsync(holder);
        ValueTask<AsyncRtnlLease> first = NetLockSet.Of(b, a).LockAsync(cancelled, cancellation.Token);
        ValueTask<AsyncRtnlLease> second = b.LockAsync(patient);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
        held.Dispose();
        (await second).Dispose();
        // What the cancelled one had taken on its way is free again.
        (await NetLockSet.Of(a, b).LockAsync(cancelled)).Dispose();
        (await host.Gate.LockAsync(cancelled)).Dispose();
    }

    [Fact]
    public async Task An_exclusive_is_served_although_shared_entries_keep_coming()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var first = RtnlContext.Create();
        using var late = RtnlContext.Create();
        using var exclusive = RtnlContext.Create();
        AsyncRtnlLease held = await a.LockAsync(first);
        ValueTask<AsyncRtnlLease> whole = host.Gate.LockAsync(exclusive);
        ValueTask<AsyncRtnlLease> behind = b.LockAsync(late);
        Assert.False(whole.IsCompleted);
        Assert.False(behind.IsCompleted);
        held.Dispose();
        (await whole).Dispose();
        (await behind).Dispose();
    }

    [Fact]
    public async Task An_exclusive_phase_serves_those_queued_when_it_began_then_lets_the_shared_in()
    {
        using var host = new TestHost(maxExclusiveBatch: 2);
        Net a = host.Create("a"), b = host.Create("b");
        var contexts = Enumerable.Range(0, 6).Select(_ => RtnlContext.Create()).ToArray();
        var order = new List<string>();
        AsyncRtnlLease held = await a.LockAsync(contexts[0]);
        Task[] exclusives = [.. Enumerable.Range(1, 3).Select(i => Enter($"exclusive {i}", host.Gate.LockAsync(contexts[i])))];
        Task shared = Enter("shared", b.LockAsync(contexts[4]));
        held.Dispose();
        await Task.WhenAll([.. exclusives, shared]);
        Assert.Equal(["exclusive 1", "exclusive 2", "shared", "exclusive 3"], order);

        async Task Enter(string who, ValueTask<AsyncRtnlLease> locking)
        {
            using AsyncRtnlLease lease = await locking;
            lock (order)
                order.Add(who);
        }
    }

    [Fact]
    public void An_owner_that_asks_for_a_second_lock_is_refused()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var context = RtnlContext.Create();
        using (a.Lock(context))
        {
            Assert.Throws<RtnlAssertionException>(() => { using RtnlLease again = a.Lock(context); });
            Assert.Throws<RtnlAssertionException>(() => { using RtnlLease other = b.Lock(context); });
            Assert.Throws<RtnlAssertionException>(() => { using RtnlLease whole = host.Gate.Lock(context); });
        }
    }

    [Fact]
    public async Task An_asynchronous_lease_refuses_a_second_dispose()
    {
        using var host = new TestHost();
        using var context = RtnlContext.Create();
        AsyncRtnlLease lease = await host.Gate.LockAsync(context);
        lease.Dispose();
        Assert.Throws<InvalidOperationException>(lease.Dispose);
    }

    [Fact]
    public void A_set_is_sorted_without_duplicates_and_bounded()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b"), c = host.Create("c");
        NetLockSet set = NetLockSet.Of(c, host.Registry.Initial, a, c);
        Assert.Equal([host.Registry.Initial, a, c], [set[0], set[1], set[2]]);
        Assert.Throws<InvalidOperationException>(() => set.Add(b));
        set.Add(a);
        Assert.Equal(3, set.Count);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Mixed_words_exclude_each_other_under_load(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Net[] nets = [.. Enumerable.Range(0, 4).Select(i => host.Create($"n{i}"))];
        // Each word guards a pair that is unequal only while its holder works on it.
        var perNet = new (int Left, int Right)[nets.Length];
        (int Left, int Right) global = default;
        bool torn = false;
        Task[] workers = [.. Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            using var context = RtnlContext.Create();
            for (int i = 0; i < 400; i++)
            {
                int first = random.Next(nets.Length), second = random.Next(nets.Length);
                switch (random.Next(10))
                {
                    case 0:
                        using (await host.Gate.LockAsync(context))
                        {
                            torn |= global.Left != global.Right || perNet.Any(pair => pair.Left != pair.Right);
                            global.Left++;
                            await Task.Yield();
                            global.Right++;
                        }
                        break;
                    case < 4:
                        using (await NetLockSet.Of(nets[first], nets[second]).LockAsync(context))
                        {
                            torn |= global.Left != global.Right;
                            await Touch(first);
                            await Touch(second);
                        }
                        break;
                    default:
                        using (await nets[first].LockAsync(context))
                            await Touch(first);
                        break;
                }
            }

            async ValueTask Touch(int index)
            {
                torn |= perNet[index].Left != perNet[index].Right;
                perNet[index].Left++;
                if (random.Next(4) == 0)
                    await Task.Yield();
                perNet[index].Right++;
            }
        }))];
        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(torn);
    }

    [Fact]
    public async Task Thousands_of_waiting_requests_block_no_thread()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        AsyncRtnlLease held = await net.LockAsync(holder);
        int threads = ThreadPool.ThreadCount;
        Task[] waiters = [.. Enumerable.Range(0, 4000).Select(async _ =>
        {
            using var context = RtnlContext.Create();
            using AsyncRtnlLease lease = await net.LockAsync(context);
        })];
        await Task.Delay(50);
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 4);
        held.Dispose();
        await Task.WhenAll(waiters).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
