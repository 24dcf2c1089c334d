namespace SmallRtnl.Host;

/// <summary>The targets by name.</summary>
internal static class WorkloadTargets
{
    public const string Inproc = "inproc";
    public const string Socket = "socket";
    public const string Kernel = "kernel";

    public static readonly string[] All = [Inproc, Socket, Kernel];

    /// <summary>Makes a target.</summary>
    /// <param name="name">Which.</param>
    /// <param name="server">How a server of ours is made.</param>
    /// <param name="sockets">How many are to be open at once.</param>
    public static WorkloadTarget Open(string name, ServerOptions server, int sockets)
    {
        if (name != Inproc)
            DescriptorLimit.Ensure(sockets);
        return name switch
        {
            Inproc => new InprocTarget(server),
            Socket => new SocketTarget(server),
            _ => new KernelTarget(),
        };
    }

    /// <summary>The kind of interface that every target of a run has.</summary>
    public static string KindFor(IEnumerable<string> targets) => targets.Contains(Kernel) ? KernelTarget.SupportedKind() : "dummy";
}
