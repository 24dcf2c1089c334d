using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// Waits for oneself: what runs under a lock asks, by another owner, for a lock that only its own end would free. Known by the note that every handler leaves on
/// its thread, in every build, and refused before anything waits.
/// </summary>
internal static class SelfWait
{
    /// <summary>A request that comes out of a handler, in the middle of it.</summary>
    /// <param name="running">Whose code runs on this thread.</param>
    /// <param name="gate">The gate of whom the request goes to.</param>
    /// <param name="word">The word of the handler that would run.</param>
    /// <param name="type">The request's type.</param>
    /// <param name="method">That handler, for people.</param>
    /// <exception cref="RtnlAssertionException">The handler needs a lock, and <paramref name="running"/> holds one of the same host.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Check(RtnlContext running, RtnlGate gate, RtnlLock word, RtmType type, string method)
    {
        // Ordinary code that holds a lease may send now and wait when it has let go; a handler lets go when it returns.
        if (word != RtnlLock.Unlocked && HolderOf(gate, running) is { IsNotedByLease: false } holder)
            Refuse($"{Describe(holder)} sends {type} to {method}, which runs under {word}");
    }

    /// <summary>A lock that is not free, and that another owner on this thread may hold.</summary>
    /// <param name="running">Whose code runs on this thread.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="word">What is wanted.</param>
    /// <param name="nets">Whether <paramref name="running"/> holds one of the namespaces that are wanted.</param>
    /// <param name="blocks">Whether the thread itself would wait.</param>
    /// <exception cref="RtnlAssertionException">It would never be granted.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Check(RtnlContext running, RtnlGate gate, HeldLock word, bool nets, bool blocks)
    {
        if (HolderOf(gate, running) is not { } holder)
            return;
        bool isOwn = nets || word == HeldLock.Rtnl || holder.HeldWord == HeldLock.Rtnl || gate.Mode != RtnlMode.PerNet;
        // Others wait for what a handler holds while it waits itself: namespaces are locked together or not at all.
        if (!holder.IsNotedByLease || (blocks && isOwn))
            Refuse($"{Describe(holder)} asks, by another owner, for {(word == HeldLock.Rtnl ? "RTNL" : "the RTNL of a namespace")}, which is not free");
    }

    /// <summary>A question to a server of this process, whose answer the thread would wait for.</summary>
    /// <exception cref="RtnlAssertionException">A lock is held on this thread.</exception>
    public static void CheckQuestion(string path)
    {
        if (RtnlContext.Current is { HeldWord: >= HeldLock.PerNet } running && ServedPaths.Contains(path))
            Refuse($"{Describe(running)} asks the server at {path}, which this process is");
    }

    /// <summary>Who holds a lock of the gate: the owner itself, or, as far as it is known, whoever waits for it.</summary>
    private static RtnlContext? HolderOf(RtnlGate gate, RtnlContext running)
    {
        for (RtnlContext? owner = running; owner is not null; owner = owner.Asker)
        {
            if (owner.HeldWord >= HeldLock.PerNet && ReferenceEquals(owner.HeldGate, gate))
                return owner;
        }
        return null;
    }

    private static string Describe(RtnlContext running) => $"{running.DescribeOwner()} holds a lock ({running.DescribeHeld()}) and";

    [DoesNotReturn]
    private static void Refuse(string what)
    {
        string text = $"A wait for oneself: {what}. It would wait for its own end. Send it once the locks are gone, by Defer, or Post the work to the namespace.";
        // The exception may end in a task that nobody looks at.
        RtnlReports.Say(text);
        throw new RtnlAssertionException(text);
    }
}

/// <summary>The sockets that servers of this process listen on.</summary>
internal static class ServedPaths
{
    private static readonly HashSet<string> s_paths = new(StringComparer.Ordinal);

    public static void Add(string path)
    {
        lock (s_paths)
            s_paths.Add(Path.GetFullPath(path));
    }

    public static void Remove(string path)
    {
        lock (s_paths)
            s_paths.Remove(Path.GetFullPath(path));
    }

    public static bool Contains(string path)
    {
        lock (s_paths)
            return s_paths.Contains(Path.GetFullPath(path));
    }
}
