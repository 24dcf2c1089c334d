using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Tests.Dispatch;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Locking;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public void Acquisitions_are_counted_exactly_by_word(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        RtnlStatistics statistics = host.Services.GetRequiredService<RtnlStatistics>();
        Net a = host.Create("a"), b = host.Create("b");
        long nets = statistics.Net.Acquisitions, wholes = statistics.Rtnl.Acquisitions;
        Parallel.For(0, 4, _ =>
        {
            using var context = RtnlContext.Create();
            for (int i = 0; i < 500; i++)
            {
                a.Lock(context).Dispose();
                NetLockSet.Of(a, b).Lock(context).Dispose();
                host.Gate.Lock(context).Dispose();
            }
        });
        Assert.Equal(4000, statistics.Net.Acquisitions - nets);
        Assert.Equal(2000, statistics.Rtnl.Acquisitions - wholes);
    }

    [Fact]
    public async Task A_wait_and_the_hold_behind_it_are_always_timed()
    {
        using var host = new TestHost();
        RtnlStatistics statistics = host.Services.GetRequiredService<RtnlStatistics>();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        using var waiter = RtnlContext.Create();
        AsyncRtnlLease held = await net.LockAsync(holder);
        ValueTask<AsyncRtnlLease> waiting = net.LockAsync(waiter);
        long holds = statistics.Net.Hold.Count;
        await Task.Delay(20);
        held.Dispose();
        AsyncRtnlLease lease = await waiting;
        lease.Dispose();
        Assert.Equal(1, statistics.Net.Contentions);
        Assert.Equal(1, statistics.Net.Wait.Count);
        Assert.InRange(statistics.Net.Wait.Max.TotalMilliseconds, 15, 5000);
        Assert.InRange(statistics.Net.Hold.Count, holds + 1, holds + 2);
    }

    [Fact]
    public async Task A_users_lock_class_has_statistics_of_its_own()
    {
        var own = new CountedLock();
        using var holder = RtnlContext.Create();
        using var waiter = RtnlContext.Create();
        for (int i = 0; i < 10; i++)
            own.Lock(holder).Dispose();
        AsyncLockClassLease held = await own.LockAsync(holder, TestContext.Current.CancellationToken);
        ValueTask<AsyncLockClassLease> waiting = own.LockAsync(waiter, TestContext.Current.CancellationToken);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        held.Dispose();
        (await waiting).Dispose();
        Assert.Equal((12, 1, 1, 1), (own.Statistics.Acquisitions, own.Statistics.Contentions, own.Statistics.Wait.Count, own.Statistics.Hold.Count));
        Assert.InRange(own.Statistics.Wait.Max.TotalMilliseconds, 15, 5000);
        Assert.Contains(RtnlStatistics.UserLocks, statistics => statistics.Name == nameof(CountedLock));
    }

    private sealed class CountedLock : LockClass;

    [Fact]
    public void Free_acquisitions_are_timed_by_sample()
    {
        using var host = new TestHost();
        RtnlStatistics statistics = host.Services.GetRequiredService<RtnlStatistics>();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        long before = statistics.Net.Hold.Count;
        for (int i = 0; i < 64 * RtnlStatistics.SamplingInterval; i++)
            net.Lock(context).Dispose();
        Assert.Equal(64, statistics.Net.Hold.Count - before);
    }

    [Fact]
    public async Task Requests_and_failures_are_counted_by_handler_and_published_as_metrics()
    {
        using var host = new TestHost();
        var published = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == RtnlStatistics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                // Other tests' hosts publish too: this one's are the highest counts of its own making.
                if (tag is { Key: "handler", Value: "ThingHandlers.New" })
                    published[instrument.Name] = Math.Max(value, published.GetValueOrDefault(instrument.Name));
            }
        });
        listener.Start();
        using NetlinkClient client = NetlinkClient.Open(host.Dispatcher, host.Registry.Initial);
        for (int i = 0; i < 7; i++)
            await client.RequestAsync(RTM_NEWTHING, NetlinkFlags.None, new ThingMessage { Command = i < 2 ? (uint)ThingCommand.Fail : 0 });
        HandlerStatistics statistics = host.Services.GetRequiredService<RtnlStatistics>().Handlers.Single(handler => handler.Handler.Method == "ThingHandlers.New");
        Assert.Equal((7, 2), (statistics.Requests, statistics.Failures));
        listener.RecordObservableInstruments();
        Assert.True(published["smallrtnl.handler.requests"] >= 7);
        Assert.True(published["smallrtnl.handler.failures"] >= 2);
    }

    [Fact]
    public void A_quantile_is_at_most_twice_the_true_value()
    {
        var histogram = new DurationHistogram();
        for (int i = 1; i <= 1000; i++)
            histogram.Record(i * System.Diagnostics.Stopwatch.Frequency / 1_000_000);
        Assert.Equal(1000, histogram.Count);
        Assert.InRange(histogram.Quantile(0.5).TotalMicroseconds, 500, 1100);
        Assert.InRange(histogram.Quantile(0.99).TotalMicroseconds, 990, 2100);
        Assert.InRange(histogram.Max.TotalMicroseconds, 999, 1001);
    }
}
