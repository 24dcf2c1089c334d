using BenchmarkDotNet.Attributes;

namespace SmallRtnl.Bench;

/// <summary>A free <see cref="RtnlLock.PerNet"/>, against what one would write by hand: the whole shared, then a lock of the namespace's own.</summary>
public class PerNetFreeBenchmarks
{
    private readonly ReaderWriterLockSlim _rtnl = new();
    private readonly Lock _netLock = new();
    private BenchHost _host = null!;
    private Net _net = null!;
    private RtnlContext _owner = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _host = new BenchHost(RtnlMode.PerNet, nets: 1);
        _net = _host.Nets[0];
        _owner = RtnlContext.Create();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _host.Dispose();
        _rtnl.Dispose();
    }

    [Benchmark]
    public void Ours()
    {
        using RtnlLease lease = _net.Lock(_owner);
    }

    /// <summary>With three assertions, as a handler has that calls what requires its lock.</summary>
    [Benchmark]
    public void OursAsserted()
    {
        using RtnlLease lease = _net.Lock(_owner);
        RtnlAssert.NetHeld(_net, _owner);
        RtnlAssert.NetHeld(_net);
        RtnlAssert.ReaderOrHeld(_net);
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
