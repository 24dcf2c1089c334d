using System.Diagnostics;
using System.Net.Sockets;
using SmallRtnl.Tests.Dispatch;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Transport;

/// <summary>Nobody has a thread of the server for longer than a turn, whatever it sends.</summary>
public sealed class UnixTurnTests
{
    // 192 KB, of messages without an answer.
    private static readonly byte[] s_long = [.. Enumerable.Range(0, 9600).SelectMany(static i => UnixMessages.Thing(RTM_NEWTHING, NetlinkFlags.None, (uint)i))];

    [Fact]
    public async Task A_long_datagram_is_handled_in_turns_and_whole()
    {
        await using var server = await LimitedServer.StartAsync(static _ => { });
        using var busy = new FrameConnection(server.Path);
        Assert.Equal(0, busy.Open());
        busy.Send(s_long);
        busy.Send(UnixMessages.Thing(RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, 77));
        // In order: the acknowledgement is the last frame's, and all before it is done.
        byte[] ack = busy.Receive();
        Assert.Equal(77u, BitConverter.ToUInt32(ack, 16 + 8));
        Assert.Equal(9601, server.Counter);
    }

    /// <summary>Many turns at once, on every poller, some of which wait for locks: each frame whole and in its order.</summary>
    [Fact]
    public async Task Connections_that_take_turns_mix_nothing_up()
    {
        await using var server = await LimitedServer.StartAsync(static options => options.MaxUnfinishedBytesPerUser = 100_000);
        const int Clients = 12;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Factory.StartNew(
            () =>
            {
                string netns = $"n{client % 4}";
                FrameConnection.Ask(server.Path, FrameConnection.NetnsAdd, null, System.Text.Encoding.UTF8.GetBytes(netns));
                using var connection = new FrameConnection(server.Path);
                Assert.Equal(0, connection.Open(netns));
                for (uint frame = 1; frame <= 6; frame++)
                {
                    // Each third frame has messages that wait under the lock, among many that do not.
                    byte[] waits = UnixMessages.Thing(frame % 3 == 0 ? RTM_SETTHING : RTM_NEWTHING, NetlinkFlags.None, 0);
                    byte[] quick = [.. Enumerable.Range(0, 1500).SelectMany(static i => UnixMessages.Thing(RTM_NEWTHING, NetlinkFlags.None, (uint)i))];
                    connection.Send([.. quick, .. waits, .. quick, .. waits, .. UnixMessages.Thing(RTM_NEWTHING, NetlinkFlags.NLM_F_ACK, frame)]);
                }
                Assert.Equal(0, FrameConnection.Ask(server.Path, FrameConnection.Fence, connection, []));
                // The fence has been answered: everything is there.
                connection.Socket.ReceiveTimeout = 1;
                for (uint frame = 1; frame <= 6; frame++)
                    Assert.Equal(frame, BitConverter.ToUInt32(connection.Receive(), 16 + 8));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        for (int net = 0; net < 4; net++)
            Assert.Equal(Clients / 4 * 6 * 3003, server.Host.Registry.Find($"n{net}")!.Snapshot.Get<Counter>().Value);
    }

    [Fact]
    public async Task A_fence_passes_while_the_client_goes_on_sending()
    {
        await using var server = await LimitedServer.StartAsync(static _ => { });
        using var busy = new FrameConnection(server.Path);
        Assert.Equal(0, busy.Open());
        bool stop = false;
        Task flooding = Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref stop))
                    busy.Send(s_long);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Assert.Equal(0, FrameConnection.Ask(server.Path, FrameConnection.Fence, busy, []));
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), $"The fence took {Stopwatch.GetElapsedTime(start)}.");
        }
        Volatile.Write(ref stop, true);
        await flooding.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Users_have_the_same_time_whatever_the_number_of_their_files()
    {
        var queue = new UnixReadyQueue(0);
        UnixUser[] users = [.. Enumerable.Range(0, 3).Select(static uid => new UnixUser((uint)uid, false, 1, 1 << 20))];
        var had = new Dictionary<uint, long>();
        for (int i = 0; i < 100; i++)
            queue.Add(new Polled(users[0]), 1, isBehind: true);
        queue.Add(new Polled(users[1]), 1, isBehind: true);
        for (int turn = 0; turn < 1000; turn++)
        {
            // The third comes late, and the second's turns are shorter.
            if (turn == 500)
                queue.Add(new Polled(users[2]), 1, isBehind: false);
            Assert.True(queue.TryTake(out UnixPolled file, out _, out bool isBehind));
            if (turn == 500)
                Assert.Equal(2u, file.User.Uid);
            long time = file.User.Uid == 1 ? 50 : 200;
            queue.Add(file, 1, isBehind: true);
            queue.Charge(file.User, isBehind, time);
            had[file.User.Uid] = had.GetValueOrDefault(file.User.Uid) + time;
        }
        Assert.InRange(had[1], had[0] - 400, had[0] + 400);
        // It gains nothing from having been idle.
        Assert.InRange(had[2], had[0] / 5, had[0] / 2);
    }

    [Fact]
    public void Among_a_users_own_files_one_that_has_been_idle_waits_for_few_that_have_not()
    {
        var queue = new UnixReadyQueue(0);
        var user = new UnixUser(1, false, 1, 1 << 20);
        for (int i = 0; i < 100; i++)
            queue.Add(new Polled(user), 1, isBehind: true);
        var idle = new Polled(user);
        int waited = 0;
        for (int turn = 0; turn < 100; turn++)
        {
            queue.Add(idle, 2, isBehind: false);
            UnixPolled file;
            do
            {
                Assert.True(queue.TryTake(out file, out uint events, out bool isBehind));
                Assert.Equal(file == idle ? 2u : 1u, events);
                if (file != idle)
                {
                    queue.Add(file, 1, isBehind: true);
                    waited++;
                }
                queue.Charge(user, isBehind, file == idle ? 5 : 200);
            }
            while (file != idle);
        }
        Assert.InRange(waited, 0, 100);
    }

    private sealed class Polled(UnixUser user) : UnixPolled(new FileHandle(-1, ownsHandle: false), user)
    {
        public override void OnReadable(bool hasHungUp)
        {
            // Nobody calls it.
        }
    }
}
