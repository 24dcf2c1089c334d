namespace SmallRtnl.Host;

/// <summary>One namespace on one target, with one client's socket in it.</summary>
internal sealed class Bed : IDisposable
{
    private const string Name = "bed";

    private readonly WorkloadClient _client;
    private readonly WorkloadConnection _connection;

    public Bed(string target, int pipeline)
    {
        Target = WorkloadTargets.Open(target, new ServerOptions(RtnlMode.PerNet), sockets: 1);
        _client = new WorkloadClient(Target, pipeline);
        // On a thread of its own: the kernel's target leaves this one's namespace for a moment.
        _connection = GoalRunner.OnThread(() => _client.Create(Name));
    }

    public WorkloadTarget Target { get; }

    /// <summary>How many objects dumps have listed.</summary>
    public long Objects => _client.Objects.Sum();

    public void Execute(ReadOnlySpan<WorkloadRequest> requests) => _client.Execute(_connection, requests);

    public void Dispose()
    {
        _connection.Dispose();
        _client.Dispose();
        Target.Dispose();
    }
}
