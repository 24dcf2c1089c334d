namespace SmallRtnl;

/// <summary>A lock, to whoever wants to leave its queue.</summary>
internal interface ILockQueue
{
    /// <summary>Removes a waiter.</summary>
    /// <returns>False where it does not stand here: it was granted, or has moved on.</returns>
    bool TryRemove(LockWaiter waiter);
}
