using BenchmarkDotNet.Attributes;

namespace SmallRtnl.Bench;

/// <summary>A free <see cref="RtnlLock.Rtnl"/>.</summary>
public class RtnlFreeBenchmarks : FreeLockBenchmarks
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    [Benchmark]
    public void Ours()
    {
        using RtnlLease lease = Gate.Lock(Owner);
    }

    [Benchmark(Baseline = true)]
    public void SemaphoreSlim()
    {
        _semaphore.Wait();
        _semaphore.Release();
    }
}
