using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using SmallRtnl.Tests.Transport;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>The served tool under clients that mean it ill: what it costs, and what everybody else notices. Small by default, in earnest with Category=Long.</summary>
public sealed class ServerLoadTests(ITestOutputHelper output)
{
    private const ushort RTM_GETLINK = 18;
    private const ushort RTM_SETLINK = 19;
    private const ushort NLM_F_REQUEST = 1;
    private const ushort NLM_F_ACK = 4;
    private const int EMFILE = 24;
    private const int ENFILE = 23;

    private const string Killed = """
        import os, signal, socket, struct, sys, time
        path, count = sys.argv[1], int(sys.argv[2])
        # RTM_SETLINK of lo, which changes nothing, and no acknowledgement.
        request = struct.pack('<IHHIIBBHiII', 32, 19, 1, 1, 0, 0, 0, 0, 1, 0, 0)
        frame = struct.pack('<BBHIII', 3, 0, 0, 0, 0, 0) + request
        reader, writer = os.pipe()
        def client():
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            s.connect(path)
            s.send(struct.pack('<BBHIII', 1, 0, 0, 1, 0, 0))
            s.recv(100)
            s.setblocking(False)
            sent = 0
            try:
                while True:
                    s.send(frame)
                    sent += 1
            except BlockingIOError:
                pass
            os.write(writer, struct.pack('<I', sent))
            time.sleep(300)
            os._exit(0)
        children = []
        for i in range(count):
            child = os.fork()
            if child == 0:
                client()
            children.append(child)
        total = sum(struct.unpack('<I', os.read(reader, 4))[0] for i in range(count))
        print(total, flush=True)
        sys.stdin.readline()
        for child in children:
            os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)
        print('killed', flush=True)
        """;

    private const string Ending = """
        import os, socket, struct, sys, time
        how, mine = sys.argv[1], int(sys.argv[2])
        def netlink():
            s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
            s.bind((0, 0))
            return s
        def request(i):
            # RTM_NEWADDR with an acknowledgement: 10.9.MINE.i/32 on lo.
            body = struct.pack('<BBBBI', 2, 32, 0, 0, 1) + struct.pack('<HH4B', 8, 2, 10, 9, mine, i)
            return struct.pack('<IHHII', 16 + len(body), 20, 0x605, i + 1, 0) + body
        child = os.fork()
        if child == 0:
            s = netlink()
            for i in range(100):
                s.send(request(i))
            # One is answered: that says nothing of the others.
            s.recv(8192)
            if how == 'close':
                s.close()
            if how == '_exit':
                os._exit(0)
            sys.exit(0)
        os.waitpid(child, 0)
        s = netlink()
        s.send(struct.pack('<IHHII', 24, 22, 0x301, 1, 0) + struct.pack('<BBBBI', 2, 0, 0, 0, 0))
        found = 0
        done = False
        while not done:
            data = s.recv(65536)
            found += data.count(struct.pack('<HH3B', 8, 2, 10, 9, mine))
            while len(data) >= 16:
                length, type = struct.unpack_from('<IH', data)
                done |= type == 3
                data = data[(length + 3) & ~3:]
        print(found)
        """;

