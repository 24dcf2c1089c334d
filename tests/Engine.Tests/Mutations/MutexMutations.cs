using SmallRtnl.Engine.Tests.Properties;
using Programs = SmallRtnl.Engine.Tests.Properties.MutexPrograms;

namespace SmallRtnl.Engine.Tests.Mutations;

/// <summary>Mistakes in the mutexes, their queue and its waiters.</summary>
internal static class MutexMutations
{
    private const string NetMutex = "Locking/NetMutex.cs";
    private const string Queue = "Locking/LockWaiterQueue.cs";
    private const string Waiter = "Locking/LockWaiter.cs";
    private const string UserLock = "Locking/Lockdep/LockClass.cs";

    public static readonly Mutation[] All =
    [
        new("mutex: a release wakes nobody", NetMutex,
            "next?.Grant();", "",
            Programs.NoLostWakeUp),
        new("mutex: a release by the fast path overlooks waiters", NetMutex,
            "if (Interlocked.CompareExchange(ref _state, Free, Held) != Held)", "if (Interlocked.Exchange(ref _state, Free) > HeldWithWaiters)",
            Programs.NoLostWakeUp),
        new("mutex: no second look before a waiter queues", NetMutex,
            "if (Volatile.Read(ref _state) == HeldWithWaiters || Interlocked.CompareExchange(ref _state, HeldWithWaiters, Held) == Held)",
            "if (Interlocked.Exchange(ref _state, HeldWithWaiters) >= 0)",
            Programs.NoLostWakeUp),
        new("mutex: a hand-over says that nobody waits although others do", NetMutex,
            "else if (_waiters.Count == 0)", "else",
            Programs.NoLostWakeUp),
        new("mutex: a hand-over without waiters leaves it held", NetMutex,
            "if (next is null)\n                Volatile.Write(ref _state, Free);", "if (next is null)\n                Volatile.Write(ref _state, Held);",
            Programs.Cancel),
        new("mutex: released before it is handed over", NetMutex,
            "next = _waiters!.Dequeue();", "Volatile.Write(ref _state, Free);\n            next = _waiters!.Dequeue();",
            Programs.NoLostWakeUp),
        new("mutex: a waiter's state is Held, not HeldWithWaiters", NetMutex,
            "Interlocked.CompareExchange(ref _state, HeldWithWaiters, Held) == Held", "Volatile.Read(ref _state) == Held",
            Programs.NoLostWakeUp),
        new("mutex: a cancelled waiter stays in the queue", NetMutex,
            "mutex._waiters!.Remove(waiter);", "",
            Programs.Cancel),
        new("mutex: cancelling does not ask whether the grant has won", NetMutex,
            "if (!waiter.IsQueued)\n                    return false;\n                mutex._waiters!.Remove(waiter);", "if (waiter.IsQueued)\n                    mutex._waiters!.Remove(waiter);",
            Programs.Cancel),
        new("queue: the last comes first", Queue,
            "LockWaiter? waiter = _head;", "LockWaiter? waiter = _tail;",
            Programs.Fifo, GatePrograms.Fifo),
        new("queue: a waiter that leaves the end cuts the next one off", Queue,
            "_tail = waiter.Previous;", "{ }",
            Programs.Cancel),
        new("queue: a waiter that leaves is still counted", Queue,
            "Count--;", "",
            Programs.Cancel, GatePrograms.NoLostWakeUp),
        new("waiter: cancelling wakes nobody", Waiter,
            "if (canceller.TryRemove(waiter))", "if (canceller.TryRemove(waiter) && token.IsCancellationRequested == false)",
            Programs.Cancel),
        new("mutex: a hand-over frees it as well", NetMutex,
            "else if (_waiters.Count == 0)\n                Volatile.Write(ref _state, Held);", "else\n                Volatile.Write(ref _state, Free);",
            Programs.NoLostWakeUp),
        new("mutex: a cancelled waiter leaves and is told nothing", NetMutex,
            "mutex._waiters!.Remove(waiter);\n                return true;", "mutex._waiters!.Remove(waiter);\n                return false;",
            Programs.Cancel),
        new("queue: the last in line is not remembered", Queue,
            "_tail.Next = waiter;\n        _tail = waiter;", "_tail.Next = waiter;",
            Programs.NoLostWakeUp),
        new("queue: who leaves the middle cuts off those behind", Queue,
            "waiter.Previous.Next = waiter.Next;", "waiter.Previous.Next = null;",
            Programs.Cancel),
        new("waiter: waits on without leaving its cancellation", Waiter,
            "await using CancellationTokenRegistration registration = cancellation", "CancellationTokenRegistration registration = cancellation",
            Programs.CancelAgain),
        new("user lock: a release forgets the owner after the hand-over", UserLock,
            "_owner = null;\n        Volatile.Write(ref _version, _version + 1);\n        _mutex.Release();", "Volatile.Write(ref _version, _version + 1);\n        _mutex.Release();\n        Volatile.Write(ref _owner, null);",
            UserLockPrograms.Ownership),
        new("user lock: who waits takes itself for the owner", UserLock,
            "await _mutex.AcquireAsync(context, cancellation).ConfigureAwait(false);\n            _owner = context;", "_owner = context;\n            await _mutex.AcquireAsync(context, cancellation).ConfigureAwait(false);",
            UserLockPrograms.Ownership),
        new("user lock: a try that fails takes itself for the owner", UserLock,
            "lease = default;\n        if (!_mutex.TryAcquire())", "lease = default;\n        _owner = context;\n        if (!_mutex.TryAcquire())",
            UserLockPrograms.Ownership),
    ];
}
