namespace SmallRtnl;

/// <summary>A FIFO of waiters, linked through the waiters themselves. Guarded by its lock's monitor.</summary>
internal sealed class LockWaiterQueue
{
    private LockWaiter? _head;
    private LockWaiter? _tail;

    public int Count { get; private set; }

    public void Enqueue(LockWaiter waiter)
    {
        waiter.IsQueued = true;
        waiter.Next = null;
        waiter.Previous = _tail;
        if (_tail is null)
            _head = waiter;
        else
            _tail.Next = waiter;
        _tail = waiter;
        Count++;
    }

    public LockWaiter? Dequeue()
    {
        LockWaiter? waiter = _head;
        if (waiter is not null)
            Remove(waiter);
        return waiter;
    }

    public void Remove(LockWaiter waiter)
    {
        if (waiter.Previous is null)
            _head = waiter.Next;
        else
            waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null)
            _tail = waiter.Previous;
        else
            waiter.Next.Previous = waiter.Previous;
        waiter.Next = waiter.Previous = null;
        waiter.IsQueued = false;
        Count--;
    }
}
