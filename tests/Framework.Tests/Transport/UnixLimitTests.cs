using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SmallRtnl.Tests.Dispatch;

namespace SmallRtnl.Tests.Transport;

/// <summary>What no client can have more of than the server's options say, and what those hear who ask for more.</summary>
public sealed class UnixLimitTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_user_with_too_many_connections_is_told_EMFILE_and_other_users_are_served()
    {
        Assert.SkipUnless(FrameConnection.CanBeOthers, "Takes root: a client is another user.");
        await using var server = await LimitedServer.StartAsync(static options => options.MaxConnectionsPerUser = 5);
        var idle = new List<FrameConnection>();
        for (int i = 0; i < 5; i++)
            idle.Add(new FrameConnection(server.Path, FrameConnection.Nobody));
        server.WaitFor(5);
        // Said nothing, asked for a socket, asked a question: each hears it in its own words.
        using var refused = new FrameConnection(server.Path, FrameConnection.Nobody);
        Assert.Equal((int)Errno.EMFILE, refused.Open());
        Assert.True(refused.IsClosedByServer());
        using var silent = new FrameConnection(server.Path, FrameConnection.Nobody);
        Assert.Equal((int)Errno.EMFILE, silent.ReceiveWelcome());
        Assert.Equal((int)Errno.EMFILE, FrameConnection.Ask(server.Path, FrameConnection.NetnsAdd, null, "x"u8.ToArray(), FrameConnection.Nobody));
        // Those that it has go on.
        Assert.Equal(0, idle[0].Open());
        using var another = new FrameConnection(server.Path, FrameConnection.Nobody - 1);
        Assert.Equal(0, another.Open());
        using var root = new FrameConnection(server.Path);
        Assert.Equal(0, root.Open());
        Assert.Equal(0, FrameConnection.Ask(server.Path, FrameConnection.NetnsAdd, null, "x"u8.ToArray()));
        // One ends, and there is room for one, of whichever kind.
        idle[1].Dispose();
        server.WaitFor(6);
        using var late = new FrameConnection(server.Path, FrameConnection.Nobody);
        Assert.Equal(0, late.Open());
        idle.ForEach(static connection => connection.Dispose());
    }

    [Fact]
    public async Task Nobody_takes_the_last_connections_in_all_and_root_leaves_some_to_others()
    {
        Assert.SkipUnless(FrameConnection.CanBeOthers, "Takes root: clients are other users.");
        // An eighth for either side: 2.
        await using var server = await LimitedServer.StartAsync(static options => options.MaxConnections = 16);
        var open = new List<FrameConnection>();
        // A user has no more than half of them.
        Assert.Equal((8, Errno.EMFILE), Fill(server.Path, 1001, open));
        Assert.Equal((6, Errno.ENFILE), Fill(server.Path, 1002, open));
        Assert.Equal((2, Errno.ENFILE), Fill(server.Path, null, open));
        open.ForEach(static connection => connection.Dispose());
        open.Clear();
        server.WaitFor(0);
        Assert.Equal((14, Errno.EMFILE), Fill(server.Path, null, open));
        Assert.Equal((2, Errno.ENFILE), Fill(server.Path, 1001, open));
        open.ForEach(static connection => connection.Dispose());
        server.WaitFor(0);
    }

    [Fact]
    public void Descriptors_that_others_in_the_process_use_are_counted_and_the_reserve_is_left_to_them()
    {
        var users = new UnixUsers(new RtnetlinkOptions { DescriptorReserve = 100 }, descriptors: 1000, inUse: 20, pollers: 1, self: 0);
        Assert.Equal(880, users.MaxConnections);
        Assert.Equal(Errno.None, users.Enter(0, descriptor: 899, out UnixUser user));
        // Few connections, but so many descriptors are in use that the next one is of the reserve.
        Assert.Equal(Errno.ENFILE, users.Enter(0, descriptor: 900, out _));
        users.Leave(user, wasRefused: true);
        Assert.Equal(1, users.Connections);
        // The last of those that are not are root's.
        Assert.Equal(Errno.ENFILE, users.Enter(1001, descriptor: 800, out UnixUser ordinary));
        users.Leave(ordinary, wasRefused: true);
        users.Leave(user, wasRefused: false);
        Assert.Equal(0, users.Connections);
        // A machine with few descriptors still serves.
        Assert.Equal(20, new UnixUsers(new RtnetlinkOptions(), descriptors: 64, inUse: 12, pollers: 1, self: 0).MaxConnections);
    }

    [Fact]
    public async Task A_connection_without_a_first_frame_is_closed_after_a_time_and_those_that_are_open_go_on()
    {
        await using var server = await LimitedServer.StartAsync(static options => options.FirstFrameTimeout = TimeSpan.FromMilliseconds(200));
        using var open = new FrameConnection(server.Path);
        Assert.Equal(0, open.Open());
        FrameConnection[] silent = [.. Enumerable.Range(0, 20).Select(_ => new FrameConnection(server.Path))];
        server.WaitFor(21);
        Assert.All(silent, static connection =>
        {
            Assert.Equal((int)Errno.ETIMEDOUT, connection.ReceiveWelcome());
            Assert.Empty(connection.Receive());
            connection.Dispose();
        });
        server.WaitFor(1);
        Assert.Equal(0, FrameConnection.Ask(server.Path, FrameConnection.Fence, open, []));
        // Again: the sweep has not gone for good.
        using var later = new FrameConnection(server.Path);
        Assert.Equal((int)Errno.ETIMEDOUT, later.ReceiveWelcome());
    }

    [Fact]
    public async Task However_a_connection_ends_it_is_off_its_users_account()
    {
        await using var server = await LimitedServer.StartAsync(static _ => { });
        Action<FrameConnection>[] ends =
        [
            static _ => { },
            static connection => Assert.Equal(0, connection.Open()),
            static connection => Assert.Equal((int)Errno.ENOENT, connection.Open("nowhere")),
            static connection => Assert.Equal((int)Errno.EINVAL, connection.Open("a\nb")),
            static connection => connection.Send(FrameConnection.Hello, 0, 99, 0, 0, []),
            static connection => connection.Socket.Send([1, 2, 3]),
            static connection => connection.Send(FrameConnection.Answer, 0, 0, 0, 0, []),
            static connection => connection.Send(FrameConnection.Data, 0, 0, 0, 0, [1, 2, 3]),
            static connection => connection.Send(FrameConnection.Control, FrameConnection.Fence, 77, 0, 0, []),
            static connection => connection.Send(FrameConnection.Control, 200, 0, 0, 0, []),
            static connection =>
            {
                Assert.Equal(0, connection.Open());
                connection.Socket.Send([1, 2, 3]);
                Assert.True(connection.IsClosedByServer());
            },
        ];
        foreach (Action<FrameConnection> end in ends)
        {
            using (var connection = new FrameConnection(server.Path))
                end(connection);
            server.WaitFor(0);
        }
    }

    [Fact]
    public async Task A_frame_that_is_longer_than_one_may_be_closes_the_connection_unserved()
    {
        Assert.SkipUnless(FrameConnection.CanBeOthers, "Takes root: a send buffer so large is for the privileged.");
        await using var server = await LimitedServer.StartAsync(static _ => { });
        foreach (int size in (int[])[UnixFrame.MaxSize, UnixFrame.MaxSize + 1, UnixFrame.MaxSize + 4096])
        {
            using var connection = new FrameConnection(server.Path);
            Assert.Equal(0, connection.Open());
            const int SOL_SOCKET = 1;
            const int SO_SNDBUFFORCE = 32;
            connection.Socket.SetRawSocketOption(SOL_SOCKET, SO_SNDBUFFORCE, BitConverter.GetBytes(2 << 20));
            int before = server.Counter;
            byte[] netlink = new byte[size - UnixFrame.Size];
            UnixMessages.Thing(ThingType.RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, 1).CopyTo(netlink, 0);
            connection.Send(netlink);
            if (size <= UnixFrame.MaxSize)
            {
                Assert.Equal(FrameConnection.Data, connection.Receive()[0]);
                Assert.Equal(before + 1, server.Counter);
            }
            else
            {
                Assert.True(connection.IsClosedByServer());
                Assert.Equal(before, server.Counter);
            }
        }
    }

    [Theory]
    [InlineData(nameof(RtnetlinkOptions.MaxConnections))]
    [InlineData(nameof(RtnetlinkOptions.MaxConnectionsPerUser))]
    [InlineData(nameof(RtnetlinkOptions.MaxConnectionsPerPrivilegedUser))]
    [InlineData(nameof(RtnetlinkOptions.DescriptorReserve))]
    [InlineData(nameof(RtnetlinkOptions.FirstFrameTimeout))]
    [InlineData(nameof(RtnetlinkOptions.MaxUnfinishedBytesPerUser))]
    public void A_limit_that_is_none_is_refused(string option)
    {
        using var host = new TestHost(configure: options =>
        {
            Type type = typeof(RtnetlinkOptions).GetProperty(option)!.PropertyType;
            typeof(RtnetlinkOptions).GetProperty(option)!.SetValue(options, type == typeof(TimeSpan) ? TimeSpan.Zero : Convert.ChangeType(-1, type));
        });
        var exception = Assert.Throws<OptionsValidationException>(() => host.Services.GetServices<IHostedService>().ToArray());
        Assert.Contains(option, exception.Message, StringComparison.Ordinal);
    }

    private static (int Count, Errno Refusal) Fill(string path, int? uid, List<FrameConnection> open)
    {
        for (int count = 0; ; count++)
        {
            var connection = new FrameConnection(path, uid);
            open.Add(connection);
            if (connection.Open() is var errno and not 0)
                return (count, (Errno)errno);
        }
    }
}

