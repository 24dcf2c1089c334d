using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Generators.Tests.Declarations;
using static SmallRtnl.Generators.Tests.Declarations.WidgetMessage;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Generators.Tests;

/// <summary>Generated thunks at work: phases, retries, fallbacks, and that nothing stays held.</summary>
public sealed class ThunkBehaviourTests : IDisposable
{
    private readonly Script _script = new();
    private readonly ServiceProvider _services;
    private readonly NetRegistry _registry;
    private readonly Net _net;
    private readonly Net _other;
    private readonly NetlinkClient _client;

    public ThunkBehaviourTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton(_script);
        services.AddRtnetlink(options => options.MaxMessageType = (RtmType)255).AddSmallRtnlGeneratorsTestsHandlers();
        _services = services.BuildServiceProvider();
        _registry = _services.GetRequiredService<NetRegistry>();
        Assert.True(_registry.TryCreate("a", out _net));
        Assert.True(_registry.TryCreate("b", out _other));
        _client = NetlinkClient.Open(_services.GetRequiredService<RtnlDispatcher>(), _net);
    }

    public void Dispose()
    {
        _client.Dispose();
        // Whatever the test did, everything can be locked.
        using RtnlContext context = RtnlContext.Create();
        Assert.True(_registry.Gate.TryLock(context, out RtnlLease lease));
        lease.Dispose();
        Assert.True(NetLockSet.Of(_net, _other).TryLock(context, out lease));
        lease.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(204, true, true, false)]
    [InlineData(205, true, true, true)]
    [InlineData(206, false, false, false)]
    public async Task The_word_is_what_is_held_while_the_handler_runs(ushort type, bool isLocked, bool holdsNet, bool holdsOther)
    {
        _script.Run = request =>
        {
            Assert.Equal((isLocked, holdsNet, holdsOther), (request.IsLocked, request.Context.Holds(_net), request.Context.Holds(_other)));
            Assert.Same(request.Context, RtnlContext.Current);
            return RtnlResult.Ok;
        };
        Assert.Equal(default, await RequestAsync((RtmType)type));
        Assert.Equal(1, _script.Ran);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(207)]
    public async Task A_held_lock_is_waited_for(ushort type)
    {
        Task<NetlinkAck> request;
        using (RtnlContext context = RtnlContext.Create())
        {
            AsyncRtnlLease lease = await _net.LockAsync(context, TestContext.Current.CancellationToken);
            request = RequestAsync((RtmType)type);
            Assert.Equal(0, _script.Ran);
            Assert.False(request.IsCompleted);
            lease.Dispose();
        }
        Assert.Equal(default, await request);
        Assert.Equal(1, _script.Ran);
    }

    [Fact]
    public async Task A_message_that_breaks_its_policy_is_refused_before_any_lock()
    {
        using RtnlContext context = RtnlContext.Create();
        AsyncRtnlLease lease = await _net.LockAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal(
            new NetlinkAck(Errno.ERANGE, "integer out of range", 20),
            await _client.RequestAsync(RTM_NEWWIDGET, NetlinkFlags.None, new WidgetMessage { Value = 101 }, TestContext.Current.CancellationToken));
        Assert.Equal(0, _script.Ran);
        lease.Dispose();
    }

    [Theory]
    [InlineData(204, PF_UNSPEC)]
    [InlineData(206, PF_UNSPEC)]
    [InlineData(207, PF_UNSPEC)]
    [InlineData(207, AF_INET)]
    public async Task A_wish_for_a_lock_without_a_fallback_is_an_internal_error(ushort type, ProtocolFamily family)
    {
        _script.Run = static _ => RtnlResult.NeedsLock;
        Assert.Equal(Errno.EIO, (await RequestAsync((RtmType)type, family)).Errno);
    }

    [Theory]
    [InlineData(AF_BRIDGE)]
    [InlineData(AF_MPLS)]
    public async Task A_fallback_runs_the_handler_again_under_its_lock(ProtocolFamily family)
    {
        _script.Run = request =>
        {
            request.Reply(new WidgetMessage { Value = (uint)_script.Ran });
            return request.IsLocked ? RtnlResult.Ok : RtnlResult.NeedsLock;
        };
        (NetlinkAck ack, WidgetMessage answer) = await _client.GetAsync(RTM_GETWIDGET, Message(family), cancellation: TestContext.Current.CancellationToken);
        Assert.True(ack.IsOk);
        // What the first run answered was dropped.
        Assert.Equal(2u, answer.Value);
        Assert.Equal(2, _script.Ran);
        Assert.Equal(family == AF_MPLS ? 2 : 0, _script.Resolved);
    }

    [Theory]
    [InlineData(AF_BRIDGE)]
    [InlineData(AF_MPLS)]
    public async Task A_fallback_that_wishes_again_is_an_internal_error(ProtocolFamily family)
    {
        _script.Run = static _ => RtnlResult.NeedsLock;
        Assert.Equal(Errno.EIO, (await RequestAsync(RTM_GETWIDGET, family)).Errno);
        Assert.Equal(2, _script.Ran);
    }

    [Theory]
    [InlineData(PF_UNSPEC)]
    [InlineData(AF_INET)]
    public async Task Every_namespace_that_was_resolved_is_held(ProtocolFamily family)
    {
        _script.Resolve = (request, nets, _) =>
        {
            Assert.False(RtnlContext.Current?.Holds(_net) ?? false);
            nets!.Add(_other, NetRole.Peer);
            return RtnlResult.Ok;
        };
        _script.Run = request =>
        {
            RtnlAssert.NetHeld(_net);
            RtnlAssert.NetHeld(_other);
            Assert.Throws<RtnlAssertionException>(RtnlAssert.Held);
            return RtnlResult.Ok;
        };
        Assert.Equal(default, await RequestAsync(RTM_SETWIDGET, family));
    }

    [Theory]
    [InlineData(PF_UNSPEC)]
    [InlineData(AF_INET)]
    public async Task What_has_moved_is_resolved_afresh(ProtocolFamily family)
    {
        var device = new Device(_net);
        _script.Resolve = (request, _, attempt) =>
        {
            request.Watch(device);
            if (attempt == 0)
                device.Net = _other;
            return RtnlResult.Ok;
        };
        Assert.Equal(default, await RequestAsync(RTM_SETWIDGET, family));
        Assert.Equal((2, 1), (_script.Resolved, _script.Ran));
    }

    [Fact]
    public async Task After_three_vain_tries_the_handler_runs_under_the_whole_of_rtnl()
    {
        var device = new Device(_net);
        _script.Resolve = (request, _, attempt) =>
        {
            request.Watch(device);
            if (attempt < 3)
                device.Net = ReferenceEquals(device.Net, _net) ? _other : _net;
            return RtnlResult.Ok;
        };
        _script.Run = static _ =>
        {
            RtnlAssert.Held();
            return RtnlResult.Ok;
        };
        Assert.Equal(default, await RequestAsync(RTM_SETWIDGET));
        Assert.Equal((4, 1), (_script.Resolved, _script.Ran));
    }

    [Theory]
    [InlineData(RTM_SETWIDGET, PF_UNSPEC)]
    [InlineData(RTM_SETWIDGET, AF_INET)]
    [InlineData(RTM_GETWIDGET, AF_INET6)]
    [InlineData(RTM_GETWIDGET, AF_MPLS)]
    public async Task An_object_that_moves_at_every_try_is_resolved_under_rtnl_and_it_ends(RtmType type, ProtocolFamily family)
    {
        var device = new Device(_net);
        _script.Resolve = (request, _, attempt) =>
        {
            request.Watch(device);
            // Somebody else, who moves it whenever he may.
            using RtnlContext mover = RtnlContext.Create();
            if (NetLockSet.Of(_net, _other).TryLock(mover, out RtnlLease lease))
            {
                device.Net = ReferenceEquals(device.Net, _net) ? _other : _net;
                lease.Dispose();
            }
            // Were nothing held, this would never end.
            return attempt < 50 ? RtnlResult.Ok : RtnlResult.Error(Errno.ELOOP);
        };
        _script.Run = static _ =>
        {
            RtnlAssert.Held();
            return RtnlResult.Ok;
        };
        Assert.Equal(default, await RequestAsync(type, family));
        Assert.Equal((4, 1), (_script.Resolved, _script.Ran));
    }

    [Fact]
    public async Task An_error_of_the_last_resolve_leaves_nothing_held()
    {
        var device = new Device(_net);
        bool throws = false;
        _script.Resolve = (request, _, attempt) =>
        {
            request.Watch(device);
            device.Net = ReferenceEquals(device.Net, _net) ? _other : _net;
            if (attempt == 3 && throws)
                throw new InvalidOperationException("widget");
            return attempt < 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.ENXIO);
        };
        Assert.Equal(Errno.ENXIO, (await RequestAsync(RTM_SETWIDGET)).Errno);
        using (RtnlContext context = RtnlContext.Create())
        {
            Assert.True(_registry.Gate.TryLock(context, out RtnlLease lease));
            lease.Dispose();
        }
        (throws, _script.Resolved) = (true, 0);
        Assert.Equal(Errno.EIO, (await RequestAsync(RTM_SETWIDGET)).Errno);
        Assert.Equal(0, _script.Ran);
    }

    [Fact]
    public async Task A_namespace_that_died_meanwhile_is_no_device()
    {
        _script.Resolve = (_, nets, _) =>
        {
            nets!.Add(_other, NetRole.Target);
            Assert.True(_registry.TryDelete("b"));
            return RtnlResult.Ok;
        };
        Assert.Equal(Errno.ENODEV, (await RequestAsync(RTM_SETWIDGET)).Errno);
        Assert.Equal(0, _script.Ran);
        await _registry.FlushTeardownsAsync();
    }

    [Fact]
    public async Task Whoever_may_not_configure_a_namespace_may_not_resolve_it()
    {
        using NetlinkClient stranger = NetlinkClient.Open(_services.GetRequiredService<RtnlDispatcher>(), _net, isPrivileged: false);
        WidgetMessage message = Message(AF_INET6);
        Assert.Equal(default, await stranger.RequestAsync(RTM_GETWIDGET, NetlinkFlags.None, message, TestContext.Current.CancellationToken));
        _script.Resolve = (_, nets, _) =>
        {
            nets!.Add(_other, NetRole.Target);
            return RtnlResult.Ok;
        };
        Assert.Equal(Errno.EPERM, (await stranger.RequestAsync(RTM_GETWIDGET, NetlinkFlags.None, message, TestContext.Current.CancellationToken)).Errno);
        Assert.Equal(1, _script.Ran);
    }

    [Theory]
    [InlineData(PF_UNSPEC)]
    [InlineData(AF_INET)]
    public async Task An_error_of_resolve_is_the_answer(ProtocolFamily family)
    {
        _script.Resolve = static (_, _, _) => RtnlResult.Error(Errno.ENXIO, "widget: nowhere");
        Assert.Equal(new NetlinkAck(Errno.ENXIO, "widget: nowhere", 0), await RequestAsync(RTM_SETWIDGET, family));
        Assert.Equal(0, _script.Ran);
    }

    [Theory]
    [InlineData(204, PF_UNSPEC)]
    [InlineData(206, AF_BRIDGE)]
    [InlineData(206, AF_MPLS)]
    [InlineData(207, PF_UNSPEC)]
    [InlineData(207, AF_INET)]
    public async Task A_handler_that_throws_answers_with_an_internal_error_and_holds_nothing(ushort type, ProtocolFamily family)
    {
        _script.Run = static _ => throw new InvalidOperationException("widget");
        Assert.Equal(Errno.EIO, (await RequestAsync((RtmType)type, family)).Errno);
    }

    private static WidgetMessage Message(ProtocolFamily family) => new() { Header = new RtGenMsg(family) };

    private Task<NetlinkAck> RequestAsync(RtmType type, ProtocolFamily family = PF_UNSPEC) =>
        _client.RequestAsync(type, NetlinkFlags.None, Message(family), TestContext.Current.CancellationToken);
}
