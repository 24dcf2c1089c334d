namespace SmallRtnl.Tests;

public sealed class NetRegistryTests
{
    [Fact]
    public void A_namespace_is_created_found_listed_and_deleted_by_name()
    {
        using var host = new TestHost();
        Net net = host.Create("blue");
        Assert.Same(net, host.Registry.Find("blue"));
        Assert.Equal(["blue"], host.Registry.Names());
        Assert.False(host.Registry.TryCreate("blue", out _));
        Assert.True(host.Registry.TryDelete("blue"));
        Assert.False(host.Registry.TryDelete("blue"));
        Assert.Null(host.Registry.Find("blue"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void A_name_that_cannot_be_a_files_name_is_refused(string name)
    {
        using var host = new TestHost();
        Assert.Throws<ArgumentException>(() => host.Registry.TryCreate(name, out _));
    }

    [Fact]
    public async Task A_deleted_namespace_is_torn_down_under_its_own_lock()
    {
        using var host = new TestHost();
        Net net = host.Create("blue");
        host.Registry.TryDelete("blue");
        await host.Registry.FlushTeardownsAsync();
        Assert.True(net.IsDead);
        Assert.Equal(-1, net.Snapshot.Get<Counter>().Value);
        Assert.DoesNotContain(net, host.Registry.All());
        Assert.Equal(0, net.Users);
    }

    [Fact]
    public async Task A_namespace_lives_on_while_a_socket_is_in_it()
    {
        using var host = new TestHost();
        Net net = host.Create("blue");
        NetlinkSocket socket = host.Dispatcher.OpenSocket(net, isPrivileged: true);
        host.Registry.TryDelete("blue");
        await host.Registry.FlushTeardownsAsync();
        Assert.False(net.IsDead);
        socket.Dispose();
        await host.Registry.FlushTeardownsAsync();
        Assert.True(net.IsDead);
    }

    [Fact]
    public async Task A_dead_namespaces_ids_vanish_from_its_peers()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var context = RtnlContext.Create();
        using (a.Lock(context))
        {
            context.Stage(a, context.Read<NsidTable>(a).With(5, b));
            context.Commit();
        }
        Assert.Same(b, a.Snapshot.Get<NsidTable>().Find(5));
        host.Registry.TryDelete("b");
        await host.Registry.FlushTeardownsAsync();
        await a.FlushAsync();
        Assert.Empty(a.Snapshot.Get<NsidTable>().Assignments);
    }

    [Fact]
    public async Task A_namespace_is_torn_down_once_however_its_users_come_and_go()
    {
        using var host = new TestHost();
        for (int round = 0; round < 200; round++)
        {
            Net net = host.Create($"n{round}");
            int opened = 0;
            Task[] users = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (int i = 0; i < 20; i++)
                {
                    try
                    {
                        host.Dispatcher.OpenSocket(net, isPrivileged: true).Dispose();
                        Interlocked.Increment(ref opened);
                    }
                    catch (InvalidOperationException)
                    {
                        return;
                    }
                }
            }))];
            host.Registry.TryDelete($"n{round}");
            await Task.WhenAll(users);
            await host.Registry.FlushTeardownsAsync();
            Assert.True(net.IsDead);
            Assert.Equal(0, net.Users);
            Assert.Equal(-1, net.Snapshot.Get<Counter>().Value);
        }
    }
}
