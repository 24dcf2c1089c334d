using System.Diagnostics;

namespace SmallRtnl;

/// <summary>
/// The thread's synchronization context while a reader runs on it: the runtime announces to it every wait that blocks the thread, and it
/// reports them. Installed with lockdep on only.
/// </summary>
internal sealed class SnapshotGuard : SynchronizationContext
{
    [ThreadStatic]
    private static SnapshotGuard? t_guard;

    private SynchronizationContext? _previous;
    private RtnlContext? _reader;
    private RtnlContext? _lastReader;

    private SnapshotGuard() => SetWaitNotificationRequired();

    /// <summary>Watches the thread from now on, unless it is watched already or the owner is no reader.</summary>
    /// <returns>Whether <see cref="Leave"/> must be called.</returns>
    public static bool TryEnter(RtnlContext reader)
    {
        if (!reader.HeldLocks!.IsReader || Current is SnapshotGuard)
            return false;
        SnapshotGuard guard = t_guard ??= new SnapshotGuard();
        guard._previous = Current;
        guard._reader = guard._lastReader = reader;
        SetSynchronizationContext(guard);
        return true;
    }

    public static void Leave()
    {
        if (Current is not SnapshotGuard guard)
            return;
        SetSynchronizationContext(guard._previous);
        guard._previous = null;
        guard._reader = null;
    }

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        if (_reader is { } reader && !IsShortLock())
        {
            // What the report itself waits for is nobody's fault.
            _reader = null;
            try
            {
                Lockdep.Deliver(LockdepGraph.Current.BlockReport(reader.HeldLocks!, "thread blocked"));
            }
            finally
            {
                _reader = reader;
            }
        }
        return base.Wait(waitHandles, waitAll, millisecondsTimeout);
    }

    /// <summary>An await that captured the section's context goes on: on the thread pool, where nothing is pinned.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_lastReader is { } reader)
            Lockdep.Announce(LockdepGraph.Current.BlockReport(reader.HeldLocks!, "await started"));
        base.Post(d, state);
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>A contended <c>lock</c> is what a spinlock is in the kernel: short, and allowed to readers.</summary>
    private static bool IsShortLock()
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { DeclaringTypeName: { } type } method)
                continue;
            if (type is "System.Threading.Monitor" or "System.Threading.Lock" && method.Name.Contains("Enter", StringComparison.Ordinal))
                return true;
            if (!type.StartsWith("System.Threading.", StringComparison.Ordinal) && type != typeof(SnapshotGuard).FullName)
                return false;
        }
        return false;
    }
}
