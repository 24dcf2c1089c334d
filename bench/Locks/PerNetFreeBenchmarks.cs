using BenchmarkDotNet.Attributes;

namespace SmallRtnl.Bench;

/// <summary>A free <see cref="RtnlLock.PerNet"/>, against what one would write by hand: the whole shared, then a lock of the namespace's own.</summary>
public class PerNetFreeBenchmarks : FreeLockBenchmarks
{
    private readonly ReaderWriterLockSlim _rtnl = new();
    private readonly Lock _netLock = new();

    [Benchmark]
    public void Ours()
    {
        using RtnlLease lease = Net.Lock(Owner);
    }

    /// <summary>With three assertions, as a handler has that calls what requires its lock.</summary>
    [Benchmark]
    public void OursAsserted()
    {
        using RtnlLease lease = Net.Lock(Owner);
        RtnlAssert.NetHeld(Net, Owner);
        RtnlAssert.NetHeld(Net);
        RtnlAssert.ReaderOrHeld(Net);
    }

    [Benchmark(Baseline = true)]
    public void ReaderWriterLockSlimAndLock()
    {
        _rtnl.EnterReadLock();
        try
        {
            lock (_netLock)
            {
            }
        }
        finally
        {
            _rtnl.ExitReadLock();
        }
    }
}
