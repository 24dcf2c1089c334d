namespace SmallRtnl.Host;

/// <summary>Whom the workload is given to. Namespaces are made and removed from the threads of the clients.</summary>
internal abstract class WorkloadTarget : IDisposable
{
    /// <summary>As <c>--target</c> names it.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a namespace.</summary>
    /// <exception cref="WorkloadException">It could not be made.</exception>
    public abstract void CreateNamespace(string name, ReceiveBuffer buffer);

    /// <summary>Opens a socket in a namespace that this thread has made last.</summary>
    public abstract WorkloadConnection Open(string name, ReceiveBuffer buffer);

    /// <summary>Asks for a namespace to go, and lets go of its socket; it is gone some time later.</summary>
    public abstract void DeleteNamespace(string name, WorkloadConnection connection, ReceiveBuffer buffer);

    /// <summary>Waits until whatever was deleted before is gone, then begins to count what the run costs.</summary>
    public abstract void BeginMeasure(CancellationToken cancellation);

    /// <summary>All namespaces are there, with everything in them.</summary>
    public virtual void AtPeak()
    {
    }

    /// <summary>What it has cost since, and how long the last namespaces took to go.</summary>
    public abstract TargetCost EndMeasure(CancellationToken cancellation);

    public abstract void Dispose();
}
