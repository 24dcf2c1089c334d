using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>How a lock is held.</summary>
[Flags]
internal enum LockdepUse
{
    None = 0,

    /// <summary>Part of the owner's lock word, released with it.</summary>
    Word = 1,

    /// <summary>Shared entry.</summary>
    Shared = 2,

    /// <summary>Taken without waiting: no order towards it.</summary>
    Try = 4,

    /// <summary>A lock of users' own.</summary>
    User = 8,
}

/// <summary>A caller, as the compiler tells it.</summary>
/// <param name="File">Its source file.</param>
/// <param name="Line">The line.</param>
/// <param name="Member">The member.</param>
/// <param name="Blocks">Whether its thread blocks until it has the lock.</param>
internal readonly record struct LockdepCall(string? File, int Line, string? Member, bool Blocks = false);

/// <summary>A lock in the hands of an owner.</summary>
internal record struct LockdepHeld(LockdepClass Class, object Instance, LockdepUse Use, LockdepChain Chain, LockdepCall Call);

/// <summary>The stack of locks that an owner holds or is waiting for. Used by the owner's flow of control only.</summary>
internal sealed class LockdepOwner(RtnlContext context, LockdepCall created)
{
    private const int Initial = 4;

    private static int s_last;

    private readonly int _number = Interlocked.Increment(ref s_last);
    private LockdepHeld[] _held = [];
    private LockdepChain? _root;
    private ushort _rootType;

    /// <summary>Who asks for the next lock word, where ordinary code does: a thunk's word is named by the stack.</summary>
    public LockdepCall NextCall { private get; set; }

    public int Count { get; private set; }

    public ReadOnlySpan<LockdepHeld> Held => _held.AsSpan(0, Count);

    /// <summary>Whether it holds a lock of a class of users' own.</summary>
    public bool HasUserLock<TLock>()
        where TLock : LockClass
    {
        foreach (LockdepHeld held in Held)
        {
            if (held.Instance is TLock)
                return true;
        }
        return false;
    }

    /// <summary>Where it comes from: the message it answers, or the place that made it.</summary>
    public LockdepOrigin Origin => context is RequestContext request ? new LockdepOrigin(default, (ushort)request.Header.RtmType) : new LockdepOrigin(created, 0);

    /// <summary>
    /// The other owner that waits for this one: the one whose handler runs on this thread, or the one with a lease on it where the thread
    /// blocks. Under a lease, what is only started need not be waited for.
    /// </summary>
    public LockdepOwner? OuterOf(in LockdepCall call) =>
        RtnlContext.Current is { } current && !ReferenceEquals(current, context) && (call.Blocks || !current.IsNotedByLease) ? current.HeldLocks : null;

    /// <summary>An unlocked reader waits for nobody. An unlocked writer (NEW, DEL, SET) may take locks of users' own.</summary>
    public bool IsReader => context.HeldWord == HeldLock.Snapshot && (context is not RequestContext request || ((int)request.Header.RtmType & 3) == 2);

    /// <summary>Checks one more acquisition against everything known, and records it as held.</summary>
    /// <exception cref="LockdepException">It could deadlock; it has not been recorded.</exception>
    public void Acquire(LockdepClass wanted, object instance, LockdepUse use, in LockdepCall call)
    {
        LockdepChain chain = Check(wanted, instance, (use & LockdepUse.Try) != 0, in call);
        if (Count == Lockdep.MaxDepth)
            Lockdep.Deliver(LockdepGraph.Current.DepthReport(this, wanted, instance, in call));
        if (Count == _held.Length)
            Array.Resize(ref _held, Math.Max(Initial, 2 * Count));
        _held[Count++] = new LockdepHeld(wanted, instance, use, chain, call);
    }

    public LockdepCall TakeNextCall()
    {
        LockdepCall call = NextCall;
        NextCall = default;
        return call;
    }

    /// <summary>Checks a wait. One that holds nothing may wait, unless it reads a snapshot.</summary>
    public void Wait(LockdepClass wanted, object instance, in LockdepCall call)
    {
        if (Count > 0 || IsReader || OuterOf(in call) is { Count: > 0 } or { IsReader: true })
            Check(wanted, instance, isTry: false, in call);
    }

    /// <summary>Takes out what belongs to the lock word: nearly always all there is.</summary>
    public void RemoveWord()
    {
        int count = Count;
        while (count > 0 && (_held[count - 1].Use & LockdepUse.Word) != 0)
            _held[--count] = default;
        Count = count;
        for (int i = count - 1; i >= 0; i--)
        {
            if ((_held[i].Use & LockdepUse.Word) != 0)
                RemoveAt(i);
        }
    }

