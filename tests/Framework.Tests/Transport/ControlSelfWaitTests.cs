using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SmallRtnl.Tests.Transport;

/// <summary>A question to the server of the same process, asked with a lock held, would wait for itself.</summary>
public sealed class ControlSelfWaitTests
{
    [Fact]
    public async Task A_control_operation_under_a_lock_is_refused_while_this_process_serves_the_path()
    {
        string path = Path.Combine(Path.GetTempPath(), $"rtnl-test-{Guid.NewGuid():N}.sock");
        using var host = new TestHost(socketPath: path);
        IHostedService server = host.Services.GetServices<IHostedService>().Single();
        await server.StartAsync(TestContext.Current.CancellationToken);
        Assert.Contains("wait for oneself", Assert.Throws<RtnlAssertionException>(() => AddUnderLock(host, path)).Message, StringComparison.Ordinal);
        Assert.Equal(Errno.None, new RtnlControlClient(path).AddNetns("x"));
        await server.StopAsync(TestContext.Current.CancellationToken);
        // Nobody listens any more, which is another matter.
        Assert.IsNotType<RtnlAssertionException>(Record.Exception(() => AddUnderLock(host, path)));
    }

    private static void AddUnderLock(TestHost host, string path)
    {
        using RtnlContext context = RtnlContext.Create();
        using RtnlLease lease = host.Gate.Lock(context);
        new RtnlControlClient(path).AddNetns("x");
    }
}
