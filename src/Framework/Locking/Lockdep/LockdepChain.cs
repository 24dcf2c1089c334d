using System.Diagnostics;

namespace SmallRtnl;

/// <summary>
/// A sequence of classes held at once, known to be free of contradiction: a node of a tree whose roots are the places where owners come
/// from. To take one more lock in a sequence seen before is to find a child.
/// </summary>
internal sealed class LockdepChain(LockdepGraph graph, LockdepClass? last, bool isTry, StackTrace? trace)
{
    private LockdepChain[] _next = [];

    public LockdepGraph Graph => graph;

    /// <summary>The stack that first made the sequence: where an acquisition without a recorded caller happened.</summary>
    public StackTrace? Trace => trace;

    public LockdepChain? Next(LockdepClass wanted, bool asTry)
    {
        foreach (LockdepChain next in Volatile.Read(ref _next))
        {
            if (next.Is(wanted, asTry))
                return next;
        }
        return null;
    }

    /// <summary>Under the graph's lock.</summary>
    public void Add(LockdepChain next) => Volatile.Write(ref _next, [.. _next, next]);

    private bool Is(LockdepClass wanted, bool asTry) => ReferenceEquals(last, wanted) && isTry == asTry;
}
