namespace SmallRtnl.Host;

/// <summary>A server of ours in a process of its own, over its Unix socket.</summary>
internal sealed class SocketTarget(ServerOptions options) : WorkloadTarget
{
    private readonly ServerProcess _server = ServerProcess.Start(options);

    public override string Name => WorkloadTargets.Socket;

    public override void CreateNamespace(string name, ReceiveBuffer buffer) => SocketConnection.Control(_server.Address, UnixControl.NetnsAdd, name, buffer);

    public override WorkloadConnection Open(string name, ReceiveBuffer buffer) => SocketConnection.Open(_server.Address, name, buffer);

    public override void DeleteNamespace(string name, WorkloadConnection connection, ReceiveBuffer buffer)
    {
        connection.Dispose();
        SocketConnection.Control(_server.Address, UnixControl.NetnsDel, name, buffer);
    }

    public override void BeginMeasure(CancellationToken cancellation) => _server.RestartMeter();

    public override TargetCost EndMeasure(CancellationToken cancellation) => _server.ReadMeter();

    public override void Dispose() => _server.Dispose();
}
