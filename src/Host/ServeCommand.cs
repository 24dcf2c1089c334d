using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SmallRtnl.Host;

/// <summary><c>rtnl serve</c>: the daemon.</summary>
internal static class ServeCommand
{
    /// <summary>For a process that starts a server of its own: it ends with its standard input, does what the lines there say, and answers each.</summary>
    public const string ParentOption = "--until-input-ends";

    /// <summary>Begins the report anew.</summary>
    public const string RestartLine = "restart";

    /// <summary>Writes it as it is by now.</summary>
    public const string ReportLine = "report";

    public static Command Create()
    {
        Option<string?> socket = CommonOptions.Socket($"Where to listen; default: {SocketPaths.Described}.");
        Option<RtnlMode> mode = CommonOptions.Mode();
        Option<TimeSpan> hold = CommonOptions.Hold();
        Option<TimeSpan> compute = CommonOptions.Compute();
        var convert = new Option<int>("--convert")
        {
            Description = "How many in 100 of the writers run under their own word, the others under the whole of RTNL.",
            DefaultValueFactory = static _ => 100,
        };
        var report = new Option<FileInfo?>("--report") { Description = "When it stops, write what it used: memory, collections, locks and handlers, as JSON." };
        var parent = new Option<bool>(ParentOption) { Description = "Stop when standard input ends; lines there begin the report anew or write it.", Hidden = true };
        var command = new Command("serve", "Serves rtnetlink on a Unix socket until interrupted.") { socket, mode, hold, compute, convert, report, parent };
        command.SetAction(async (result, cancellation) =>
        {
            string path;
            try
            {
                path = result.GetValue(socket) ?? SocketPaths.ForServer();
            }
            catch (IOException exception)
            {
                return Complaint.Say(exception.Message);
            }
            if (path.Length > 0)
                path = Path.GetFullPath(path);
            var options = new ServerOptions(result.GetValue(mode))
            {
                Hold = result.GetValue(hold),
                Compute = result.GetValue(compute),
                Convert = Math.Clamp(result.GetValue(convert), 0, 100),
            };
            // A Ctrl-C in its terminal is for the parent, which ends us.
            if (result.GetValue(parent))
                _ = LibC.SetProcessGroup(0, 0);
            using IHost host = RtnlHost.Build(options, path, result.GetValue(parent) ? LogLevel.Warning : LogLevel.Information);
            RtnlStatistics statistics = host.Services.GetRequiredService<RtnlStatistics>();
            using var meter = new ServerMeter(statistics);
            try
            {
                await host.StartAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
            {
                return Complaint.Say($"cannot listen on {path}: {exception.Message}");
            }
            Console.WriteLine($"Serving rtnetlink on {Printable.Escape(path)} (mode {options.Mode}).");
            Console.WriteLine($"Try: rtnl exec --socket {Printable.Escape(path)} -- ip link");
            var registry = host.Services.GetRequiredService<NetRegistry>();
            if (result.GetValue(parent))
                FollowParent(host.Services.GetRequiredService<IHostApplicationLifetime>(), registry, meter, ReportAsync);
            await host.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
            if (!result.GetValue(parent))
                await ReportAsync().ConfigureAwait(false);
            return 0;

            async Task ReportAsync()
            {
                if (result.GetValue(report) is not { } file)
                    return;
                long start = Stopwatch.GetTimestamp();
                await registry.FlushTeardownsAsync().ConfigureAwait(false);
                TargetCost cost = meter.Read() with { LastGoneMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
                await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(ServerReport.Of(options.Mode, cost, statistics), WorkloadJson.Default.ServerReport), CancellationToken.None).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static void FollowParent(IHostApplicationLifetime lifetime, NetRegistry registry, ServerMeter meter, Func<Task> report)
    {
        var thread = new Thread(() =>
        {
            while (Console.In.ReadLine() is { } line)
            {
                if (line == ReportLine)
                {
                    report().GetAwaiter().GetResult();
                }
                else
                {
                    registry.FlushTeardownsAsync().GetAwaiter().GetResult();
                    meter.Restart();
                }
                Console.WriteLine("done");
            }
            lifetime.StopApplication();
        })
        {
            IsBackground = true,
            Name = "parent",
        };
        thread.Start();
    }
}
