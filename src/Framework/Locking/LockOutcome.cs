namespace SmallRtnl;

/// <summary>What became of asking for a lock on a waiter's behalf.</summary>
internal enum LockOutcome
{
    /// <summary>It was free, and is the waiter's owner's.</summary>
    Taken = 0,

    /// <summary>The waiter stands in its queue and will be granted, unless it is cancelled before.</summary>
    Queued = 1,

    /// <summary>The waiter had been cancelled before it could queue.</summary>
    Cancelled = 2,
}
