using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Generators.Tests.Declarations;
using static SmallRtnl.Generators.Tests.Declarations.WidgetMessage;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Generators.Tests;

/// <summary>A handler that holds a lock and asks, through any door of the process, for one that only its own end would free: refused at once, naming both.</summary>
public sealed class SelfWaitTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly Script _script = new();
    private readonly ServiceProvider _services;
    private readonly NetRegistry _registry;
    private readonly Net _net;
    private readonly Net _other;
    private readonly NetlinkClient _client;
    private readonly NetlinkClient _inner;
    private readonly NetlinkClient _elsewhere;

    public SelfWaitTests()
    {
        _services = Host(_script);
        _registry = _services.GetRequiredService<NetRegistry>();
        Assert.True(_registry.TryCreate("a", out _net));
        Assert.True(_registry.TryCreate("b", out _other));
        _client = Open(_net);
        _inner = Open(_net);
        _elsewhere = Open(_other);
    }

    /// <summary>Who holds: type and family of a handler for each word and each shape of thunk.</summary>
    private static (RtmType, ProtocolFamily)[] Holders => [(RTM_NEWWIDGET, PF_UNSPEC), (RTM_DELWIDGET, PF_UNSPEC), (RTM_SETWIDGET, PF_UNSPEC), (RTM_SETWIDGET, AF_INET)];

    public static TheoryData<string> DoorNames => [.. Doors.Keys];

    /// <summary>What a handler does; each would wait for ever.</summary>
    private static Dictionary<string, Func<SelfWaitTests, Task>> Doors { get; } = new()
    {
        ["a request"] = test => test._inner.RequestAsync(RTM_NEWWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)),
        ["a request for RTNL"] = test => test._inner.RequestAsync(RTM_DELWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)),
        ["a request with a resolve method"] = test => test._inner.RequestAsync(RTM_SETWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)),
        ["a request to an asynchronous handler"] = test => test._inner.RequestAsync(RTM_SETWIDGET, NetlinkFlags.None, Message(AF_INET)),
        ["a request to another namespace"] = test => test._elsewhere.RequestAsync(RTM_NEWWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)),
        ["a message without an answer"] = test => test._inner.SendAsync(RTM_NEWWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)).AsTask(),
        ["bytes"] = test => test._inner.SendBytesAsync(new byte[] { 20, 0, 0, 0, 204, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }).AsTask(),
        ["a locked dump"] = test => test._inner.DumpAsync((RtmType)202, new ThingMessage { Header = default(ThingHeader) with { Family = AF_INET } }),
        ["RTNL by hand"] = test => test.ByHand(context => test._registry.Gate.Lock(context).Dispose()),
        ["the namespace by hand"] = test => test.ByHand(context => test._net.Lock(context).Dispose()),
        ["RTNL by hand, awaited"] = test => test.ByHandAsync(async context => (await test._registry.Gate.LockAsync(context)).Dispose()),
        ["the namespace by hand, awaited"] = test => test.ByHandAsync(async context => (await test._net.LockAsync(context)).Dispose()),
        ["several by hand"] = test => test.ByHand(context => NetLockSet.Of(test._net, test._other).Lock(context).Dispose()),
    };

    public void Dispose()
    {
        _client.Dispose();
        _inner.Dispose();
        _elsewhere.Dispose();
        using RtnlContext context = RtnlContext.Create();
        Assert.True(_registry.Gate.TryLock(context, out RtnlLease lease));
        lease.Dispose();
        _services.Dispose();
    }

    [Theory]
    [MemberData(nameof(DoorNames))]
    public async Task Every_door_is_refused_at_once(string door)
    {
        foreach ((RtmType type, ProtocolFamily family) in Holders)
        {
            Exception? refusal = null;
            bool isOuter = true;
            _script.Run = request =>
            {
                if (!isOuter)
                    return RtnlResult.Ok;
                isOuter = false;
                Task waiting;
                try
                {
                    waiting = Doors[door](this);
                }
                catch (Exception exception) when (exception is RtnlAssertionException or LockdepException)
                {
                    waiting = Task.FromException(exception);
                }
                // Whoever would wait is in the wait already.
                Assert.True(((IAsyncResult)waiting).AsyncWaitHandle.WaitOne(s_limit), $"{door} under {type}: still waiting after {s_limit}.");
                refusal = waiting.Exception?.InnerException;
                return RtnlResult.Ok;
            };
            NetlinkAck ack = await _client.RequestAsync(type, NetlinkFlags.None, Message(family), TestContext.Current.CancellationToken).WaitAsync(s_limit, TestContext.Current.CancellationToken);
            Assert.True(ack.IsOk, $"{door} under {type}: {ack}");
            // By hand, where nothing but the locks is asked, lockdep knows of it first and reports who holds what.
            if (Lockdep && refusal is LockdepException { Report: { } report })
            {
                Assert.Contains(report.Kind, (LockdepReportKind[])[LockdepReportKind.SelfDeadlock, LockdepReportKind.Circular, LockdepReportKind.InstanceOrder]);
                Assert.Contains($"(request {type})", report.Text, StringComparison.Ordinal);
                Assert.EndsWith("by hand", door.Replace(", awaited", "", StringComparison.Ordinal), StringComparison.Ordinal);
                continue;
            }
            string said = Assert.IsType<RtnlAssertionException>(refusal).Message;
            Assert.Contains("wait for oneself", said, StringComparison.Ordinal);
            Assert.Contains("WidgetHandlers.", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_refused_request_names_both_handlers()
    {
        string? message = null;
        _script.Run = request =>
        {
            message ??= Assert.Throws<RtnlAssertionException>(() => { _ = _inner.Socket.SendAsync(Bytes(RTM_DELWIDGET)); }).Message;
            return RtnlResult.Ok;
        };
        Assert.True((await _client.RequestAsync(RTM_NEWWIDGET, NetlinkFlags.None, Message(PF_UNSPEC), TestContext.Current.CancellationToken)).IsOk);
        Assert.Contains("WidgetHandlers.New", message, StringComparison.Ordinal);
        Assert.Contains("WidgetHandlers.Delete", message, StringComparison.Ordinal);
        Assert.Contains("namespace a", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_that_would_wait_for_the_asker_fails_and_ends()
    {
        NetlinkAck inner = default;
        _script.Run = request =>
        {
            if (request.Header.RtmType != RTM_NEWWIDGET)
                return request.IsLocked ? RtnlResult.Ok : RtnlResult.NeedsLock;
            Task<NetlinkAck> asking = _inner.RequestAsync(RTM_GETWIDGET, NetlinkFlags.None, Message(AF_BRIDGE));
            Assert.True(((IAsyncResult)asking).AsyncWaitHandle.WaitOne(s_limit), $"still waiting after {s_limit}.");
            inner = asking.Result;
            return RtnlResult.Ok;
        };
        Assert.True((await _client.RequestAsync(RTM_NEWWIDGET, NetlinkFlags.None, Message(PF_UNSPEC), TestContext.Current.CancellationToken)).IsOk);
        // The asynchronous handler has gone on on another thread, which knows who asks.
        Assert.Equal(Errno.EIO, inner.Errno);
    }

    [Fact]
    public async Task What_waits_for_nothing_is_served()
    {
        using ServiceProvider otherHost = Host(new Script());
        using NetlinkClient foreigner = NetlinkClient.Open(otherHost.GetRequiredService<RtnlDispatcher>(), otherHost.GetRequiredService<NetRegistry>().Initial);
        var acks = new List<NetlinkAck>();
        NetlinkAck nested = default;
        LockdepReport? report = null;
        _script.Run = request =>
        {
            if (request.Header.RtmType != RTM_DELWIDGET || acks.Count > 0)
                return RtnlResult.Ok;
            // No lock of its own.
            acks.Add(_inner.RequestAsync(RTM_GETWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)).Result);
            acks.Add(foreigner.RequestAsync(RTM_GETWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)).Result);
            // A host of its own. That it waits for nothing today does not say that the other host never asks the other way round: lockdep reports it.
            int thread = Environment.CurrentManagedThreadId;
            void Note(LockdepReport found) => report = Environment.CurrentManagedThreadId == thread ? found : report;
            SmallRtnl.Lockdep.Reported += Note;
            nested = foreigner.RequestAsync(RTM_DELWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)).Result;
            SmallRtnl.Lockdep.Reported -= Note;
            return RtnlResult.Ok;
        };
        Assert.True((await _client.RequestAsync(RTM_DELWIDGET, NetlinkFlags.None, Message(PF_UNSPEC), TestContext.Current.CancellationToken)).IsOk);
        Assert.Equal([default, default], acks);
        Assert.Equal(Lockdep ? Errno.EIO : default, nested.Errno);
        Assert.Equal(Lockdep ? LockdepReportKind.Recursion : null, report?.Kind);
        // Who holds nothing may ask for everything; and what is deferred runs with nothing held.
        _script.Run = request =>
        {
            // An unlocked reader blocks for nobody, says lockdep.
            if (request.Header.RtmType == RTM_GETWIDGET && !Lockdep)
                acks.Add(_inner.RequestAsync(RTM_DELWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)).Result);
            if (request.Header.RtmType == RTM_NEWWIDGET)
            {
                request.Defer(() => acks.Add(foreigner.RequestAsync(RTM_DELWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)).Result));
                request.Defer(() => acks.Add(_inner.RequestAsync(RTM_DELWIDGET, NetlinkFlags.None, Message(PF_UNSPEC)).Result));
            }
            return RtnlResult.Ok;
        };
        Assert.True((await _client.RequestAsync(RTM_GETWIDGET, NetlinkFlags.None, Message(PF_UNSPEC), TestContext.Current.CancellationToken)).IsOk);
        Assert.True((await _client.RequestAsync(RTM_NEWWIDGET, NetlinkFlags.None, Message(PF_UNSPEC), TestContext.Current.CancellationToken)).IsOk);
        Assert.Equal(Lockdep ? 4 : 5, acks.Count);
        Assert.All(acks, ack => Assert.True(ack.IsOk));
    }

    /// <summary>The same in a process that checks nothing else: assertions and lockdep are read once, and off.</summary>
    [Fact]
    public async Task All_of_it_holds_with_assertions_and_lockdep_off()
    {
        if (Environment.GetEnvironmentVariable("SMALLRTNL_SELF_WAIT_CHILD") is not null)
            return;
        var start = new ProcessStartInfo("dotnet", [typeof(SelfWaitTests).Assembly.Location, "-class", typeof(SelfWaitTests).FullName!]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SMALLRTNL_SELF_WAIT_CHILD"] = "1";
        start.Environment["SMALLRTNL_ASSERT"] = "off";
        start.Environment["SMALLRTNL_LOCKDEP"] = "off";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_limit, TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0 && output.Contains("Failed: 0", StringComparison.Ordinal), output + await errors);
    }

    private static bool Lockdep => SmallRtnl.Lockdep.IsEnabled;

    private static WidgetMessage Message(ProtocolFamily family) => new() { Header = new RtGenMsg(family) };

    private static byte[] Bytes(RtmType type) => [20, 0, 0, 0, (byte)type, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static ServiceProvider Host(Script script)
    {
        var services = new ServiceCollection();
        services.AddSingleton(script);
        services.AddRtnetlink(options => options.MaxMessageType = (RtmType)255).AddSmallRtnlGeneratorsTestsHandlers();
        return services.BuildServiceProvider();
    }

    private NetlinkClient Open(Net net) => NetlinkClient.Open(_services.GetRequiredService<RtnlDispatcher>(), net);

    private Task ByHand(Action<RtnlContext> take)
    {
        using RtnlContext context = RtnlContext.Create();
        take(context);
        return Task.CompletedTask;
    }

    private async Task ByHandAsync(Func<RtnlContext, Task> take)
    {
        using RtnlContext context = RtnlContext.Create();
        await take(context);
    }
}
