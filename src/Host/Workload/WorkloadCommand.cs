using System.CommandLine;
using System.CommandLine.Parsing;
using SmallRtnl.Results;
using Spectre.Console;

namespace SmallRtnl.Host;

/// <summary><c>rtnl workload</c>: a host that sets up very many namespaces, measured on ours and on the machine's own kernel.</summary>
internal static class WorkloadCommand
{
    private const string All = "all";
    private const int WarmUpNamespaces = 100;

    private static readonly string[] s_targets = ["inproc", "socket", "kernel"];

    public static Command Create()
    {
        Option<int> namespaces = Number("--namespaces", "How many to set up, all alive at once.", 2000, 1, 1_000_000);
        Option<int> clients = Number("--clients", "Threads that make the requests.", Environment.ProcessorCount, 1, 1024);
        Option<int> interfaces = Number("--interfaces", "In each namespace: a veth pair's near end, and others.", 3, 1, WorkloadPlan.MaxInterfaces);
        Option<int> pipeline = Number("--pipeline", "Requests of a socket under way at once; 1: each waits for its answer.", 1, 1, WorkloadPlan.MaxPipeline);
        var target = new Option<string>("--target")
        {
            Description = "inproc, socket (a server of its own), kernel (needs root), a list of these, or all.",
            DefaultValueFactory = static _ => "inproc",
        };
        target.Validators.Add(static result => Check(result, "target", s_targets));
        var mode = new Option<string>("--mode")
        {
            Description = "What the lock word PerNet takes: BigLock, Nested, PerNet, a list of these, or all.",
            DefaultValueFactory = static _ => nameof(RtnlMode.PerNet),
        };
        mode.Validators.Add(static result => Check(result, "mode", Enum.GetNames<RtnlMode>()));
        var kind = new Option<string?>("--kind") { Description = "The kind of the other interfaces; default: dummy, or ifb where the kernel takes part and has no dummy." };
        kind.AcceptOnlyFromAmong("dummy", "ifb");
        var json = new Option<FileInfo?>("--json") { Description = "Write rows and tables to a file." };
        var command = new Command("workload", "Sets up very many namespaces with links, addresses and routes, uses them and removes them, by real netlink messages.")
        {
            namespaces, clients, interfaces, target, mode, pipeline, kind, json,
        };
        command.SetAction((result, cancellation) => Task.FromResult(Guard(() =>
        {
            string[] targets = Split(result.GetValue(target)!, s_targets);
            var plan = new WorkloadPlan(
                result.GetValue(namespaces),
                result.GetValue(clients),
                result.GetValue(interfaces),
                result.GetValue(pipeline),
                result.GetValue(kind) ?? (targets.Contains("kernel") ? KernelTarget.SupportedKind() : "dummy"))
            {
                WarmUp = Math.Min(WarmUpNamespaces, result.GetValue(namespaces)),
            };
            RtnlMode[] modes = [.. Split(result.GetValue(mode)!, Enum.GetNames<RtnlMode>()).Select(Enum.Parse<RtnlMode>)];
            List<WorkloadResult> runs = Run(targets, modes, plan, cancellation);
            foreach (WorkloadResult run in runs)
                WorkloadTable.Print(run);
            WorkloadTable.Compare(runs);
            IReadOnlyList<ResultRow> rows = WorkloadRows.Of(runs);
            var report = WorkloadReport.Of(string.Join(' ', ["rtnl", .. result.Tokens.Select(static token => token.Value)]), rows, runs);
            if (rows.Count > 0)
                ResultTable.Print(new ResultReport(report.Machine, report.Commit, rows));
            if (result.GetValue(json) is { } file)
                report.Save(file.FullName);
        })));
        return command;
    }

    private static List<WorkloadResult> Run(string[] targets, RtnlMode[] modes, WorkloadPlan plan, CancellationToken cancellation)
    {
        var runs = new List<WorkloadResult>();
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).Start(progress =>
        {
            foreach (string name in targets)
            {
                foreach (RtnlMode? mode in name == "kernel" ? [null] : modes.Select(static mode => (RtnlMode?)mode))
                {
                    ProgressTask task = progress.AddTask(mode is null ? name : $"{name} {mode}", maxValue: WorkloadRun.StepsOf(plan));
                    using WorkloadTarget target = Make(name, mode);
                    runs.Add(WorkloadRun.Measure(target, plan, done => task.Value = done, cancellation) with { Mode = mode?.ToString() });
                }
            }
        });
        return runs;
    }

    private static WorkloadTarget Make(string name, RtnlMode? mode) => name switch
    {
        "inproc" => new InprocTarget(new WorkloadServerOptions(mode!.Value)),
        "socket" => new SocketTarget(new WorkloadServerOptions(mode!.Value)),
        _ => new KernelTarget(),
    };

    private static int Guard(Action run)
    {
        try
        {
            run();
            return 0;
        }
        catch (WorkloadException exception)
        {
            Console.Error.WriteLine($"rtnl: {exception.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("rtnl: cancelled.");
            return 130;
        }
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

    private static void Check(OptionResult result, string what, string[] known)
    {
        foreach (string name in result.Tokens.SelectMany(static token => token.Value.Split(',')))
        {
            if (name != All && !known.Contains(name))
                result.AddError($"'{name}' is no {what}: {string.Join(", ", known)} or {All}.");
        }
    }

    private static string[] Split(string value, string[] known) => value.Split(',').Contains(All) ? known : [.. value.Split(',').Distinct()];
}
