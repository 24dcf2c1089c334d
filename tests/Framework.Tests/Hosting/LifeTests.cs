using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmallRtnl.Tests.Dispatch;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Hosting;

/// <summary>A host's end: who has begun ends and is answered, who comes later is refused, and nothing is disposed under a handler's feet.</summary>
public sealed class LifeTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_has_begun_ends_and_is_answered_and_what_comes_later_is_refused()
    {
        using IHost host = Build();
        await host.StartAsync(Cancellation);
        SlowHandlers slow = host.Services.GetRequiredService<SlowHandlers>();
        RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
        using NetlinkClient client = NetlinkClient.Open(dispatcher, dispatcher.Registry.Initial);
        using NetlinkClient late = NetlinkClient.Open(dispatcher, dispatcher.Registry.Initial);
        Task<NetlinkAck> running = client.RequestAsync(RTM_SETTHING, NetlinkFlags.None, Slow, Cancellation);
        await slow.Begun.Task.WaitAsync(s_limit, Cancellation);
        Task stopping = host.StopAsync(Cancellation);
        await WaitUntil(() => dispatcher.IsStopping, "the dispatcher stops");
        Assert.Equal(new NetlinkAck(Errno.ESHUTDOWN, "The server is stopping", 0), await late.RequestAsync(RTM_NEWTHING, NetlinkFlags.None, default(ThingMessage), Cancellation));
        Assert.Equal(Errno.ESHUTDOWN, (await Assert.ThrowsAsync<NetlinkException>(() => late.DumpAsync(RTM_GETTHING, default(ThingMessage), Cancellation))).Ack.Errno);
        Assert.False(stopping.IsCompleted);
        slow.MayEnd.SetResult();
        Assert.Equal(default, await running.WaitAsync(s_limit, Cancellation));
        await stopping.WaitAsync(s_limit, Cancellation);
        // Its work in another namespace has been done as well.
        Assert.Equal(1, slow.Posted);
        Assert.Equal(Errno.ESHUTDOWN, (await client.RequestAsync(RTM_NEWTHING, NetlinkFlags.None, default(ThingMessage), Cancellation)).Errno);
    }

    [Fact]
    public async Task A_client_of_the_socket_gets_its_answer_and_an_end_and_no_reset()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("rtnl-life-").FullName, "socket");
        try
        {
            using IHost host = Build(path);
            await host.StartAsync(Cancellation);
            SlowHandlers slow = host.Services.GetRequiredService<SlowHandlers>();
            RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
            using RawClient running = RawClient.Connect(path), late = RawClient.Connect(path), idle = RawClient.Connect(path);
            running.Send(Request(RTM_SETTHING, ProtocolFamily.AF_BRIDGE));
            await slow.Begun.Task.WaitAsync(s_limit, Cancellation);
            Task stopping = host.StopAsync(Cancellation);
            await WaitUntil(() => dispatcher.IsStopping, "the dispatcher stops");
            late.Send(Request(RTM_NEWTHING, ProtocolFamily.PF_UNSPEC));
            Assert.Equal(Errno.ESHUTDOWN, late.Receive());
            slow.MayEnd.SetResult();
            Assert.Equal(Errno.None, running.Receive());
            // The end of each, in order; a reset would throw.
            Assert.All((RawClient[])[running, late, idle], client => Assert.Null(client.Receive()));
            await stopping.WaitAsync(s_limit, Cancellation);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public async Task A_stop_whose_token_is_cancelled_ends_though_a_handler_does_not()
    {
        using IHost host = Build();
        await host.StartAsync(Cancellation);
        SlowHandlers slow = host.Services.GetRequiredService<SlowHandlers>();
        RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
        using NetlinkClient client = NetlinkClient.Open(dispatcher, dispatcher.Registry.Initial);
        Task<NetlinkAck> running = client.RequestAsync(RTM_SETTHING, NetlinkFlags.None, Slow, Cancellation);
        await slow.Begun.Task.WaitAsync(s_limit, Cancellation);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await dispatcher.StopAsync(limit.Token).WaitAsync(s_limit, Cancellation);
        Assert.False(running.IsCompleted);
        slow.MayEnd.SetResult();
        Assert.Equal(default, await running.WaitAsync(s_limit, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposal_waits_for_a_handler_so_that_it_meets_nothing_disposed(bool isAsync)
    {
        IHost host = Build();
        await host.StartAsync(Cancellation);
        SlowHandlers slow = host.Services.GetRequiredService<SlowHandlers>();
        RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
        NetlinkClient client = NetlinkClient.Open(dispatcher, dispatcher.Registry.Initial);
        Task<NetlinkAck> running = client.RequestAsync(RTM_SETTHING, NetlinkFlags.None, Slow, Cancellation);
        await slow.Begun.Task.WaitAsync(s_limit, Cancellation);
        Task disposing = Task.Run(async () =>
        {
            if (isAsync)
                await ((IAsyncDisposable)host).DisposeAsync();
            else
                host.Dispose();
        }, Cancellation);
        await WaitUntil(() => dispatcher.IsStopping, "the dispatcher stops");
        Assert.False(slow.Resource.IsDisposed);
        slow.MayEnd.SetResult();
        Assert.Equal(default, await running.WaitAsync(s_limit, Cancellation));
        await disposing.WaitAsync(s_limit, Cancellation);
        Assert.True(slow.Resource.IsDisposed);
        Assert.False(slow.MetDisposed);
    }

    [Fact]
    public async Task A_dump_that_nobody_reads_to_its_end_ends_with_the_host()
    {
        using IHost host = Build();
        await host.StartAsync(Cancellation);
        RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
        using NetlinkClient client = NetlinkClient.Open(dispatcher, dispatcher.Registry.Initial);
        client.Socket.ReceiveBuffer = 20_000;
        await client.SendAsync(RTM_GETTHING, NetlinkFlags.NLM_F_DUMP, default(ThingMessage));
        await host.StopAsync(Cancellation).WaitAsync(s_limit, Cancellation);
        NetlinkMessage message;
        do
            message = await client.ReceiveAsync(Cancellation).WaitAsync(s_limit, Cancellation);
        while (message.Header.Type != NetlinkControlType.NLMSG_DONE);
        Assert.Equal(Errno.ESHUTDOWN, message.ParseAck().Errno);
    }

    private static ThingMessage Slow => new() { Header = new ThingHeader(ProtocolFamily.AF_BRIDGE, 0, 0) };

    private static byte[] Request(RtmType type, ProtocolFamily family) => [20, 0, 0, 0, (byte)type, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, (byte)family, 0, 0, 0];

    private static IHost Build(string? path = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<SlowHandlers.UsedByHandler>();
        builder.Services.AddRtnetlink(options =>
        {
            options.MaxMessageType = (RtmType)255;
            options.SocketPath = path;
        }).AddSmallRtnlFrameworkTestsHandlers();
        return builder.Build();
    }

    private static async Task WaitUntil(Func<bool> condition, string what)
    {
        long end = Environment.TickCount64 + (long)s_limit.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < end, $"Waited {s_limit} until {what}.");
            await Task.Delay(5, Cancellation);
        }
    }

    /// <summary>A client of the socket, which sees how its connection ends.</summary>
    private sealed class RawClient : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified) { ReceiveTimeout = (int)s_limit.TotalMilliseconds };

        public static RawClient Connect(string path)
        {
            var client = new RawClient();
            client._socket.Connect(new UnixDomainSocketEndPoint(path));
            client.SendFrame(new UnixFrame(UnixFrameKind.Hello, 0, 0, UnixFrame.ProtocolVersion, 0, 0), default);
            client._socket.Receive(new byte[100]);
            return client;
        }

        public void Send(ReadOnlySpan<byte> message) => SendFrame(new UnixFrame(UnixFrameKind.Data, 0, 0, 0, 0, 0), message);

        /// <summary>The errno of the next answer; null at the connection's end.</summary>
        public Errno? Receive()
        {
            byte[] frame = new byte[4096];
            int length = _socket.Receive(frame);
            return length == 0 ? null : (Errno)(-BitConverter.ToInt32(frame, UnixFrame.Size + NetlinkHeader.Size));
        }

        public void Dispose() => _socket.Dispose();

        private void SendFrame(UnixFrame frame, ReadOnlySpan<byte> payload)
        {
            byte[] bytes = new byte[UnixFrame.Size + payload.Length];
            frame.Write(bytes);
            payload.CopyTo(bytes.AsSpan(UnixFrame.Size));
            _socket.Send(bytes);
        }
    }
}

/// <summary>A handler that takes its time, uses what the host disposes, and posts work.</summary>
internal sealed class SlowHandlers(SlowHandlers.UsedByHandler? used = null)
{
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource MayEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UsedByHandler Resource { get; } = used ?? new UsedByHandler();

    public int Posted { get; private set; }

    public bool MetDisposed { get; private set; }

    [DoIt(RTM_SETTHING, Lock = RtnlLock.PerNet, Family = ProtocolFamily.AF_BRIDGE)]
    public async ValueTask<RtnlResult> Set(DoItRequest<ThingMessage> request)
    {
        Begun.SetResult();
        await MayEnd.Task;
        await Task.Delay(50);
        MetDisposed = Resource.IsDisposed;
        request.Post(request.Net, _ =>
        {
            Thread.Sleep(50);
            Posted++;
            MetDisposed |= Resource.IsDisposed;
        });
        return RtnlResult.Ok;
    }

    internal sealed class UsedByHandler : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
