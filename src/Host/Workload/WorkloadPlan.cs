namespace SmallRtnl.Host;

/// <summary>What a run does, whatever its target.</summary>
/// <param name="Namespaces">How many.</param>
/// <param name="Clients">How many threads make the requests, each one's own after another.</param>
/// <param name="Interfaces">In each namespace: a veth pair's near end, and others that stand alone.</param>
/// <param name="Pipeline">The most requests of one socket under way at once; 1: each waits for its answer.</param>
/// <param name="Kind">The kind of the interfaces that stand alone.</param>
internal sealed record WorkloadPlan(int Namespaces, int Clients, int Interfaces, int Pipeline, string Kind)
{
    /// <summary>How often the churn adds an address and deletes it, in each namespace.</summary>
    public const int ChurnPairs = 20;

    /// <summary>The largest <see cref="Interfaces"/>: they are numbered in one byte of their addresses.</summary>
    public const int MaxInterfaces = 200;

    /// <summary>The largest <see cref="Pipeline"/>: the answers must fit into a socket's receive buffer.</summary>
    public const int MaxPipeline = 128;

    /// <summary>What suffices as <see cref="WarmUp"/> where handlers wait, which takes longer than compiling them.</summary>
    public const int SlowWarmUp = 2;

    /// <summary>Namespaces that are made, used and removed before the clock starts: what is compiled or filled on first use is not what is measured.</summary>
    public int WarmUp { get; init; }
}
