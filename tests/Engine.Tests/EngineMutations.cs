namespace SmallRtnl.Engine.Tests;

/// <summary>One mistake that somebody might make in the engine, as a change of its text.</summary>
/// <param name="Name">What the mistake is.</param>
/// <param name="File">Where.</param>
/// <param name="Find">The text; it must stand there.</param>
/// <param name="Replace">The mistaken text.</param>
internal sealed record EngineMutation(string Name, string File, string Find, string Replace)
{
    private const string Gate = "RtnlGate.Entry.cs";
    private const string Mutex = "NetMutex.cs";
    private const string Counter = "StripedCounter.cs";
    private const string Queue = "LockWaiterQueue.cs";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<EngineMutation> All { get; } =
    [
        new("a hand-over that wakes nobody", Mutex, "next?.Grant();", ";"),
        new("a release that forgets the waiters", Mutex, "if (Interlocked.CompareExchange(ref _state, Free, Held) != Held)\n            HandOver();", "Volatile.Write(ref _state, Free);"),
        new("a hand-over that opens the lock as well", Mutex, "else if (_waiters.Count == 0)\n                Volatile.Write(ref _state, Held);", "else\n                Volatile.Write(ref _state, Free);"),
        new("a hand-over that forgets that others wait", Mutex, "else if (_waiters.Count == 0)\n                Volatile.Write(ref _state, Held);", "else\n                Volatile.Write(ref _state, Held);"),
        new("a waiter that does not look again before it queues", Mutex, "if (Volatile.Read(ref _state) == HeldWithWaiters || Interlocked.CompareExchange(ref _state, HeldWithWaiters, Held) == Held)", "if (Interlocked.Exchange(ref _state, HeldWithWaiters) >= 0)"),
        new("a cancelled waiter that stays in the queue", Mutex, "mutex._waiters!.Remove(waiter);\n                return true;", "return true;"),
        new("a cancellation that beats a grant", Mutex, "if (!waiter.IsQueued)\n                    return false;\n                mutex", "if (!waiter.IsQueued)\n                    return true;\n                mutex"),
        new("an empty queue that leaves the lock held", Mutex, "if (next is null)\n                Volatile.Write(ref _state, Free);\n            else if (", "if (next is not null && "),
        new("a shared entry that does not look whether the gate is closed", Gate, "if (Volatile.Read(ref _state) == Open)\n            return true;\n        StepBack(stripe);\n        return false;", "return true;"),
        new("a shared entry that looks before it is counted", Gate, "_shared.Enter(stripe);\n        // Entering", "bool open = Volatile.Read(ref _state) == Open;\n        _shared.Enter(stripe);\n        if (open)\n            return true;\n        // Entering"),
        new("a step back that stays counted", Gate, "_shared.TakeBack(stripe);", ";"),
        new("a step back that tells nobody", Gate, "_shared.TakeBack(stripe);\n        if (Volatile.Read(ref _state) != Open)\n            ServeAfterExit();", "_shared.TakeBack(stripe);"),
        new("a last shared exit that tells nobody", Gate, "_shared.Exit(stripe);\n        if (Volatile.Read(ref _state) != Open)\n            ServeAfterExit();", "_shared.Exit(stripe);"),
        new("an exclusive that does not look at the shared holders", Gate, "if (_shared.IsZero())\n        {\n            _owner", "{\n            _owner"),
        new("a drained gate that nobody looks at", Gate, "_exclusiveWaiters.Enqueue(waiter);\n            ServeDrained();", "_exclusiveWaiters.Enqueue(waiter);"),
        new("a phase that begins beside its holder", Gate, "if (_exclusiveHeld || _exclusiveWaiters.Count == 0", "if (_exclusiveWaiters.Count == 0"),
        new("a phase that begins beside shared holders", Gate, "|| !_shared.IsZero())\n            return;", ")\n            return;"),
        new("a fast holder that is overlooked when others come to wait", Gate, "if (Interlocked.Exchange(ref _state, Crowded) == Closed)\n                _exclusiveHeld = true;", "Interlocked.Exchange(ref _state, Crowded);"),
        new("a closing taken back that opens over those who wait", Gate, "if (Interlocked.CompareExchange(ref _state, Open, Closed) == Closed)\n            return;\n        lock (_sync)\n        {\n            // Whoever", "Volatile.Write(ref _state, Open);\n        if (_state == Open)\n            return;\n        lock (_sync)\n        {\n            // Whoever"),
        new("a closing taken back that is still taken for a holder", Gate, "// Whoever made it crowded took us for a holder.\n            _exclusiveHeld = false;", "// Whoever made it crowded took us for a holder."),
        new("an exit that opens over those who wait", Gate, "_owner = null;\n        if (Interlocked.CompareExchange(ref _state, Open, Closed) == Closed)\n            return;", "_owner = null;\n        Volatile.Write(ref _state, Open);\n        if (_state == Open)\n            return;"),
        new("a batch without end", Gate, "if (_exclusiveWaiters.Count > 0 && (_sharedWaiters.Count == 0 || _batchLeft > 0))", "if (_exclusiveWaiters.Count > 0)"),
        new("shared entries let in that are not counted", Gate, "_shared.Enter(stripe);\n            waiter.Context!.SharedStripe", "waiter.Context!.SharedStripe"),
        new("shared entries let in that are not woken", Gate, "waiter.Context!.SharedStripe = stripe;\n            waiter.Grant();", "waiter.Context!.SharedStripe = stripe;"),
        new("a gate that opens over exclusives that wait", Gate, "if (_exclusiveWaiters.Count == 0)\n            Volatile.Write(ref _state, Open);\n        else\n            ServeDrained();", "Volatile.Write(ref _state, Open);"),
        new("a cancelled last exclusive that keeps the shared out", Gate, "if (gate._exclusiveWaiters.Count == 0 && !gate._exclusiveHeld)\n                    gate.AdmitShared();", ";"),
        new("a cancelled exclusive that lets the shared in beside a holder", Gate, "if (gate._exclusiveWaiters.Count == 0 && !gate._exclusiveHeld)", "if (gate._exclusiveWaiters.Count == 0)"),
        new("an exit from the wrong stripe's point of view: a sum that stops at the first", Counter, "for (int i = 1; i < _stripes.Length - 1; i++)\n        {\n            if", "for (int i = 1; i < 2; i++)\n        {\n            if"),
        new("a queue that loses its tail", Queue, "_tail.Next = waiter;\n        _tail = waiter;", "_tail.Next = waiter;"),
    ];

    public override string ToString() => Name;
}