/// <summary>The tests' host, served.</summary>
internal sealed class LimitedServer : IAsyncDisposable
{
    private readonly TestHost _host;
    private readonly UnixSocketServer _server;

    private LimitedServer(Action<RtnetlinkOptions> configure)
    {
        _host = new TestHost(socketPath: Path, configure: configure);
        _server = _host.Services.GetServices<IHostedService>().OfType<UnixSocketServer>().Single();
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"rtnl-test-{Guid.NewGuid():N}.sock");

    public TestHost Host => _host;

    public int Counter => _host.Registry.Initial.Snapshot.Get<Counter>().Value;

    public static async Task<LimitedServer> StartAsync(Action<RtnetlinkOptions> configure)
    {
        var server = new LimitedServer(configure);
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Waits until so many connections are on the account.</summary>
    public void WaitFor(int connections) =>
        Assert.True(SpinWait.SpinUntil(() => _server.Users.Connections == connections, TimeSpan.FromSeconds(10)),
            $"There are {_server.Users.Connections} connections after 10 s, not {connections}.");

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}

/// <summary>Messages of the tests' own object.</summary>
internal static class UnixMessages
{
    public static byte[] Thing(RtmType type, NetlinkFlags flags, uint sequence, ThingMessage message = default)
    {
        byte[] buffer = new byte[512];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, flags | NetlinkFlags.NLM_F_REQUEST, sequence, 0);
        message.Write(ref writer);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }
}
