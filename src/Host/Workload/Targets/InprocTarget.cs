using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SmallRtnl.Host;

/// <summary>A host in this process.</summary>
internal sealed class InprocTarget : WorkloadTarget
{
    private readonly IHost _host;
    private readonly RtnlDispatcher _dispatcher;
    private readonly ServerMeter _meter;
    private long _heapBefore;
    private long? _live;

    public InprocTarget(ServerOptions options)
    {
        _host = RtnlHost.Build(options, socketPath: null);
        _dispatcher = _host.Services.GetRequiredService<RtnlDispatcher>();
        _meter = new ServerMeter(_host.Services.GetRequiredService<RtnlStatistics>());
    }

    public override string Name => WorkloadTargets.Inproc;

    /// <summary>Whether the heap is looked at when all namespaces are there, for which it is collected.</summary>
    public bool WeighsHeap { get; init; }

    public NetRegistry Registry => _dispatcher.Registry;

    public override void CreateNamespace(string name, ReceiveBuffer buffer)
    {
        if (!Registry.TryCreate(name, out _))
            throw new WorkloadException($"Namespace {name} exists.");
    }

    public override WorkloadConnection Open(string name, ReceiveBuffer buffer)
    {
        NetlinkSocket socket = _dispatcher.OpenSocket(Registry.Find(name) ?? throw new WorkloadException($"There is no namespace {name}."), isPrivileged: true);
        socket.SetOption(NetlinkSocketOption.NETLINK_EXT_ACK, 1);
        socket.SetOption(NetlinkSocketOption.NETLINK_GET_STRICT_CHK, 1);
        return new InprocConnection(socket);
    }

    public override void DeleteNamespace(string name, WorkloadConnection connection, ReceiveBuffer buffer)
    {
        connection.Dispose();
        if (!Registry.TryDelete(name))
            throw new WorkloadException($"There is no namespace {name}.");
    }

    public override void BeginMeasure(CancellationToken cancellation)
    {
        Registry.FlushTeardownsAsync().GetAwaiter().GetResult();
        if (WeighsHeap)
            _heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        _meter.Restart();
    }

    public override void AtPeak()
    {
        if (WeighsHeap)
            _live = GC.GetTotalMemory(forceFullCollection: true) - _heapBefore;
    }

    public override TargetCost EndMeasure(CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Registry.FlushTeardownsAsync().GetAwaiter().GetResult();
        // The process that serves is the tool.
        return _meter.Read() with { ServerCpuSeconds = null, LiveBytes = _live, LastGoneMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
    }

    public override void Dispose()
    {
        _meter.Dispose();
        _host.Dispose();
    }
}
