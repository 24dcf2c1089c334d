using System.Runtime.CompilerServices;

namespace SmallRtnl.Engine.Tests.Exploration.Shims;

/// <summary>What a lock statement of the explored engine becomes.</summary>
public static class EngineMonitor
{
    public static EnteredMonitor Enter(object monitor, [CallerLineNumber] int line = 0)
    {
        if (Scheduler.Current is not { } scheduler)
            return default;
        scheduler.EnterMonitor(monitor, line);
        return new EnteredMonitor(scheduler, monitor);
    }

    public readonly struct EnteredMonitor(Scheduler scheduler, object monitor) : IDisposable
    {
        public void Dispose() => scheduler?.ExitMonitor(monitor);
    }
}

/// <summary>Stands for System.Threading.Lock.</summary>
public sealed class Lock;
