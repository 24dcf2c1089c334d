using System.Diagnostics;
using static SmallRtnl.NetlinkFlags;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Dispatch;

/// <summary>What the options ask of locked handlers: a stronger word, a wait, work.</summary>
public sealed class LockDetourTests
{
    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public async Task A_chosen_handler_runs_under_the_whole_of_RTNL(RtnlMode mode)
    {
        using var host = new TestHost(mode, configure: static options => options.RunUnderRtnl = static info => info.Type == RTM_NEWTHING);
        using NetlinkClient client = NetlinkClient.Open(host.Dispatcher, host.Create("a"));
        long exclusive = host.Gate.ExclusiveEntries - host.Gate.NestedEntries;
        Assert.True((await client.RequestAsync(RTM_NEWTHING, None, new ThingMessage { Value = 1 })).IsOk);
        // Counted as the whole, not as a namespace's own.
        Assert.Equal(exclusive + 1, host.Gate.ExclusiveEntries - host.Gate.NestedEntries);
        Assert.Equal(0, host.Gate.NestedEntries);
        // One that was not chosen keeps its word.
        Assert.True((await client.RequestAsync(RTM_SETTHING, None, default(ThingMessage))).IsOk);
        Assert.Equal(mode == RtnlMode.PerNet ? 0 : 1, host.Gate.NestedEntries);
    }

    [Fact]
    public void Every_locked_doit_is_asked_about_once_in_the_tables_order_and_no_other()
    {
        var asked = new List<HandlerInfo>();
        using var host = new TestHost(configure: options => options.RunUnderRtnl = info =>
        {
            asked.Add(info);
            return false;
        });
        Assert.Equal(host.Dispatcher.Table.Handlers.Where(static info => !info.IsDump && info.Lock != RtnlLock.Unlocked), asked);
    }

    [Fact]
    public async Task A_held_lock_keeps_out_those_who_need_it_and_blocks_no_thread()
    {
        var hold = TimeSpan.FromMilliseconds(30);
        using var host = new TestHost(configure: options => options.HoldTime = hold);
        using NetlinkClient first = NetlinkClient.Open(host.Dispatcher, host.Create("a"));
        using NetlinkClient second = NetlinkClient.Open(host.Dispatcher, host.Registry.Find("a")!);
        long start = Stopwatch.GetTimestamp();
        Task<NetlinkAck> one = first.RequestAsync(RTM_NEWTHING, None, default(ThingMessage));
        Task<NetlinkAck> other = second.RequestAsync(RTM_NEWTHING, None, default(ThingMessage));
        Assert.False(one.IsCompleted);
        Assert.All(await Task.WhenAll(one, other), static ack => Assert.True(ack.IsOk));
        // One after the other. A timer may fire within the tick before.
        Assert.True(Stopwatch.GetElapsedTime(start) > 2 * (hold - TimeSpan.FromMilliseconds(2)));
        Assert.Equal(2, host.Registry.Find("a")!.Snapshot.Get<Counter>().Value);
    }

    [Fact]
    public async Task A_handler_computes_under_its_lock_for_as_long_as_it_is_told()
    {
        var compute = TimeSpan.FromMilliseconds(5);
        using var host = new TestHost(configure: options => options.ComputeTime = compute);
        using NetlinkClient client = NetlinkClient.Open(host.Dispatcher, host.Create("a"));
        long start = Stopwatch.GetTimestamp();
        Assert.True((await client.RequestAsync(RTM_NEWTHING, None, default(ThingMessage))).IsOk);
        Assert.True(Stopwatch.GetElapsedTime(start) >= compute);
    }

    [Fact]
    public void A_time_that_cannot_be_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => new TestHost(configure: static options => options.HoldTime = TimeSpan.FromSeconds(-1)));
}
