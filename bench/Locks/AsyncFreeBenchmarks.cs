using BenchmarkDotNet.Attributes;
using DotNextLock = DotNext.Threading.AsyncReaderWriterLock;
using NitoLock = Nito.AsyncEx.AsyncReaderWriterLock;

namespace SmallRtnl.Bench;

/// <summary>
/// A free <see cref="RtnlLock.PerNet"/> acquired asynchronously, which completes at once. The others take one lock, shared where they know
/// the word; ours takes two, the gate shared and the namespace's mutex.
/// </summary>
public class AsyncFreeBenchmarks
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private readonly DotNextLock _dotNext = new();
    private readonly NitoLock _nito = new();
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
        _dotNext.Dispose();
        _semaphore.Dispose();
    }

    [Benchmark]
    public void Ours()
    {
        using AsyncRtnlLease lease = _net.LockAsync(_owner).GetAwaiter().GetResult();
    }

    [Benchmark(Baseline = true)]
    public void SemaphoreSlim()
    {
        _semaphore.WaitAsync().GetAwaiter().GetResult();
        _semaphore.Release();
    }

    [Benchmark]
    public void DotNext()
    {
        _dotNext.EnterReadLockAsync().GetAwaiter().GetResult();
        _dotNext.Release();
    }

    [Benchmark]
    public void Nito()
    {
        using IDisposable lease = _nito.ReaderLockAsync().GetAwaiter().GetResult();
    }
}
