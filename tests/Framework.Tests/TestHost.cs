using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Tests.Dispatch;

namespace SmallRtnl.Tests;

/// <summary>The framework with one subsystem that keeps a number in every namespace, and no handlers.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly ServiceProvider _services;

    public TestHost(RtnlMode mode = RtnlMode.PerNet, int maxExclusiveBatch = 64, string? socketPath = null, Action<RtnetlinkOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddRtnetlink(options =>
        {
            options.Mode = mode;
            options.MaxExclusiveBatch = maxExclusiveBatch;
            options.MaxMessageType = ThingType.RTM_SETTHING;
            options.SocketPath = socketPath;
            configure?.Invoke(options);
        }).AddSmallRtnlFrameworkTestsHandlers();
        _services = services.BuildServiceProvider();
        Registry = _services.GetRequiredService<NetRegistry>();
        Gate = _services.GetRequiredService<RtnlGate>();
        Dispatcher = _services.GetRequiredService<RtnlDispatcher>();
    }

    public IServiceProvider Services => _services;

    public NetRegistry Registry { get; }

    public RtnlGate Gate { get; }

    public RtnlDispatcher Dispatcher { get; }

    public Net Create(string name)
    {
        Assert.True(Registry.TryCreate(name, out Net net));
        return net;
    }

    public void Dispose() => _services.Dispose();
}

/// <summary>The simplest state.</summary>
internal sealed record Counter(int Value);

/// <summary>Keeps a <see cref="Counter"/> in every namespace and counts the teardowns.</summary>
[PernetSubsystem]
internal sealed class CounterSubsystem : IPernetSubsystem
{
    public static int Exits;

    public void Init(PernetInit init) => init.Add(new Counter(0));

    public void Exit(RtnlContext context, Net net)
    {
        RtnlAssert.NetHeld(net);
        context.Stage(net, new Counter(-1));
        Interlocked.Increment(ref Exits);
    }
}
