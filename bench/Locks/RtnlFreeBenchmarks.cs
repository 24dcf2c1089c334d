using BenchmarkDotNet.Attributes;

namespace SmallRtnl.Bench;

/// <summary>A free <see cref="RtnlLock.Rtnl"/>.</summary>
public class RtnlFreeBenchmarks
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private BenchHost _host = null!;
    private RtnlContext _owner = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _host = new BenchHost(RtnlMode.PerNet, nets: 1);
        _owner = RtnlContext.Create();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _host.Dispose();
        _semaphore.Dispose();
    }

    [Benchmark]
    public void Ours()
    {
        using RtnlLease lease = _host.Gate.Lock(_owner);
    }

    [Benchmark(Baseline = true)]
    public void SemaphoreSlim()
    {
        _semaphore.Wait();
        _semaphore.Release();
    }
}
