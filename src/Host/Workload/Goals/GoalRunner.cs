using Spectre.Console;

namespace SmallRtnl.Host;

/// <summary>Runs what the goals need and remembers the runs.</summary>
internal sealed class GoalRunner(GoalSettings settings, CancellationToken cancellation)
{
    private readonly List<WorkloadResult> _runs = [];
    private string? _kind;

    public GoalSettings Settings => settings;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Every run so far.</summary>
    public IReadOnlyList<WorkloadResult> Runs => _runs;

    /// <summary>The kind of interface that the kernel has as well.</summary>
    public string Kind => _kind ??= KernelTarget.SupportedKind();

    /// <summary>Waits until the kernel has removed what was left to it.</summary>
    public void AwaitKernel()
    {
        using var kernel = new KernelTarget();
        KernelQuiet.Wait(kernel, cancellation);
    }

    /// <summary>The whole workload once.</summary>
    public WorkloadResult Run(string target, ServerOptions server, WorkloadPlan plan)
    {
        WorkloadResult result = WorkloadRun.Measure(target, server, plan, static _ => { }, cancellation);
        Told(result);
        return result;
    }

    /// <summary>Remembers a run, and says so.</summary>
    public void Told(WorkloadResult result)
    {
        _runs.Add(result);
        AnsiConsole.MarkupLineInterpolated($"[grey]{DateTime.Now:HH:mm:ss}[/] {WorkloadRows.Describe(result)}: {result.Seconds:0.00} s");
    }

    /// <summary>Both sides in turn, so that a busy spell of the machine meets both.</summary>
    /// <param name="ours">Our side.</param>
    /// <param name="baseline">The other.</param>
    /// <param name="baselineTimes">How often the other, at most as often as ours.</param>
    public (IReadOnlyList<T> Ours, IReadOnlyList<T> Baseline) InTurn<T>(Func<T> ours, Func<T> baseline, int? baselineTimes = null)
    {
        var first = new List<T>();
        var second = new List<T>();
        for (int i = 0; i < settings.Repeat; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool both = i < (baselineTimes ?? settings.Repeat);
            if (both && i % 2 == 1)
                second.Add(baseline());
            first.Add(ours());
            if (both && i % 2 == 0)
                second.Add(baseline());
        }
        return (first, second);
    }

    /// <summary>Runs on a thread of its own, which may change its namespace.</summary>
    public static T OnThread<T>(Func<T> function)
    {
        T result = default!;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception exception)
            {
                failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
