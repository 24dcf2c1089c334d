using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace SmallRtnl.Host;

/// <summary><c>rtnl demo</c>: the main job on embedded defaults, in each of the three modes.</summary>
internal static class DemoCommand
{
    private const int WarmUpNamespaces = 100;

    // The modes take turns, and of each the best round counts: what is still being compiled spoils the early ones.
    private const int Rounds = 3;

    private const string Script =
        """
        PATH=$PATH:/sbin:/usr/sbin
        run() { printf '$ %s\n' "$*"; "$@"; }
        run ip -br link
        run ip addr show dev veth0
        run ip route
        run ip addr add 10.0.0.1/24 dev veth0
        run ip route get 192.0.2.7
        """;

    public static Command Create()
    {
        var namespaces = new Option<int>("--namespaces") { Description = "How many to create.", DefaultValueFactory = static _ => 200 };
        var command = new Command("demo", "Boots a host, creates namespaces with links, addresses and routes in each mode, and runs the real ip in one.") { namespaces };
        command.SetAction((result, cancellation) => RunAsync(result.GetValue(namespaces), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int namespaces, CancellationToken cancellation)
    {
        AnsiConsole.MarkupLine($"[bold]SmallRtnl[/]: {namespaces} namespaces, each with a veth pair and a dummy, addresses and routes, by real netlink messages.");
        DirectoryInfo directory = TemporaryFolder.Create("rtnl-demo-");
        try
        {
            var runs = new List<DemoRun>();
            RtnlMode[] modes = [RtnlMode.BigLock, RtnlMode.Nested, RtnlMode.PerNet];
            await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
                .StartAsync(async progress =>
                {
                    // What is compiled and filled on first use must not be counted against the first mode.
                    ProgressTask warming = progress.AddTask("warming up", maxValue: WarmUpNamespaces);
                    await RunModeAsync(RtnlMode.PerNet, directory, WarmUpNamespaces, warming, last: false, cancellation).ConfigureAwait(false);
                    ProgressTask[] tasks = [.. modes.Select(mode => progress.AddTask($"mode {mode}", maxValue: namespaces * Rounds))];
                    for (int round = 1; round <= Rounds; round++)
                    {
                        for (int i = 0; i < modes.Length; i++)
                        {
                            bool last = round == Rounds && i == modes.Length - 1;
                            runs.Add(await RunModeAsync(modes[i], directory, namespaces, tasks[i], last, cancellation).ConfigureAwait(false));
                        }
                    }
                }).ConfigureAwait(false);

            AnsiConsole.Write(Compare(runs));
            DemoRun shown = runs[^1];
            if (shown.Session is { } session)
                AnsiConsole.Write(new Panel(Markup.Escape(session.TrimEnd())) { Header = new PanelHeader("the real ip in namespace ns000") });
            else
                AnsiConsole.MarkupLine($"[yellow]{Markup.Escape(shown.WhyNoSession!)}[/]");
            AnsiConsole.Write(HandlersCommand.Render(shown.Table));
            return runs.All(run => run.Failures == 0) ? 0 : 1;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<DemoRun> RunModeAsync(RtnlMode mode, DirectoryInfo directory, int namespaces, ProgressTask task, bool last, CancellationToken cancellation)
    {
        string path = Path.Combine(directory.FullName, $"{mode}-{namespaces}.sock");
        using IHost host = RtnlHost.Build(mode, path);
        await host.StartAsync(cancellation).ConfigureAwait(false);
        RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
        var control = new RtnlControlClient(path);
        var watch = Stopwatch.StartNew();
        int requests = 0, failures = 0;
        await Parallel.ForAsync(0, namespaces, cancellation, async (number, token) =>
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"ns{number:000}");
            Errno created = control.AddNetns(name);
            if (created != Errno.None)
                throw new InvalidOperationException($"Namespace {name}: {created}");
            using NetlinkClient client = NetlinkClient.Open(dispatcher, dispatcher.Registry.Find(name)!);
            var scenario = new DemoScenario(client);
            await scenario.RunAsync(token).ConfigureAwait(false);
            Interlocked.Add(ref requests, scenario.Requests);
            Interlocked.Add(ref failures, scenario.Failures);
            task.Increment(1);
        }).ConfigureAwait(false);
        watch.Stop();
        (string? session, string? why) = last ? await SessionAsync(path).ConfigureAwait(false) : (null, "");
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return new DemoRun(mode, namespaces, requests, failures, watch.Elapsed, host.Services.GetRequiredService<HandlerTable>(), session, why);
    }

    private static async Task<(string? Session, string? Why)> SessionAsync(string path)
    {
        if (ShimProcess.FindShim() is not { } shim)
            return (null, "The shim was not built (no C compiler), so no unmodified program can be shown.");
        if (!ExistsOnPath("ip"))
            return (null, "This machine has no ip; eng/setup.sh installs iproute2.");
        return (await ShimProcess.CaptureAsync(["sh", "-c", $"exec 2>&1\n{Script}"], shim, path, "ns000").ConfigureAwait(false), null);
    }

    private static bool ExistsOnPath(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/sbin:/usr/sbin".Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static Table Compare(IEnumerable<DemoRun> runs)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .Title($"the same work in each mode, best of {Rounds} rounds")
            .Caption("the word PerNet takes RTNL exclusively in BigLock, the net's mutex\ninside it in Nested, RTNL shared and the net's mutex in PerNet")
            .AddColumns("Mode", "Namespaces", "Requests", "Failed", "Time", "Requests/s");
        foreach (DemoRun run in runs.GroupBy(run => run.Mode).Select(mode => mode.MinBy(run => run.Time)!))
        {
            table.AddRow(
                run.Mode.ToString(),
                run.Namespaces.ToString(CultureInfo.InvariantCulture),
                run.Requests.ToString("N0", CultureInfo.InvariantCulture),
                run.Failures.ToString("N0", CultureInfo.InvariantCulture),
                $"{run.Time.TotalMilliseconds:N0} ms",
                (run.Requests / run.Time.TotalSeconds).ToString("N0", CultureInfo.InvariantCulture));
        }
        return table;
    }

    /// <summary>What one mode came to.</summary>
    private sealed record DemoRun(RtnlMode Mode, int Namespaces, int Requests, int Failures, TimeSpan Time, HandlerTable Table, string? Session, string? WhyNoSession);
}