    /// <summary>Every way in which a process ends by itself, with more sent than has been answered: in the kernel it is all done.</summary>
    [Fact]
    public async Task What_an_unmodified_client_sent_before_it_ended_by_itself_is_done()
    {
        await using Server server = await Server.StartAsync(descriptors: 4096, "--hold", "1ms");
        string[] ways = ["exit", "_exit", "close"];
        for (int way = 0; way < ways.Length; way++)
        {
            var start = new ProcessStartInfo(Repository.Launcher, ["exec", "--socket", server.SocketPath, "--", "/usr/bin/python3", "-c", Ending, ways[way], way.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
            };
            using Process process = Process.Start(start)!;
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
                Assert.Equal("100", await process.StandardOutput.ReadLineAsync(patience.Token));
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    [Fact]
    public Task Idle_connections_are_refused_at_the_limit_and_everybody_else_is_served() => FillAsync(descriptors: 600);

    [Fact]
    [Trait("Category", "Long")]
    public Task Thousands_of_idle_connections_are_refused_at_the_limit_and_everybody_else_is_served() => FillAsync(descriptors: 8192);

    [Fact]
    public Task A_bystander_is_served_soon_beside_connections_that_flood() => FloodAsync(connections: 20, requests: 200, bound: 100);

    [Fact]
    [Trait("Category", "Long")]
    public Task A_bystander_is_served_soon_beside_hundreds_of_connections_that_flood() => FloodAsync(connections: 200, requests: 1000, bound: 20);

    [Fact]
    public Task What_killed_clients_have_queued_is_dropped() => KillAsync(clients: 10, TimeSpan.FromSeconds(3));

    [Fact]
    [Trait("Category", "Long")]
    public Task What_hundreds_of_killed_clients_have_queued_is_dropped() => KillAsync(clients: 230, TimeSpan.FromSeconds(10));

    /// <summary>Two users take all they can get, saying HELLO and nothing more; then one that says nothing at all.</summary>
    private async Task FillAsync(int descriptors)
    {
        Assert.SkipUnless(FrameConnection.CanBeOthers, "Takes root: clients are other users.");
        await using Server server = await Server.StartAsync(descriptors);
        using var early = new FrameConnection(server.SocketPath);
        Assert.Equal(0, early.Open());
        (long memory, int files) = (server.ResidentBytes, server.Descriptors);
        var idle = new List<FrameConnection>();
        try
        {
            long start = Stopwatch.GetTimestamp();
            Assert.Equal(EMFILE, Fill(server, 1001, idle));
            int first = idle.Count;
            Assert.Equal(ENFILE, Fill(server, 1002, idle));
            int count = idle.Count;
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            using (var third = new FrameConnection(server.SocketPath, 1003))
                Assert.Equal(ENFILE, third.Open());
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"RLIMIT_NOFILE {descriptors}: one user {first} connections, a second {count - first}, in {time.TotalSeconds:0.00} s; {server.Descriptors} descriptors (before: {files}), {(server.ResidentBytes - memory) / 1024.0 / count:0.0} KiB of memory each."));
            Assert.InRange(server.Descriptors, count, descriptors - 200);
            Assert.InRange((server.ResidentBytes - memory) / count, 0, 100 * 1024);
            // What is open goes on, and who configures comes in.
            Assert.True(Ask(early) < TimeSpan.FromSeconds(5));
            using var late = new FrameConnection(server.SocketPath);
            Assert.Equal(0, late.Open());
            Assert.True(Ask(late) < TimeSpan.FromSeconds(5));
            Assert.Equal(0, FrameConnection.Ask(server.SocketPath, FrameConnection.NetnsAdd, null, "x"u8.ToArray()));
            Assert.True(Ask(idle[0]) < TimeSpan.FromSeconds(5));
        }
        finally
        {
            idle.ForEach(static connection => connection.Dispose());
        }
        await WaitUntilAsync(() => server.Descriptors <= files + 20, () => $"the connections' descriptors to be closed; there are {server.Descriptors}, before: {files}", TimeSpan.FromSeconds(20));
        if (descriptors < 1000)
            return;
        // Silent ones, more than there is room for: they have their time, and then they are gone.
        FrameConnection[] silent = [.. Enumerable.Range(0, descriptors / 2).Select(_ => new FrameConnection(server.SocketPath, 1001))];
        try
        {
            Assert.True(Ask(early) < TimeSpan.FromSeconds(5));
            using var late = new FrameConnection(server.SocketPath);
            Assert.Equal(0, late.Open());
            await WaitUntilAsync(() => server.Descriptors <= files + 20, () => $"silent connections to be closed; there are {server.Descriptors} descriptors", TimeSpan.FromSeconds(20));
        }
        finally
        {
            Array.ForEach(silent, static connection => connection.Dispose());
        }
        Assert.True(Ask(early) < TimeSpan.FromSeconds(5));
    }

    /// <summary>Connections of another user are kept filled with datagrams of 192 KB, which nobody reads the answers to.</summary>
    private async Task FloodAsync(int connections, int requests, double bound)
    {
        Assert.SkipUnless(FrameConnection.CanBeOthers, "Takes root: the clients that flood are another user.");
        await using Server server = await Server.StartAsync(descriptors: 4096);
        using var bystander = new FrameConnection(server.SocketPath);
        Assert.Equal(0, bystander.Open());
        _ = Percentile(bystander, requests);
        byte[] message = Message(RTM_GETLINK, NLM_F_REQUEST);
        byte[] frame = FrameConnection.Frame(FrameConnection.Data, 0, 0, 0, 0, [.. Enumerable.Repeat(message, 192 * 1024 / message.Length).SelectMany(static bytes => bytes)]);
        // Others use the machine as well: what is slow for once is measured once more.
        string figures = "";
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            TimeSpan quiet = Percentile(bystander, requests);
            var flooding = new List<FrameConnection>();
            using var stop = new CancellationTokenSource();
            Task flood = Task.CompletedTask;
            try
            {
                for (int i = 0; i < connections; i++)
                {
                    flooding.Add(new FrameConnection(server.SocketPath, FrameConnection.Nobody));
                    Assert.Equal(0, flooding[^1].Open());
                    flooding[^1].Socket.Blocking = false;
                }
                flood = Task.Factory.StartNew(() => Flood(flooding, frame, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                await Task.Delay(500, TestContext.Current.CancellationToken);
                TimeSpan flooded = Percentile(bystander, requests);
                TimeSpan fence = Longest(10, () => Assert.Equal(0, FrameConnection.Ask(server.SocketPath, FrameConnection.Fence, bystander, [])));
                TimeSpan welcome = Longest(10, () =>
                {
                    using var another = new FrameConnection(server.SocketPath);
                    Assert.Equal(0, another.Open());
                });
                // Its own fence comes after a datagram or two of its own, of which each user's connections have their share.
                figures = string.Create(CultureInfo.InvariantCulture,
                    $"{connections} connections flood: p99 of a bystander's GETLINK {flooded.TotalMilliseconds:0.000} ms (quiet: {quiet.TotalMilliseconds:0.000} ms, {flooded / quiet:0.0} times); the longest of 10 fences {fence.TotalMilliseconds:0.0} ms, of 10 WELCOMEs {welcome.TotalMilliseconds:0.0} ms; {server.ResidentBytes >> 20} MiB of memory.");
                output.WriteLine(figures);
                if (flooded <= bound * quiet && welcome < TimeSpan.FromSeconds(1) && fence < TimeSpan.FromSeconds(1))
                    return;
            }
            finally
            {
                await stop.CancelAsync();
                await flood.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
                flooding.ForEach(static connection => connection.Dispose());
            }
            await WaitUntilAsync(() => server.Descriptors < 200, () => $"the connections that flooded to be closed; there are {server.Descriptors} descriptors", TimeSpan.FromSeconds(60));
        }
        Assert.Fail($"More than {bound} times the quiet p99 in each of three attempts, or a fence or a WELCOME took a second: {figures}");
    }

    /// <summary>Every client has filled its connection with requests that wait for a lock, and is killed.</summary>
    private async Task KillAsync(int clients, TimeSpan bound)
    {
        await using Server server = await Server.StartAsync(descriptors: 4096, "--hold", "1ms");
        using var bystander = new FrameConnection(server.SocketPath);
        Assert.Equal(0, bystander.Open());
        _ = Ask(bystander);
        int files = server.Descriptors;
        var start = new ProcessStartInfo("python3", ["-c", Killed, server.SocketPath, clients.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            string? queued = await process.StandardOutput.ReadLineAsync(patience.Token);
            await process.StandardInput.WriteLineAsync("kill");
            Assert.Equal("killed", await process.StandardOutput.ReadLineAsync(patience.Token));
            long since = Stopwatch.GetTimestamp();
            await WaitUntilAsync(() => server.Descriptors <= files + 5, () => $"{clients} killed clients' connections to be closed; there are {server.Descriptors} descriptors, before: {files}", bound);
            TimeSpan gone = Stopwatch.GetElapsedTime(since);
            // And the lock is free.
            TimeSpan answered = Ask(bystander, RTM_SETLINK);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{clients} clients killed with {queued} requests queued, each 1 ms under the lock: the last one gone after {gone.TotalSeconds:0.00} s, then a request takes {answered.TotalMilliseconds:0} ms."));
            Assert.True(answered < TimeSpan.FromSeconds(2), $"A request took {answered}.");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static int Fill(Server server, int uid, List<FrameConnection> open)
    {
        while (true)
        {
            var connection = new FrameConnection(server.SocketPath, uid);
            if (connection.Open() is var errno and not 0)
            {
                connection.Dispose();
                return errno;
            }
            open.Add(connection);
        }
    }

    private static void Flood(List<FrameConnection> connections, byte[] frame, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            bool sent = false;
            foreach (FrameConnection connection in connections)
            {
                connection.Socket.Send(frame, SocketFlags.None, out SocketError error);
                sent |= error == SocketError.Success;
            }
            if (!sent)
                Thread.Sleep(1);
        }
    }

    /// <summary>The p99 of a request of a client that asks and is idle, in turn.</summary>
    private static TimeSpan Percentile(FrameConnection client, int requests)
    {
        TimeSpan[] times = new TimeSpan[requests];
        for (int i = 0; i < requests; i++)
        {
            Thread.Sleep(2);
            times[i] = Ask(client);
        }
        Array.Sort(times);
        return times[requests * 99 / 100];
    }

    private static TimeSpan Longest(int times, Action act)
    {
        TimeSpan longest = default;
        for (int i = 0; i < times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            act();
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
        }
        return longest;
    }

    private static TimeSpan Ask(FrameConnection client, ushort type = RTM_GETLINK)
    {
        byte[] message = Message(type, type == RTM_GETLINK ? NLM_F_REQUEST : (ushort)(NLM_F_REQUEST | NLM_F_ACK));
        long start = Stopwatch.GetTimestamp();
        client.Send(message);
        Assert.Equal(FrameConnection.Data, client.Receive()[0]);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>struct nlmsghdr and struct ifinfomsg, for lo.</summary>
    private static byte[] Message(ushort type, ushort flags)
    {
        byte[] message = new byte[32];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), flags);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(20), 1);
        return message;
    }

    private static async Task WaitUntilAsync(Func<bool> condition, Func<string> what, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
                Assert.Fail($"Waited {limit} for {what()}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A server in a process of its own.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rtnl-load-");
        private readonly Process _process;

        private Server(int descriptors, string[] options)
        {
            // Other users come here.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
            SocketPath = Path.Combine(_folder.FullName, "s");
            var start = new ProcessStartInfo("prlimit", [$"--nofile={descriptors}:{descriptors}", Repository.Launcher, "serve", "--socket", SocketPath, .. options])
            {
                RedirectStandardOutput = true,
            };
            // What is measured is the server as it is served, not under the checker of lock order.
            start.Environment.Remove("SMALLRTNL_LOCKDEP");
            _process = Process.Start(start)!;
        }

        public string SocketPath { get; }

        public int Descriptors => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

        public long ResidentBytes
        {
            get
            {
                string line = File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
                return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
            }
        }

        public static async Task<Server> StartAsync(int descriptors, params string[] options)
        {
            var server = new Server(descriptors, options);
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
                string? line = await server._process.StandardOutput.ReadLineAsync(patience.Token);
                Assert.StartsWith("Serving", line, StringComparison.Ordinal);
                _ = server._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return server;
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            bool died = _process.HasExited;
            if (!died)
                _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
            _process.Dispose();
            _folder.Delete(recursive: true);
            Assert.False(died, "The server has ended by itself.");
        }
    }
}
