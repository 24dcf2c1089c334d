using BenchmarkDotNet.Attributes;

namespace SmallRtnl.Bench;

/// <summary>A host with one namespace and an owner whom nobody is in the way of.</summary>
public abstract class FreeLockBenchmarks
{
    private BenchHost _host = null!;

    protected RtnlGate Gate => _host.Gate;

    protected Net Net { get; private set; } = null!;

    protected RtnlContext Owner { get; private set; } = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _host = new BenchHost(RtnlMode.PerNet, nets: 1);
        Net = _host.Nets[0];
        Owner = RtnlContext.Create();
    }

    [GlobalCleanup]
    public void CleanUp() => _host.Dispose();
}
