using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// A kind of wait that is no lock: for queued work to run, for readers to leave, for a worker to end. A node of lockdep's graph, so that
/// waiting with a lock held that the work needs is reported as the deadlock it is.
/// </summary>
/// <remarks>Thread-safe. Make one for each kind and keep it in a static field. Does nothing while lockdep is off.</remarks>
public sealed class LockdepWait
{
    /// <summary>For what was posted to a namespace to have run.</summary>
    public static readonly LockdepWait PostQueueFlush = new("post queue flush");

    /// <summary>For dying namespaces to have been torn down.</summary>
    public static readonly LockdepWait TeardownFlush = new("teardown flush");

    /// <summary>For a dump to have been written to its end.</summary>
    public static readonly LockdepWait DumpDrain = new("dump drain");

    /// <summary>Makes a kind of wait.</summary>
    public LockdepWait(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Class = LockdepClass.OfWait(name);
    }

    internal static IEnumerable<LockdepWait> OfFramework => [PostQueueFlush, TeardownFlush, DumpDrain];

    internal LockdepClass Class { get; }

    /// <summary>
    /// Says that the owner is about to wait: the request noted on this thread, if none is named, for the <paramref name="instance"/> named where
    /// there are several of this kind.
    /// </summary>
    public void Waiting(
        RtnlContext? context = null,
        object? instance = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        if (Lockdep.IsEnabled)
            Lockdep.Waiting(context ?? RtnlContext.Current, this, instance, new LockdepCall(file, line, member));
    }

    /// <summary>
    /// Marks the work that is waited for, done with the locks of <paramref name="context"/>; it ends when the scope is disposed. The
    /// <paramref name="instance"/> says which one it is, where there are several of this kind.
    /// </summary>
    public Work BeginWork(
        RtnlContext context,
        object? instance = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!Lockdep.IsEnabled)
            return default;
        context.HeldLocks!.Acquire(Class, instance ?? this, LockdepUse.Try, new LockdepCall(file, line, member));
        return new Work(context, instance ?? this);
    }

    /// <summary>Work under way.</summary>
    public readonly struct Work : IDisposable
    {
        private readonly RtnlContext? _context;
        private readonly object? _instance;

        internal Work(RtnlContext context, object instance)
        {
            _context = context;
            _instance = instance;
        }

        /// <summary>Ends it.</summary>
        public void Dispose() => _context?.HeldLocks!.Remove(_instance!);
    }
}
