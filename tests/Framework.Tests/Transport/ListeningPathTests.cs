using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SmallRtnl.Tests.Transport;

/// <summary>What a server finds where it is to listen: only what a server of ours has left there is removed.</summary>
public sealed class ListeningPathTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rtnl-path-test-");
    private readonly List<IDisposable> _open = [];

    public void Dispose()
    {
        foreach (IDisposable open in _open)
            open.Dispose();
        _folder.Delete(recursive: true);
    }

    public static TheoryData<string> Strangers =>
    [
        "file", "empty file", "FIFO", "folder", "device", "link to a file", "dangling link", "link to a live socket", "link to a stale socket",
        "live Stream", "live Dgram", "live Seqpacket", "stale Stream", "stale Dgram", "stale Seqpacket",
    ];

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Whatever_is_at_the_path_and_not_ours_is_left_alone(string kind)
    {
        string path = Path.Combine(_folder.FullName, "rtnl.sock");
        Assert.SkipUnless(Make(kind, path), "A device needs root.");
        string before = await DescribeAsync(path);
        Exception refused = await Assert.ThrowsAnyAsync<IOException>(() => Serve(path).StartAsync(CancellationToken.None));
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Contains("left alone", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await DescribeAsync(path));
        // And nothing of ours stays beside it.
        Assert.Equal(["rtnl.sock"], _folder.EnumerateFileSystemInfos().Select(static entry => entry.Name).Where(static name => name != "other"));
    }

    [Theory]
    [InlineData("FIFO")]
    [InlineData("folder")]
    [InlineData("link to a file")]
    [InlineData("dangling link")]
    [InlineData("device")]
    public async Task A_lock_that_is_none_is_left_alone(string kind)
    {
        string path = Path.Combine(_folder.FullName, "rtnl.sock");
        Assert.SkipUnless(Make(kind, path + ".lock"), "A device needs root.");
        string before = await DescribeAsync(path + ".lock");
        await Assert.ThrowsAnyAsync<IOException>(() => Serve(path).StartAsync(CancellationToken.None));
        Assert.Equal(before, await DescribeAsync(path + ".lock"));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_path_that_cannot_be_is_refused_in_words()
    {
        foreach (string path in (string[])["", Path.Combine(_folder.FullName, new string('x', 120)), Path.Combine(_folder.FullName, "nowhere", "rtnl.sock"), "a\0b"])
        {
            Exception refused = await Assert.ThrowsAnyAsync<IOException>(() => Serve(path).StartAsync(CancellationToken.None));
            Assert.DoesNotContain('\n', refused.Message);
        }
        Assert.Empty(_folder.EnumerateFileSystemInfos());
        // One byte less, and it is served.
        string longest = Path.Combine(_folder.FullName, new string('x', 107 - _folder.FullName.Length - 1));
        IHostedService server = Serve(longest);
        await server.StartAsync(CancellationToken.None);
        Assert.Empty(new RtnlControlClient(longest).ListNetns());
        await server.StopAsync(CancellationToken.None);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_second_server_is_told_who_serves_and_the_first_goes_on()
    {
        string path = Path.Combine(_folder.FullName, "rtnl.sock");
        IHostedService first = Serve(path);
        await first.StartAsync(CancellationToken.None);
        Exception refused = await Assert.ThrowsAnyAsync<IOException>(() => Serve(path).StartAsync(CancellationToken.None));
        Assert.Equal($"another server serves there already (process {Environment.ProcessId})", refused.Message);
        Assert.Empty(new RtnlControlClient(path).ListNetns());
        await first.StopAsync(CancellationToken.None);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_server_that_stops_leaves_what_has_taken_its_place()
    {
        string path = Path.Combine(_folder.FullName, "rtnl.sock");
        IHostedService older = Serve(path);
        await older.StartAsync(CancellationToken.None);
        File.Delete(path);
        File.Delete(path + ".lock");
        IHostedService newer = Serve(path);
        await newer.StartAsync(CancellationToken.None);
        await older.StopAsync(CancellationToken.None);
        ((IDisposable)older).Dispose();
        Assert.Empty(new RtnlControlClient(path).ListNetns());
        Assert.True(File.Exists(path + ".lock"));
        await newer.StopAsync(CancellationToken.None);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess || OperatingSystem.IsWindows(), "Root writes everywhere.");
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await Assert.ThrowsAnyAsync<IOException>(() => Serve(Path.Combine(_folder.FullName, "rtnl.sock")).StartAsync(CancellationToken.None));
        File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private IHostedService Serve(string path)
    {
        var host = new TestHost(socketPath: path);
        _open.Add(host);
        return host.Services.GetServices<IHostedService>().Single();
    }

    private bool Make(string kind, string path)
    {
        string other = Path.Combine(_folder.FullName, "other");
        switch (kind)
        {
            case "file":
                File.WriteAllText(path, "precious");
                return true;
            case "empty file":
                File.WriteAllText(path, "");
                return true;
            case "FIFO":
                return Run("mkfifo", path);
            case "device":
                return Run("mknod", path, "c", "1", "3");
            case "folder":
                Directory.CreateDirectory(path);
                return true;
            case "link to a file":
                File.WriteAllText(other, "precious");
                File.CreateSymbolicLink(path, other);
                return true;
            case "dangling link":
                File.CreateSymbolicLink(path, other);
                return true;
            case "link to a live socket":
                Listen(other, SocketType.Seqpacket, stale: false);
                File.CreateSymbolicLink(path, other);
                return true;
            case "link to a stale socket":
                Listen(other, SocketType.Seqpacket, stale: true);
                File.CreateSymbolicLink(path, other);
                return true;
            default:
                string[] words = kind.Split(' ');
                Listen(path, Enum.Parse<SocketType>(words[1]), words[0] == "stale");
                return true;
        }
    }

    private void Listen(string path, SocketType type, bool stale)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        // Under another name first: a socket of the class library's takes the name under which it was bound with it.
        socket.Bind(new UnixDomainSocketEndPoint(path + ".new"));
        if (type != SocketType.Dgram)
            socket.Listen();
        File.Move(path + ".new", path);
        if (stale)
            socket.Dispose();
        else
            _open.Add(socket);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)), $"{program} has not ended within 10 s.");
        return process.ExitCode == 0;
    }

    /// <summary>Kind, inode and times: what must not change.</summary>
    private static async Task<string> DescribeAsync(string path)
    {
        (int exit, string description, string error) = await Patience.RunAsync(new ProcessStartInfo("stat", ["-c", "%f %d:%i %u %h %y %z %N", path]));
        Assert.True(exit == 0, error);
        return description;
    }
}
