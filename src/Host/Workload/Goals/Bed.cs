namespace SmallRtnl.Host;

/// <summary>One namespace on one target, with one client's socket in it.</summary>
internal sealed class Bed : IDisposable
{
    private const string Name = "bed";

    private readonly WorkloadClient _client;
    private readonly WorkloadConnection _connection;
    private readonly CancellationToken _cancellation;
    private TimeSpan _cpu;

    public Bed(string target, int pipeline, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        Target = WorkloadTargets.Open(target, new ServerOptions(RtnlMode.PerNet), sockets: 1);
        _client = new WorkloadClient(Target, pipeline, cancellation);
        try
        {
            // On a thread of its own: the kernel's target leaves this one's namespace for a moment.
            _connection = GoalRunner.OnThread(() => _client.Create(Name));
        }
        catch
        {
            _client.Dispose();
            Target.Dispose();
            throw;
        }
    }

    public WorkloadTarget Target { get; }

    /// <summary>How many objects were answered.</summary>
    public long Objects => _client.Objects.Sum();

    /// <summary>How many bytes of netlink.</summary>
    public long Bytes => _client.Bytes.Sum();

    public void Execute(ReadOnlySpan<WorkloadRequest> requests)
    {
        TimeSpan before = ServerMeter.Cpu();
        _client.Execute(_connection, requests);
        _cpu += ServerMeter.Cpu() - before;
    }

    /// <summary>Begins to count what requests cost.</summary>
    public void BeginMeasure()
    {
        Target.BeginMeasure(_cancellation);
        _cpu = TimeSpan.Zero;
    }

    /// <summary>What they have cost since: of the tool, the time of these requests alone.</summary>
    public TargetCost EndMeasure() => Target.EndMeasure(_cancellation) with { ToolCpuSeconds = _cpu.TotalSeconds };

    public void Dispose()
    {
        _connection.Dispose();
        _client.Dispose();
        Target.Dispose();
    }
}
