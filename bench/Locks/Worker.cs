namespace SmallRtnl.Bench;

/// <summary>One operation after another, until told to stop.</summary>
internal abstract class Worker
{
    private long _operations;
    private bool _stop;

    /// <summary>How many operations it has completed. Written by itself only.</summary>
    public long Operations => Volatile.Read(ref _operations);

    protected bool IsStopping => Volatile.Read(ref _stop);

    public void Stop() => Volatile.Write(ref _stop, true);

    public abstract Task RunAsync();

    protected void Completed() => Volatile.Write(ref _operations, _operations + 1);
}
