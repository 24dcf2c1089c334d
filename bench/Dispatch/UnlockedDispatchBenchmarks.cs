using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace SmallRtnl.Bench;

/// <summary>From a received message to the result of an <see cref="RtnlLock.Unlocked"/> handler that does nothing, against a mediator.</summary>
public class UnlockedDispatchBenchmarks
{
    private static readonly NoOpObject s_object = new();

    private DispatchHost _host = null!;
    private ServiceProvider _services = null!;
    private global::Mediator.Mediator _mediator = null!;
    private NetlinkSocket _socket = null!;
    private RtnlDispatcher _dispatcher = null!;
    private ReadOnlyMemory<byte> _request;
    private ReadOnlyMemory<byte> _acknowledged;

    [GlobalSetup]
    public void SetUp()
    {
        _host = new DispatchHost();
        _socket = _host.Socket;
        _dispatcher = _host.Dispatcher;
        _request = DispatchHost.Request(NoOpType.RTM_GETNOOP);
        _acknowledged = DispatchHost.Request(NoOpType.RTM_GETNOOP, NetlinkFlags.NLM_F_ACK);
        _services = new ServiceCollection().AddMediator().BuildServiceProvider();
        _mediator = _services.GetRequiredService<global::Mediator.Mediator>();
        if (SocketAcknowledged() != NetlinkHeader.Size + 4 + NetlinkHeader.Size)
            throw new InvalidOperationException("The request does not succeed, so its cost means nothing.");
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _host.Dispose();
        _services.Dispose();
    }

    /// <summary>A datagram of one message through the dispatcher.</summary>
    [Benchmark]
    public bool Ours() => _dispatcher.ReceiveAsync(_socket, _request).IsCompletedSuccessfully;

    /// <summary>The same from the socket on, as a transport hands it in.</summary>
    [Benchmark]
    public bool Socket() => _socket.SendAsync(_request).IsCompletedSuccessfully;

    /// <summary>The same with an acknowledgement, received.</summary>
    /// <returns>The acknowledgement's length.</returns>
    [Benchmark]
    public int SocketAcknowledged()
    {
        if (!_socket.SendAsync(_acknowledged).IsCompletedSuccessfully || !_socket.TryReceive(out ReceivedDatagram reply, out _))
            return 0;
        using (reply)
            return reply.Length;
    }

    [Benchmark]
    public Errno MediatorStruct() => HandWrittenHeader.TryRead(_request.Span, out _, out ProtocolFamily family)
        ? _mediator.Send(new NoOpSend(family)).Result.Errno
        : Errno.EINVAL;

    [Benchmark(Baseline = true)]
    public Errno MediatorObject() => HandWrittenHeader.TryRead(_request.Span, out _, out _)
        ? _mediator.Send(s_object).Result.Errno
        : Errno.EINVAL;
}
