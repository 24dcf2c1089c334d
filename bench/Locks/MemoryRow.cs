using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>What 100,000 namespaces cost.</summary>
internal static class MemoryRow
{
    public const string Id = "net-bytes";

    private const int Count = 100_000;

    public static ResultRow Measure()
    {
        double mutex = Cost(static () => new NetMutex());
        double semaphore = Cost(static () => new SemaphoreSlim(1, 1));
        double readerWriter = Cost(static () => new ByHand());
        using ServiceProvider services = Services();
        NetRegistry registry = services.GetRequiredService<NetRegistry>();
        int number = 0;
        double net = Cost(() => registry.TryCreate($"n{number++}", out Net created) ? created : throw new InvalidOperationException("The name is taken."));
        return new ResultRow(
            Id,
            $"the lock of a namespace, each of {Count:N0}",
            "bytes",
            mutex,
            semaphore,
            "SemaphoreSlim",
            mutex,
            $"a whole namespace without subsystems, name and registry entries included, {net:0} B; ReaderWriterLockSlim and Lock {readerWriter:0} B");
    }

    /// <summary>What one would write by hand for each namespace.</summary>
    private sealed class ByHand
    {
        public ReaderWriterLockSlim Whole { get; } = new();

        public Lock Own { get; } = new();
    }

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddRtnetlink();
        return services.BuildServiceProvider();
    }

    private static double Cost(Func<object> make)
    {
        object[] kept = new object[Count];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Count; i++)
            kept[i] = make();
        double bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        GC.KeepAlive(kept);
        return bytes;
    }
}
