namespace SmallRtnl.Handlers.Tests.Addresses;

/// <summary>A host with one namespace, and a client in it.</summary>
public abstract class OneNetTests : IDisposable
{
    private protected readonly IpTestHost _host = new();
    private protected readonly IpClient _net;

    protected OneNetTests() => _net = _host.CreateNet("a");

    public void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }
}
