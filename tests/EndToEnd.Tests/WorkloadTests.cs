using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary><c>rtnl workload</c>, small.</summary>
public sealed class WorkloadTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rtnl-workload-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Every_target_of_ours_gets_the_same_requests_and_answers_the_same_objects()
    {
        string plot = Path.Combine(_directory.FullName, "runs.svg");
        JsonElement report = await ReportAsync("--namespaces", "4", "--clients", "3", "--target", "inproc,socket", "--mode", "PerNet,BigLock", "--plot", plot);
        JsonElement[] runs = [.. report.GetProperty("runs").EnumerateArray()];
        Assert.Equal(["inproc PerNet", "inproc BigLock", "socket PerNet", "socket BigLock"], runs.Select(static run => $"{Text(run, "target")} {Text(run, "mode")}"));
        Assert.Equal(4 * 83, runs[0].GetProperty("requests").GetInt64());
        Assert.All(runs, run =>
        {
            Assert.Equal(Counts(runs[0]), Counts(run));
            Assert.True(run.GetProperty("cost").GetProperty("peakBytes").GetInt64() > 0);
            Assert.True(run.GetProperty("cost").GetProperty("allocatedBytes").GetInt64() > 0);
            Assert.True(run.GetProperty("cost").GetProperty("toolCpuSeconds").GetDouble() > 0);
            Assert.Equal(Text(run, "target") == "socket", run.GetProperty("cost").TryGetProperty("serverCpuSeconds", out _));
            Assert.Equal(["Setup", "Churn", "Query", "Teardown"], run.GetProperty("phases").EnumerateArray().Select(static phase => Text(phase, "phase")));
        });
        JsonElement row = Row(report, "mode-pernet");
        Assert.Equal(runs[1].GetProperty("seconds").GetDouble() / runs[0].GetProperty("seconds").GetDouble(), row.GetProperty("ratio").GetDouble(), 1e-6);
        Assert.Contains("<svg", await File.ReadAllTextAsync(plot, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_kernel_gets_the_same_requests_several_at_once_as_well()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Namespaces of the kernel's need root.");
        JsonElement report = await ReportAsync("--namespaces", "3", "--clients", "2", "--target", "socket,kernel", "--pipeline", "16");
        JsonElement[] runs = [.. report.GetProperty("runs").EnumerateArray()];
        Assert.Equal(["socket", "kernel"], runs.Select(static run => Text(run, "target")));
        Assert.Equal(Requests(runs[0]), Requests(runs[1]));
        Assert.All(runs, static run => Assert.True(run.GetProperty("cost").GetProperty("lastGoneMilliseconds").GetDouble() > 0));
        Assert.Equal("Slab + Percpu gained, whole machine", Text(runs[1].GetProperty("cost"), "peakOf"));
        // Three namespaces are not what the goals of these names are about.
        foreach (string id in (string[])["workload-socket-n3-p2-k3-pipeline16", "setup-socket-n3-p2-k3-pipeline16"])
        {
            JsonElement row = Row(report, id);
            Assert.Equal("kernel", Text(row, "baselineName"));
            Assert.Equal(row.GetProperty("baseline").GetDouble() / row.GetProperty("ours").GetDouble(), row.GetProperty("ratio").GetDouble(), 1e-6);
        }
    }

    [Fact]
    public async Task Some_goals_are_measured_alone()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "The kernel's side needs root.");
        string plot = Path.Combine(_directory.FullName, "runs.svg");
        JsonElement report = await ReportAsync("--only", "churn-socket,dump-addresses,cold-start,linear-bytes", "--namespaces", "4", "--repeat", "1", "--plot", plot);
        Assert.Equal(["cold-start-n4", "churn-socket-n4", "dump-addresses-n4", "linear-bytes-n4"], report.GetProperty("rows").EnumerateArray().Select(static row => Text(row, "id")));
        Assert.All(report.GetProperty("rows").EnumerateArray(), static row =>
        {
            Assert.True(row.GetProperty("isOffGoal").GetBoolean());
            Assert.Equal(Text(row, "id") == "cold-start-n4" ? JsonValueKind.Null : JsonValueKind.Number, row.GetProperty("bytes").ValueKind);
            Assert.True(row.GetProperty("ours").GetDouble() > 0);
            Assert.True(row.GetProperty("baseline").GetDouble() > 0);
        });
        Assert.Matches("ours .*, (20 objects a dump of [0-9]+ B each); kernel .*, \\1; processor", Text(Row(report, "dump-addresses-n4"), "note"));
    }

    /// <summary>A handler that waits under its lock keeps out whoever needs the same lock, and nobody else.</summary>
    [Fact]
    public async Task Handlers_that_wait_hold_up_only_those_who_share_their_lock()
    {
        JsonElement report = await ReportAsync("--namespaces", "4", "--clients", "4", "--interfaces", "1", "--hold", "1ms", "--mode", "PerNet,BigLock", "--convert", "0,100");
        // Four at a time against one: half of that is there on any machine.
        Assert.True(Row(report, "hold-1ms-n4-p4-k1").GetProperty("ratio").GetDouble() > 2, report.ToString());
        Assert.True(Row(report, "convert-100").GetProperty("ratio").GetDouble() > 2, report.ToString());
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_words()
    {
        (int exit, string error) = await RunAsync(
            "--target", "foo", "--mode", "Big", "--namespaces", "0", "--hold", "20us", "--compute", "soon", "--convert", "0,101", "--only", "speed", "--plot", "runs.gif");
        Assert.Equal(1, exit);
        Assert.Contains("--target foo: it must be of inproc, socket, kernel, all", error, StringComparison.Ordinal);
        Assert.Contains("--mode Big: it must be of", error, StringComparison.Ordinal);
        Assert.Contains("--namespaces must be 1 to 1000000.", error, StringComparison.Ordinal);
        Assert.Contains("--hold 20us: a time such as 1ms, 20us or 1s, in steps of 1ms.", error, StringComparison.Ordinal);
        Assert.Contains("--compute soon: a time such as", error, StringComparison.Ordinal);
        Assert.Contains("--convert 101: 0 to 100", error, StringComparison.Ordinal);
        Assert.Contains("--only speed: it must be of", error, StringComparison.Ordinal);
        Assert.Contains("--plot FILE: .svg or .png.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_dies_fails_the_run_and_leaves_nothing_behind()
    {
        using Process process = Start("--namespaces", "500", "--clients", "2", "--target", "socket", "--hold", "1ms");
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken); // ends: with the process
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken); // ends: with the process
        int server = 0;
        string? socket = null;
        // Until it is the server, the child says of itself what its parent did.
        await Patience.UntilAsync(
            () => (server = ChildOf(process.Id)) != 0 && (socket = CommandLine(server).SkipWhile(static argument => argument != "--socket").ElementAtOrDefault(1)) is not null,
            "the run to start a server");
        await Patience.UntilAsync(() => File.Exists(socket), "the server to listen");
        Process.GetProcessById(server).Kill();
        await process.ExitWithinAsync("the run to end without its server");
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("rtnl: ", await error.WithinAsync("what it says"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(socket)));
    }

    [Theory]
    [InlineData("socket")]
    [InlineData("inproc")]
    [InlineData("kernel")]
    public async Task An_interrupt_ends_the_run_in_words_and_leaves_nothing_behind(string target)
    {
        Assert.SkipUnless(target != "kernel" || (Environment.IsPrivilegedProcess && OperatingSystem.IsLinux()), "Namespaces of the kernel's need root.");
        using Process process = Start("--namespaces", "5000", "--clients", "2", "--target", target, "--hold", "1s");
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken); // ends: with the process
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken); // ends: with the process
        string? socket = null;
        await Patience.UntilAsync(
            () =>
            {
                socket = ChildOf(process.Id) is > 0 and int server ? CommandLine(server).SkipWhile(static argument => argument != "--socket").ElementAtOrDefault(1) : null;
                return process.HasExited || target != "socket" || File.Exists(socket);
            },
            "the run to have a server");
        // Into the run.
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        await process.SignalAsync("INT");
        await process.ExitWithinAsync("the run to end when interrupted");
        Assert.Equal("rtnl: cancelled.", (await error.WithinAsync("what it says")).Trim());
        Assert.Equal(130, process.ExitCode);
        Assert.False(socket is not null && Directory.Exists(Path.GetDirectoryName(socket)));
    }

    [Fact]
    public async Task What_cannot_be_written_or_started_is_said_before_anything_runs()
    {
        string nowhere = Path.Combine(_directory.FullName, "nowhere", "file");
        foreach (string option in (string[])["--json", "--plot"])
        {
            string file = nowhere + (option == "--json" ? ".json" : ".svg");
            (int exit, string error) = await RunAsync("--namespaces", "1000000", option, file);
            Assert.Equal(1, exit);
            Assert.StartsWith($"rtnl: {option} {file} cannot be written: ", error, StringComparison.Ordinal);
        }
        foreach (string server in (string[])[nowhere, "/bin/true"])
        {
            (int exit, string error) = await RunAsync("--only", "cold-start", "--namespaces", "1", "--server", server);
            Assert.Equal(1, exit);
            Assert.StartsWith($"rtnl: {server} ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_that_fails_fails_the_run_with_its_text()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Namespaces of the kernel's need root.");
        (int exit, string error) = await RunAsync("--target", "kernel", "--kind", "dummy", "--namespaces", "1");
        Assert.SkipWhen(exit == 0, "This kernel has all kinds.");
        Assert.Equal(1, exit);
        Assert.Equal("rtnl: NewLink failed: EOPNOTSUPP (Unknown device type).", error.Trim());
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private static JsonElement Row(JsonElement report, string id) => report.GetProperty("rows").EnumerateArray().Single(row => Text(row, "id") == id);

    private static string[] Requests(JsonElement run) =>
        [.. run.GetProperty("byRequest").EnumerateArray().Select(static request => $"{Text(request, "kind")} {request.GetProperty("count").GetInt64()}")];

    private static string[] Counts(JsonElement run) =>
        [.. run.GetProperty("byRequest").EnumerateArray().Select(static request => $"{Text(request, "kind")} {request.GetProperty("count").GetInt64()} {request.GetProperty("objects").GetInt64()}")];

    private static int ChildOf(int parent)
    {
        foreach (string folder in Directory.GetDirectories("/proc").Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                // pid (name) state parent …
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] rest = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (int.Parse(rest[1], CultureInfo.InvariantCulture) == parent)
                    return int.Parse(stat.Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }
        return 0;
    }

    private static string[] CommandLine(int process) => File.ReadAllText($"/proc/{process}/cmdline").Split('\0');

    private static Process Start(params string[] arguments) =>
        Process.Start(Patience.WithDefaultSignals(Repository.Launcher, ["workload", .. arguments]))!;

    private static async Task<(int Exit, string Error)> RunAsync(params string[] arguments)
    {
        (int exit, _, string error) = await Patience.RunAsync(new ProcessStartInfo(Repository.Launcher, ["workload", .. arguments]), TimeSpan.FromMinutes(5));
        return (exit, error);
    }

    private async Task<JsonElement> ReportAsync(params string[] arguments)
    {
        string json = Path.Combine(_directory.FullName, "report.json");
        (int exit, string error) = await RunAsync([.. arguments, "--json", json]);
        Assert.True(exit == 0, error);
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }
}