    public void Remove(object instance)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if (!ReferenceEquals(_held[i].Instance, instance))
                continue;
            RemoveAt(i);
            return;
        }
    }

    /// <summary>No lock of users' own may be held any more. What is, is released: nobody else would.</summary>
    public void CheckForgotten()
    {
        if (Count == 0)
            return;
        LockdepReport? report = HasUserLock() ? LockdepGraph.Current.LeakReport(this) : null;
        ReleaseUserLocks();
        if (report is { IsFirst: true })
            Lockdep.Deliver(report);
    }

    public LockdepReport ExplainLeak()
    {
        LockdepReport report = LockdepGraph.Current.LeakReport(this);
        ReleaseUserLocks();
        return report;
    }

    /// <summary>What is wrong with an acquisition that the engine refuses; null where the order alone would permit it.</summary>
    public LockdepReport? Explain(LockdepClass wanted, object instance, in LockdepCall call) => LockdepGraph.Current.Explain(this, wanted, instance, in call);

    public LockdepReport ExplainNested(LockdepClass wanted, object instance, in LockdepCall call) => LockdepGraph.Current.NestedReport(this, wanted, instance, in call);

    /// <summary>Who it is, and where the first of its locks was taken.</summary>
    public string Describe() => Count == 0 ? $"{this}" : $"{this}, since {LockdepReportWriter.SiteOf(in _held[0])}";

    public override string ToString() =>
        Origin.Type != 0
            ? $"owner #{_number} (request {(RtmType)Origin.Type})"
            : $"owner #{_number} (made by {new LockdepSite("", created.Member ?? "the framework", created.File, created.Line)})";

    private LockdepChain Check(LockdepClass wanted, object instance, bool isTry, in LockdepCall call)
    {
        LockdepGraph graph = LockdepGraph.Current;
        LockdepOwner? outer = OuterOf(in call);
        if (!isTry)
        {
            if (IsReader || outer is { IsReader: true })
                Lockdep.Deliver(graph.SnapshotReport(this, wanted, instance, in call));
            if (Holds(wanted) || (outer is not null && outer.Holds(wanted)))
                Lockdep.Deliver(graph.CheckInstances(this, wanted, instance, in call));
        }
        LockdepChain from = Count > 0 ? _held[Count - 1].Chain
            : outer is { Count: > 0 } ? outer._held[outer.Count - 1].Chain
            : Root(graph);
        LockdepChain? chain = ReferenceEquals(from.Graph, graph) ? from.Next(wanted, isTry) : null;
        return chain ?? Learn(graph, from, wanted, instance, isTry, in call);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LockdepChain Learn(LockdepGraph graph, LockdepChain from, LockdepClass wanted, object instance, bool isTry, in LockdepCall call)
    {
        LockdepReport? report = graph.Learn(this, from, wanted, instance, isTry, in call, out LockdepChain chain);
        Lockdep.Deliver(report);
        return chain;
    }

    private LockdepChain Root(LockdepGraph graph)
    {
        ushort type = context is RequestContext request ? (ushort)request.Header.RtmType : (ushort)0;
        if (_root is null || _rootType != type || !ReferenceEquals(_root.Graph, graph))
        {
            _root = graph.Root(Origin);
            _rootType = type;
        }
        return _root;
    }

    private bool Holds(LockdepClass wanted)
    {
        foreach (ref readonly LockdepHeld held in Held)
        {
            if (ReferenceEquals(held.Class, wanted))
                return true;
        }
        return false;
    }

    private bool HasUserLock()
    {
        foreach (ref readonly LockdepHeld held in Held)
        {
            if ((held.Use & LockdepUse.User) != 0)
                return true;
        }
        return false;
    }

    private void ReleaseUserLocks()
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if ((_held[i].Use & LockdepUse.User) == 0)
                continue;
            var forgotten = (LockClass)_held[i].Instance;
            RemoveAt(i);
            forgotten.ReleaseForgotten(context);
        }
    }

    private void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_held, index + 1, _held, index, Count - index);
        _held[Count] = default;
        // What stays was checked against more than is held now, so its shorter sequence is free of contradiction too.
        LockdepGraph graph = LockdepGraph.Current;
        for (int i = index; i < Count; i++)
        {
            LockdepChain from = i > 0 ? _held[i - 1].Chain : Root(graph);
            _held[i].Chain = graph.Follow(from, _held[i]);
        }
    }
}

/// <summary>Where an owner comes from: the sequences of locks that it takes are learned for each place.</summary>
/// <param name="Call">The place that made it.</param>
/// <param name="Type">The message that a request's owner answers.</param>
internal readonly record struct LockdepOrigin(LockdepCall Call, ushort Type);
