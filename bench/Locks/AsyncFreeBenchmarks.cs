using BenchmarkDotNet.Attributes;
using DotNextLock = DotNext.Threading.AsyncReaderWriterLock;
using NitoLock = Nito.AsyncEx.AsyncReaderWriterLock;

namespace SmallRtnl.Bench;

/// <summary>
/// A free <see cref="RtnlLock.PerNet"/> acquired asynchronously, which completes at once. The others take one lock, shared where they know
/// the word; ours takes two, the gate shared and the namespace's mutex.
/// </summary>
public class AsyncFreeBenchmarks : FreeLockBenchmarks
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private readonly DotNextLock _dotNext = new();
    private readonly NitoLock _nito = new();

    [Benchmark]
    public void Ours()
    {
        using AsyncRtnlLease lease = Net.LockAsync(Owner).GetAwaiter().GetResult();
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
