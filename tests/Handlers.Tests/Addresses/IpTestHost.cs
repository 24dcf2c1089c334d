using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmallRtnl.Handlers.Tests.Fuzz;

namespace SmallRtnl.Handlers.Tests.Addresses;

/// <summary>A host with every handler, a clock of its own if one is given, and clients that speak of addresses and routes.</summary>
internal sealed class IpTestHost : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly FuzzHost.ErrorLog _log = new();
    private readonly List<IpClient> _clients = [];

    public IpTestHost(RtnlMode mode = RtnlMode.PerNet, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(FuzzHost.ErrorLogger<>)).AddSingleton(_log);
        if (time is not null)
            services.AddSingleton(time);
        services.AddRtnetlink(options => options.Mode = mode).AddSmallRtnlHandlers();
        _services = services.BuildServiceProvider();
        Registry = _services.GetRequiredService<NetRegistry>();
        Dispatcher = _services.GetRequiredService<RtnlDispatcher>();
    }

    public NetRegistry Registry { get; }

    public RtnlDispatcher Dispatcher { get; }

    /// <summary>A new namespace, and a client in it.</summary>
    public IpClient CreateNet(string name)
    {
        Assert.True(Registry.TryCreate(name, out Net net));
        return Open(net);
    }

    public IpClient Open(Net net, bool isPrivileged = true)
    {
        var client = new IpClient(NetlinkClient.Open(Dispatcher, net, isPrivileged), net);
        lock (_clients)
            _clients.Add(client);
        return client;
    }

    /// <summary>Waits for everything posted, also by what was posted.</summary>
    public async Task FlushAsync()
    {
        for (int round = 0; round < 3; round++)
        {
            await Registry.FlushTeardownsAsync();
            foreach (IpClient client in _clients)
                await client.Net.FlushAsync();
        }
    }

    /// <summary>Nothing has thrown inside the host.</summary>
    public void AssertNoErrors() => Assert.Empty(_log.Errors);

    public void Dispose()
    {
        foreach (IpClient client in _clients)
            client.Dispose();
        _services.Dispose();
        AssertNoErrors();
    }
}
