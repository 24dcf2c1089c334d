using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using SmallRtnl.Results;
using Spectre.Console;

namespace SmallRtnl.Host;

/// <summary><c>rtnl workload</c>: a host that sets up very many namespaces, measured on ours and on the machine's own kernel.</summary>
internal static class WorkloadCommand
{
    private const string Everything = "all";
    private const int WarmUpNamespaces = 100;
    private const int WidthOfFile = 160;

    private static readonly TimeSpan s_signalDelay = TimeSpan.FromMilliseconds(100);
    private static readonly string[] s_modes = Enum.GetNames<RtnlMode>();

    public static Command Create()
    {
        Option<int> namespaces = Number("--namespaces", "How many to set up, all alive at once.", GoalSettings.FullNamespaces, 1, 1_000_000);
        Option<int> clients = Number("--clients", "Threads that make the requests (default of the goals: 8).", Environment.ProcessorCount, 1, 1024);
        Option<int> interfaces = Number("--interfaces", "In each namespace: a veth pair's near end, and others.", GoalSettings.FullInterfaces, 1, WorkloadPlan.MaxInterfaces);
        Option<int> pipeline = Number("--pipeline", "Requests of a socket under way at once; 1: each waits for its answer.", 1, 1, WorkloadPlan.MaxPipeline);
        Option<string> target = OneOf("--target", "inproc, socket (a server of its own), kernel (needs root), a list of these, or all.", WorkloadTargets.Inproc, WorkloadTargets.All);
        Option<string> mode = OneOf("--mode", "What the lock word PerNet takes: BigLock, Nested, PerNet, a list of these, or all.", nameof(RtnlMode.PerNet), s_modes);
        var kind = new Option<string?>("--kind") { Description = "The kind of the other interfaces; default: dummy, or ifb where the kernel takes part and has no dummy." };
        kind.AcceptOnlyFromAmong("dummy", "ifb");
        Option<TimeSpan> hold = CommonOptions.Hold();
        Option<TimeSpan> compute = CommonOptions.Compute();
        Option<string> convert = Shares();
        var json = new Option<FileInfo?>("--json") { Description = "Write rows and tables to a file." };
        var plot = new Option<FileInfo?>("--plot") { Description = "Draw the runs, .svg or .png." };
        plot.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && Path.GetExtension(result.Tokens[0].Value) is not (".svg" or ".png"))
                result.AddError("--plot FILE: .svg or .png.");
        });
        var goals = new Option<bool>("--goals") { Description = "Measure every figure that has a goal, ours and the kernel's in turn; takes an hour, and root." };
        Option<string?> only = Ids();
        Option<int> repeat = Number("--repeat", "How often each side is measured for a goal.", 3, 1, 100);
        var server = new Option<FileInfo?>("--server") { Description = "The published rtnl whose cold start is timed; default: this one." };
        var command = new Command("workload", "Sets up very many namespaces with links, addresses and routes, uses them and removes them, by real netlink messages.")
        {
            namespaces, clients, interfaces, target, mode, pipeline, hold, compute, convert, kind, json, plot, goals, only, repeat, server,
        };
        command.SetAction(result => Guard(cancellation =>
        {
            if (result.GetValue(plot) is not null)
                WorkloadPlot.ThrowIfMissing();
            OutputFile.ThrowIfNotWritable(json.Name, result.GetValue(json));
            OutputFile.ThrowIfNotWritable(plot.Name, result.GetValue(plot));
            // A file or a pipe has no width; the tables do.
            if (Console.IsOutputRedirected)
                AnsiConsole.Profile.Width = WidthOfFile;
            string line = string.Join(' ', ["rtnl", .. result.Tokens.Select(static token => token.Value)]);
            WorkloadReport report;
            if (result.GetValue(goals) || result.GetValue(only) is not null)
            {
                var settings = new GoalSettings(
                    result.GetValue(namespaces),
                    result.GetResult(clients) is { Implicit: false } ? result.GetValue(clients) : GoalSettings.FullClients,
                    result.GetValue(interfaces),
                    result.GetValue(repeat))
                {
                    Server = result.GetValue(server)?.FullName,
                };
                report = Measure(line, settings, result.GetValue(only)?.Split(',') ?? GoalPart.AllIds, result.GetValue(json), cancellation);
            }
            else
            {
                string[] targets = Split(result.GetValue(target)!, WorkloadTargets.All);
                // What the kernel cannot do is known before the first target's run.
                if (targets.Contains(WorkloadTargets.Kernel) && result.GetValue(kind) is { } wanted)
                    KernelTarget.Check(wanted);
                var plan = new WorkloadPlan(
                    result.GetValue(namespaces),
                    result.GetValue(clients),
                    result.GetValue(interfaces),
                    result.GetValue(pipeline),
                    result.GetValue(kind) ?? WorkloadTargets.KindFor(targets))
                {
                    WarmUp = Math.Min(result.GetValue(hold) > TimeSpan.Zero ? WorkloadPlan.SlowWarmUp : WarmUpNamespaces, result.GetValue(namespaces)),
                };
                ServerOptions[] servers =
                [
                    .. from name in Split(result.GetValue(mode)!, s_modes)
                       // The other modes know one lock only.
                       from share in name == nameof(RtnlMode.PerNet) ? result.GetValue(convert)!.Split(',').Select(int.Parse).Distinct() : [100]
                       select new ServerOptions(Enum.Parse<RtnlMode>(name)) { Hold = result.GetValue(hold), Compute = result.GetValue(compute), Convert = share },
                ];
                report = Run(line, targets, servers, plan, cancellation);
            }
            if (report.Rows.Count > 0)
                ResultTable.Print(new ResultReport(report.Machine, report.Commit, report.Rows));
            if (result.GetValue(json) is { } jsonFile)
                report.Save(jsonFile.FullName);
            if (result.GetValue(plot) is not { } plotFile)
                return;
            if (report.Runs.Count > 0)
                WorkloadPlot.Save(report.Runs, plotFile.FullName);
            else
                Console.Error.WriteLine($"rtnl: {plotFile.FullName} is not drawn: none of these figures is of a whole run.");
        }));
        return command;
    }

    private static WorkloadReport Run(string line, string[] targets, ServerOptions[] servers, WorkloadPlan plan, CancellationToken cancellation)
    {
        var runs = new List<WorkloadResult>();
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).Start(progress =>
        {
            foreach (string name in targets)
            {
                foreach (ServerOptions server in name == WorkloadTargets.Kernel ? servers[..1] : servers)
                {
                    string what = name == WorkloadTargets.Kernel ? name : $"{name} {server.Mode}{(server.Convert < 100 ? $" {server.Convert} %" : "")}";
                    ProgressTask task = progress.AddTask(what, maxValue: WorkloadRun.StepsOf(plan));
                    runs.Add(WorkloadRun.Measure(name, server, plan, done => task.Value = done, cancellation));
                }
            }
        });
        foreach (WorkloadResult run in runs)
            WorkloadTable.Print(run);
        WorkloadTable.Compare(runs);
        return WorkloadReport.Of(line, WorkloadRows.Of(runs), runs);
    }

    private static WorkloadReport Measure(string line, GoalSettings settings, string[] ids, FileInfo? json, CancellationToken cancellation)
    {
        var runner = new GoalRunner(settings, cancellation);
        var rows = new List<ResultRow>();
        foreach (ResultRow row in GoalPart.MeasureAll(runner, ids.ToHashSet()))
        {
            rows.Add(row);
            AnsiConsole.MarkupLineInterpolated($"[grey]{DateTime.Now:HH:mm:ss}[/] {row.Id}: {row.Ours:0.##} against {row.Baseline:0.##} {row.Unit}, ratio [bold]{row.Ratio:0.00}[/]  [grey]{row.Note}[/]");
            // An hour's figures are not lost with the last one.
            if (json is not null)
                WorkloadReport.Of(line, rows, runner.Runs).Save(json.FullName);
        }
        return WorkloadReport.Of(line, rows, runner.Runs);
    }

    private static int Guard(Action<CancellationToken> run)
    {
        using var cancellation = new CancellationTokenSource();
        // A run that is interrupted still ends its server, and removes what it has made.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            run(cancellation.Token);
            return 0;
        }
        catch (Exception exception) when (exception is WorkloadException or IOException or UnauthorizedAccessException)
        {
            // A server that has been interrupted as well may be gone before we know of it.
            if (cancellation.Token.WaitHandle.WaitOne(s_signalDelay))
                return Cancelled();
            Console.Error.WriteLine($"rtnl: {exception.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return Cancelled();
        }

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancellation.Cancel();
        }
    }

    private static int Cancelled()
    {
        Console.Error.WriteLine("rtnl: cancelled.");
        return 130;
    }

    private static Option<int> Number(string name, string description, int value, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int number) && (number < least || number > most))
                result.AddError($"{name} must be {least} to {most}.");
        });
        return option;
    }

    private static Option<string> OneOf(string name, string description, string value, string[] known)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result => Check(result, name, [.. known, Everything]));
        return option;
    }

    private static Option<string> Shares()
    {
        var option = new Option<string>("--convert")
        {
            Description = "How many in 100 of the writers run under their own word, spread evenly over the table's order, the others under the whole of RTNL; a list runs each.",
            HelpName = "0,25,50,100",
            DefaultValueFactory = static _ => "100",
        };
        option.Validators.Add(static result =>
        {
            foreach (string share in result.Tokens.SelectMany(static token => token.Value.Split(',')))
            {
                if (!int.TryParse(share, out int number) || number is < 0 or > 100)
                    result.AddError($"--convert {share}: 0 to 100, or a list of these.");
            }
        });
        return option;
    }

    private static Option<string?> Ids()
    {
        var option = new Option<string?>("--only") { Description = $"Some of the goals: {string.Join(", ", GoalPart.AllIds)}.", HelpName = "IDS" };
        option.Validators.Add(static result => Check(result, "--only", GoalPart.AllIds));
        return option;
    }

    private static void Check(OptionResult result, string name, string[] known)
    {
        foreach (string value in result.Tokens.SelectMany(static token => token.Value.Split(',')))
        {
            if (!known.Contains(value))
                result.AddError($"{name} {value}: it must be of {string.Join(", ", known)}.");
        }
    }

    private static string[] Split(string value, string[] known) => value.Split(',').Contains(Everything) ? known : [.. value.Split(',').Distinct()];
}
