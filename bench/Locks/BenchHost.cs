using Microsoft.Extensions.DependencyInjection;

namespace SmallRtnl.Bench;

/// <summary>A host with namespaces and the handlers of <see cref="HoldHandlers"/>.</summary>
internal sealed class BenchHost : IDisposable
{
    private readonly ServiceProvider _services;

    public BenchHost(RtnlMode mode, int nets, int? maxExclusiveBatch = null, CpuWork? work = null)
    {
        var services = new ServiceCollection();
        services.AddRtnetlink(options =>
        {
            options.Mode = mode;
            options.MaxMessageType = NoOpType.RTM_SETNOOP;
            options.MaxExclusiveBatch = maxExclusiveBatch ?? options.MaxExclusiveBatch;
        }).AddBenchHandlers();
        services.AddSingleton(work ?? new CpuWork(0));
        _services = services.BuildServiceProvider();
        Gate = _services.GetRequiredService<RtnlGate>();
        Dispatcher = _services.GetRequiredService<RtnlDispatcher>();
        NetRegistry registry = _services.GetRequiredService<NetRegistry>();
        Nets = [.. Enumerable.Range(0, nets).Select(i => registry.TryCreate($"net{i}", out Net net) ? net : throw new InvalidOperationException("The name is taken."))];
    }

    public RtnlGate Gate { get; }

    public RtnlDispatcher Dispatcher { get; }

    public Net[] Nets { get; }

    public void Dispose() => _services.Dispose();
}
