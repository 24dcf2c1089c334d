using System.Diagnostics;
using System.Globalization;

namespace SmallRtnl.Host;

/// <summary>One run of the workload on one target: every phase for all namespaces, then the next.</summary>
internal sealed class WorkloadRun : IDisposable
{
    private const int WarmUpRounds = 8;

    private static readonly WorkloadPhase[] s_phases = Enum.GetValues<WorkloadPhase>();

    private readonly WorkloadTarget _target;
    private readonly WorkloadPlan _plan;
    private readonly CancellationToken _cancellation;
    private readonly WorkloadScript _script;
    private readonly WorkloadClient[] _clients;
    private readonly WorkloadConnection?[] _connections;
    private int _taken;
    private int _done;
    private Exception? _failure;

    /// <summary>Makes what the clients need, before anything is counted.</summary>
    private WorkloadRun(WorkloadTarget target, WorkloadPlan plan, CancellationToken cancellation)
    {
        _target = target;
        _plan = plan;
        _cancellation = cancellation;
        _script = new WorkloadScript(plan);
        _connections = new WorkloadConnection?[plan.Namespaces];
        _clients = [.. Enumerable.Range(0, plan.Clients).Select(_ => new WorkloadClient(target, plan.Pipeline, cancellation))];
    }

    /// <summary>How many steps a run has, for the progress bar: each namespace's phases.</summary>
    public static int StepsOf(WorkloadPlan plan) => plan.Namespaces * s_phases.Length;

    /// <summary>Opens a target, warms it up, then runs and measures.</summary>
    /// <param name="name">The target's name.</param>
    /// <param name="server">How a server of ours is made.</param>
    /// <param name="plan">What.</param>
    /// <param name="progress">Told how many steps of the measured run are done.</param>
    /// <param name="cancellation">Ends it between two requests.</param>
    /// <exception cref="WorkloadException">A request has failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static WorkloadResult Measure(string name, ServerOptions server, WorkloadPlan plan, Action<int> progress, CancellationToken cancellation)
    {
        using WorkloadTarget target = WorkloadTargets.Open(name, server, plan.Namespaces);
        WorkloadResult result = Measure(target, plan, progress, cancellation);
        return name == WorkloadTargets.Kernel ? result : result with
        {
            Mode = server.Mode.ToString(),
            HoldMilliseconds = server.Hold > TimeSpan.Zero ? server.Hold.TotalMilliseconds : null,
            ComputeMicroseconds = server.Compute > TimeSpan.Zero ? server.Compute.TotalMicroseconds : null,
            Convert = server.Convert,
        };
    }

    /// <summary>Warms up, then runs and measures.</summary>
    /// <param name="target">Whom.</param>
    /// <param name="plan">What.</param>
    /// <param name="progress">Told how many steps of the measured run are done.</param>
    /// <param name="cancellation">Ends it between two requests.</param>
    /// <exception cref="WorkloadException">A request has failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static WorkloadResult Measure(WorkloadTarget target, WorkloadPlan plan, Action<int> progress, CancellationToken cancellation)
    {
        // The compiler's tiers follow one another in the background; the kernel has none.
        int rounds = plan.WarmUp == 0 ? 0 : target.Name == WorkloadTargets.Kernel ? 1 : WarmUpRounds;
        for (int round = 0; round < rounds; round++)
        {
            using var warming = new WorkloadRun(target, plan with { Namespaces = plan.WarmUp }, cancellation);
            warming.Run(static _ => { });
            Thread.Sleep(150);
        }
        using var run = new WorkloadRun(target, plan, cancellation);
        target.BeginMeasure(cancellation);
        TimeSpan cpu = ServerMeter.Cpu();
        WorkloadResult result = run.Run(progress);
        cpu = ServerMeter.Cpu() - cpu;
        return result with
        {
            WarmUpRounds = rounds,
            WarmUpNamespaces = plan.WarmUp,
            Cost = target.EndMeasure(cancellation) with { ToolCpuSeconds = cpu.TotalSeconds },
        };
    }

    public void Dispose()
    {
        foreach (WorkloadConnection? connection in _connections)
            connection?.Dispose();
        foreach (WorkloadClient client in _clients)
            client.Dispose();
    }

    private WorkloadResult Run(Action<int> progress)
    {
        var phases = new PhaseResult[s_phases.Length];
        long counted = 0;
        foreach (WorkloadPhase phase in s_phases)
        {
            if (phase == WorkloadPhase.Teardown)
                _target.AtPeak();
            double seconds = RunPhase(phase, progress);
            long requests = _clients.Sum(static client => client.Latencies.Sum(static latencies => latencies.Count));
            phases[(int)phase] = new PhaseResult(phase, seconds, requests - counted);
            counted = requests;
        }
        return WorkloadResult.Of(_target.Name, _plan, phases, _clients);
    }

    private double RunPhase(WorkloadPhase phase, Action<int> progress)
    {
        _taken = 0;
        var threads = new Thread[_clients.Length];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < threads.Length; i++)
        {
            WorkloadClient client = _clients[i];
            threads[i] = new Thread(() => RunClient(phase, client)) { IsBackground = true, Name = $"client {i}" };
            threads[i].Start();
        }
        foreach (Thread thread in threads)
        {
            while (!thread.Join(50))
                progress(Volatile.Read(ref _done));
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        progress(_done);
        if (_failure is { } failure)
            throw failure is WorkloadException ? new WorkloadException(failure.Message, failure) : failure;
        _cancellation.ThrowIfCancellationRequested();
        return seconds;
    }

    private void RunClient(WorkloadPhase phase, WorkloadClient client)
    {
        try
        {
            ReadOnlySpan<WorkloadRequest> requests = _script[phase];
            while (!_cancellation.IsCancellationRequested && _failure is null)
            {
                int number = Interlocked.Increment(ref _taken) - 1;
                if (number >= _plan.Namespaces)
                    return;
                RunNamespace(phase, client, requests, number);
                Interlocked.Increment(ref _done);
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
    }

    private void RunNamespace(WorkloadPhase phase, WorkloadClient client, ReadOnlySpan<WorkloadRequest> requests, int number)
    {
        if (phase == WorkloadPhase.Setup)
            _connections[number] = client.Create(NameOf(number));
        WorkloadConnection connection = _connections[number]!;
        client.Execute(connection, requests);
        if (phase == WorkloadPhase.Teardown)
        {
            _connections[number] = null;
            client.Delete(NameOf(number), connection);
        }
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"w{number:000000}");
}
