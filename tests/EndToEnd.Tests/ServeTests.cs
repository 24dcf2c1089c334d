using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Where a server listens, whom its clients believe, and what the tool says when something is wrong.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rtnl-serve-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Socket => Path.Combine(_folder.FullName, "rtnl.sock");

    [Fact]
    public async Task Of_three_that_start_at_once_where_one_was_killed_exactly_one_serves()
    {
        using (Process killed = await ServeAsync())
        {
            killed.Kill();
            await killed.ExitWithinAsync("a server to end when killed");
        }
        Assert.True(File.Exists(Socket));
        Process[] three = [.. Enumerable.Range(0, 3).Select(_ => Start(["serve", "--socket", Socket]))];
        try
        {
            await Patience.UntilAsync(() => three.Count(static server => server.HasExited) == 2, "two of three servers to give up");
            Process serving = Assert.Single(three, static server => !server.HasExited);
            foreach (Process other in three.Where(static server => server.HasExited))
            {
                Assert.Equal(1, other.ExitCode);
                string error = await other.StandardError.ReadToEndAsync().WithinAsync("what a server says that gives up");
                Assert.StartsWith($"rtnl: cannot listen on {Socket}: another server serves there already", error, StringComparison.Ordinal);
                Assert.Equal(1, error.Count(static character => character == '\n'));
            }
            Assert.StartsWith("Serving", await serving.StandardOutput.ReadLineAsync().WithinAsync("the server to serve"), StringComparison.Ordinal);
            Assert.Equal((0, "", ""), await RunAsync("netns", "add", "blue", "--socket", Socket));
            Assert.Equal((0, "blue\n", ""), await RunAsync("netns", "list", "--socket", Socket));
            await serving.SignalAsync("TERM");
            await serving.ExitWithinAsync("the server to stop");
            Assert.Empty(_folder.EnumerateFileSystemInfos());
        }
        finally
        {
            foreach (Process server in three)
            {
                if (!server.HasExited)
                    server.Kill();
                server.Dispose();
            }
        }
    }

    /// <summary>Each verb that needs a place, with each place that cannot be.</summary>
    [Theory]
    [InlineData("an empty path")]
    [InlineData("a path that is too long")]
    [InlineData("a folder that is not there")]
    [InlineData("a file")]
    [InlineData("nobody listens")]
    [InlineData("no standard output")]
    [InlineData("a full standard output")]
    [InlineData("a temporary folder that is not there")]
    [InlineData("a temporary folder that is too long")]
    public async Task Whatever_is_wrong_is_said_in_one_line(string wrong)
    {
        string path = wrong switch
        {
            "an empty path" => "",
            "a path that is too long" => Path.Combine(_folder.FullName, new string('x', 150)),
            "a folder that is not there" => Path.Combine(_folder.FullName, "nowhere", "rtnl.sock"),
            "a file" => Path.Combine(_folder.FullName, "file"),
            _ => Socket,
        };
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "file"), "precious", TestContext.Current.CancellationToken);
        string longFolder = _folder.CreateSubdirectory(new string('y', 200)).FullName;
        (string environment, string redirection) = wrong switch
        {
            "no standard output" => ("", ">&-"),
            "a full standard output" => ("", ">/dev/full"),
            "a temporary folder that is not there" => ($"TMPDIR={_folder.FullName}/nowhere", ""),
            "a temporary folder that is too long" => ($"TMPDIR={longFolder}", ""),
            _ => ("", ""),
        };
        bool output = redirection.Length > 0;
        bool temporary = environment.Length > 0;
        string[] commands = output
            ? ["serve --socket {0}", "handlers", "handlers --json", "handlers --markdown", "explain inet newaddr", "explain inet newaddr --json", "demo --namespaces 1", "--help"]
            : temporary ? ["exec -- true", "demo --namespaces 1", "workload --target socket --namespaces 1"]
            : wrong == "nobody listens" ? ["netns list --socket {0}", "netns add a --socket {0}", "netns del a --socket {0}", "exec --socket {0} -- true"]
            : ["serve --socket {0}", "netns list --socket {0}", "netns add a --socket {0}", "exec --socket {0} -- true"];
        foreach (string command in commands)
        {
            string line = string.Format(CultureInfo.InvariantCulture, command, $"'{path}'");
            (int exit, _, string error) = await Patience.RunAsync(new ProcessStartInfo("sh", ["-c", $"{environment} '{Repository.Launcher}' {line} {redirection}"]));
            string shown = $"{command}: {exit}: {error}";
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled", error, StringComparison.Ordinal);
            // A temporary folder that cannot be had is done without where that is possible.
            Assert.True(exit is 1 or 125 || (temporary && exit == 0), shown);
            Assert.True(error.Count(static character => character == '\n') == (exit == 0 ? 0 : 1), shown);
            Assert.True(exit == 0 || error.StartsWith("rtnl: ", StringComparison.Ordinal), shown);
        }
        Assert.Equal("precious", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "file"), TestContext.Current.CancellationToken));
        Assert.Equal(2, _folder.EnumerateFileSystemInfos().Count());
    }

    [Fact]
    public async Task A_server_tells_names_that_a_terminal_must_not_obey()
    {
        byte[][] names =
        [
            "plain"u8.ToArray(), "\u001b[31mred\u0007"u8.ToArray(), "line\nfeed\r"u8.ToArray(), "\u202egpj.exe"u8.ToArray(), "c1\u009bcsi"u8.ToArray(),
            [(byte)'b', 0xff, (byte)'c'], "back\\slash"u8.ToArray(), "naïve"u8.ToArray(), "\u2028\ufeff\u00ad\u007f"u8.ToArray(),
        ];
        using var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Socket));
        listener.Listen();
        Task answering = Task.Run(async () =>
        {
            using Socket client = await listener.AcceptAsync();
            byte[] question = new byte[1024];
            int length = await client.ReceiveAsync(question);
            // CONTROL, operation and the rest as asked: ANSWER, no error, nothing more to come.
            byte[] answer = [6, question[1], .. new byte[14], .. names.SelectMany(static name => (byte[])[.. name, 0])];
            await client.SendAsync(answer);
            return length;
        });
        (int exit, string output, string error) = await RunAsync("netns", "list", "--socket", Socket);
        await answering.WithinAsync("a question");
        Assert.True(exit == 0, error);
        Assert.Equal(
            ["plain", "\\x1B[31mred\\x07", "line\\x0Afeed\\x0D", "\\u202Egpj.exe", "c1\\u009Bcsi", "b\uFFFDc", "back\\\\slash", "naïve", "\\u2028\\uFEFF\\u00AD\\x7F"],
            output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_server_that_never_ends_its_list_is_not_listened_to_for_ever()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Socket));
        listener.Listen();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using Socket client = await listener.AcceptAsync();
                byte[] question = new byte[1024];
                await client.ReceiveAsync(question);
                // The next one is always the seventh.
                await client.SendAsync((byte[])[6, question[1], 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, (byte)'a', 0]);
            }
        });
        (int exit, _, string error) = await RunAsync("netns", "list", "--socket", Socket);
        Assert.Equal((1, $"rtnl: {Socket}: The server's list of names does not end.\n"), (exit, error));
    }

    [Fact]
    public async Task Another_users_server_is_believed_only_where_that_is_asked_for()
    {
        string tool = NativeToolForOthers();
        using Process stranger = Process.Start(Patience.WithDefaultSignals("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", tool, "serve", "--socket", Socket))!;
        try
        {
            Assert.StartsWith("Serving", await stranger.StandardOutput.ReadLineAsync().WithinAsync("another user's server"), StringComparison.Ordinal);
            string refusal = $"rtnl: {Socket} is served by uid 65534, who is neither root nor you (--trust-server UID says that it may)\n";
            Assert.Equal((1, "", refusal), await RunAsync("netns", "list", "--socket", Socket));
            Assert.Equal((1, "", refusal), await RunAsync("netns", "add", "a", "--socket", Socket));
            Assert.Equal((125, "", refusal), await RunAsync("exec", "--socket", Socket, "--", "true"));
            Assert.Equal((0, "", ""), await RunAsync("netns", "add", "a", "--socket", Socket, "--trust-server", "65534"));
            Assert.Equal((0, "a\n", ""), await RunAsync("netns", "list", "--socket", Socket, "--trust-server", "65534"));
            Assert.Equal((1, "", refusal), await RunAsync("netns", "list", "--socket", Socket, "--trust-server", "65533"));
        }
        finally
        {
            stranger.Kill();
        }
    }

    /// <summary>By default a server listens where nobody else can put anything; who sits on the name in the shared folder only moves it on.</summary>
    [Theory]
    [InlineData("runtime folder", "run/rtnl")]
    [InlineData("runtime folder of another", "tmp/rtnl-65534")]
    [InlineData("runtime folder open to others", "tmp/rtnl-65534")]
    [InlineData("nothing", "tmp/rtnl-65534")]
    [InlineData("folder of another", "home/.cache/rtnl")]
    [InlineData("file", "home/.cache/rtnl")]
    [InlineData("link", "home/.cache/rtnl")]
    [InlineData("folder open to others", "home/.cache/rtnl")]
    public async Task The_default_path_is_in_a_folder_of_ones_own(string there, string expected)
    {
        string tool = NativeToolForOthers();
        foreach (string name in (string[])["run", "tmp", "home", "home/.cache", "other"])
            Directory.CreateDirectory(Path.Combine(_folder.FullName, name));
        string own = "chown -R 65534:65534 home other";
        string prepare = there switch
        {
            "runtime folder" => "chown 65534 run; chmod 700 run",
            "runtime folder of another" => "chmod 700 run",
            "runtime folder open to others" => "chown 65534 run; chmod 755 run",
            "folder of another" => "mkdir tmp/rtnl-65534",
            "file" => "touch tmp/rtnl-65534; chown 65534 tmp/rtnl-65534",
            "link" => "ln -s ../other tmp/rtnl-65534",
            "folder open to others" => "mkdir tmp/rtnl-65534; chown 65534 tmp/rtnl-65534; chmod 777 tmp/rtnl-65534",
            _ => "true",
        };
        string variables = there.StartsWith("runtime", StringComparison.Ordinal) ? $"XDG_RUNTIME_DIR={_folder.FullName}/run" : "";
        Assert.Equal(0, (await Patience.RunAsync(new ProcessStartInfo("sh", ["-c", $"{own}; chmod 1777 tmp; {prepare}"]) { WorkingDirectory = _folder.FullName })).Exit);
        string[] prefix =
        [
            "--reuid=65534", "--regid=65534", "--clear-groups", "env", "-i", $"TMPDIR={_folder.FullName}/tmp", $"HOME={_folder.FullName}/home", .. variables.Length > 0 ? (string[])[variables] : [],
            tool,
        ];
        using Process server = Process.Start(Patience.WithDefaultSignals("setpriv", [.. prefix, "serve"]))!;
        try
        {
            string socket = Path.Combine(_folder.FullName, expected, "rtnl.sock");
            Assert.Equal($"Serving rtnetlink on {socket} (mode PerNet).", await server.StandardOutput.ReadLineAsync().WithinAsync("a server at its default"));
            // Whoever uses the same variables finds it.
            Assert.Equal((0, "", ""), await Patience.RunAsync(new ProcessStartInfo("setpriv", [.. prefix, "netns", "add", "a"])));
            Assert.Equal((0, "a\n", ""), await Patience.RunAsync(new ProcessStartInfo("setpriv", [.. prefix, "netns", "list"])));
            await server.SignalAsync("TERM");
            await server.ExitWithinAsync("the server to stop");
            string error = await server.StandardError.ReadToEndAsync().WithinAsync("what the server says");
            // Moved on, it says why, and what to do.
            Assert.Equal(expected.StartsWith("home", StringComparison.Ordinal), error.Contains("Set XDG_RUNTIME_DIR, or give --socket.", StringComparison.Ordinal));
            Assert.False(File.Exists(socket));
        }
        finally
        {
            if (!server.HasExited)
                server.Kill();
        }
    }

    /// <summary>The tool where another user can run it.</summary>
    private string NativeToolForOthers()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "To be another user needs root.");
        string native = Path.Combine(Repository.Root, "artifacts", "publish", "tool-aot");
        Assert.SkipUnless(File.Exists(Path.Combine(native, "rtnl")), "The tool is not built as a native program (eng/aot.sh --tool); the runtime is not where another user could run it.");
        string tool = Directory.CreateDirectory(Path.Combine(_folder.FullName, "tool")).FullName;
        foreach (string name in (string[])["rtnl", "librtnl-shim.so", "librtnl-launch.so"])
            File.Copy(Path.Combine(native, name), Path.Combine(tool, name));
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(tool, (UnixFileMode)0b111_101_101);
        return Path.Combine(tool, "rtnl");
    }

    private async Task<Process> ServeAsync()
    {
        Process server = Start(["serve", "--socket", Socket]);
        Assert.StartsWith("Serving", await server.StandardOutput.ReadLineAsync().WithinAsync("a server to serve"), StringComparison.Ordinal);
        return server;
    }

    private static Process Start(IEnumerable<string> arguments) => Process.Start(Patience.WithDefaultSignals(Repository.Launcher, arguments))!;

    private static Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => Patience.RunAsync(new ProcessStartInfo(Repository.Launcher, arguments));
}
