namespace SmallRtnl.Tests.Lockdeps;

/// <summary>What a reader may not do: each owner has a place of its own, so that each report is the first.</summary>
[Collection(nameof(LockdepAlone))]
public sealed class LockdepSnapshotTests
{
    [Fact]
    public void Waiting_for_a_task_in_a_section_is_reported() =>
        AssertBlocks(RtnlContext.Create(), static () => Task.Delay(TimeSpan.FromSeconds(30)).Wait()); // ends: after 30 s

    [Fact]
    public void Waiting_for_a_semaphore_in_a_section_is_reported() =>
        AssertBlocks(RtnlContext.Create(), static () =>
        {
            using var semaphore = new SemaphoreSlim(0);
            semaphore.Wait(TimeSpan.FromSeconds(30));
        });

    [Fact]
    public void Waiting_for_an_event_in_a_section_is_reported() =>
        AssertBlocks(RtnlContext.Create(), static () =>
        {
            using var signal = new ManualResetEvent(false);
            signal.WaitOne(TimeSpan.FromSeconds(30));
        });

    [Fact]
    public void Joining_a_thread_in_a_section_is_reported() =>
        AssertBlocks(RtnlContext.Create(), static () =>
        {
            using var end = new ManualResetEventSlim();
            var thread = new Thread(end.Wait);
            thread.Start();
            try
            {
                thread.Join(); // ends: it is refused before
            }
            finally
            {
                end.Set();
            }
        });

    [Fact]
    public void A_contended_lock_in_a_section_is_allowed()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        using var taken = new ManualResetEventSlim();
        var monitor = new object();
        var other = new Lock();
        var holder = new Thread(() =>
        {
            lock (monitor)
            {
                lock (other)
                {
                    taken.Set();
                    Thread.Sleep(50);
                }
            }
        });
        holder.Start();
        taken.Wait(TestContext.Current.CancellationToken);
        using (net.ReadSnapshot(context))
        {
            lock (other)
            {
            }
            lock (monitor)
            {
            }
        }
        holder.JoinWithin("the holder of the locks to end");
    }

    [Fact]
    public async Task An_await_started_in_a_section_is_reported_when_it_goes_on()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        var release = new TaskCompletionSource();
        var reported = new TaskCompletionSource<LockdepReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Note(LockdepReport report)
        {
            if (report.Kind == LockdepReportKind.BlockInSnapshot)
                reported.TrySetResult(report);
        }
        Lockdep.Reported += Note;
        try
        {
            Task started = Start(net, context, release.Task);
            release.SetResult();
            Assert.Contains("await started inside a snapshot section", (await reported.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Text, StringComparison.Ordinal);
            await started;
        }
        finally
        {
            Lockdep.Reported -= Note;
        }

        static Task Start(Net net, RtnlContext context, Task release)
        {
            using SnapshotSection section = net.ReadSnapshot(context);
            return Awaiting(release);
        }

        static async Task Awaiting(Task task) => await task;
    }

    [Fact]
    public void The_thread_has_its_own_context_back_after_a_section()
    {
        using var host = new TestHost();
        using var context = RtnlContext.Create();
        SynchronizationContext? before = SynchronizationContext.Current;
        using (host.Registry.Initial.ReadSnapshot(context))
            Assert.NotSame(before, SynchronizationContext.Current);
        Assert.Same(before, SynchronizationContext.Current);
    }

    private static void AssertBlocks(RtnlContext owner, Action block)
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using (owner)
        using (net.ReadSnapshot(owner))
        {
            LockdepReport report = Assert.Throws<LockdepException>(block).Report!;
            Assert.Equal(LockdepReportKind.BlockInSnapshot, report.Kind);
            Assert.Contains("thread blocked inside a snapshot section", report.Text, StringComparison.Ordinal);
        }
    }
}
