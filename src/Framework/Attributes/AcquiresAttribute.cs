namespace SmallRtnl;

/// <summary>
/// Says that a member takes a lock itself: its caller holds neither that lock nor a stronger one, else RTNL104. Where the member returns a
/// lease, the lock is the caller's until the lease is disposed.
/// </summary>
/// <remarks>Needed where the analyzer does not see the body: on interface members, delegates, and what other assemblies call.</remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Constructor | AttributeTargets.Delegate, AllowMultiple = true)]
public sealed class AcquiresAttribute : Attribute
{
    /// <summary>A lock word is taken.</summary>
    public AcquiresAttribute(RtnlLock word) => Lock = word;

    /// <summary>A lock of a user's own is taken.</summary>
    /// <param name="lockClass">A type that derives from <see cref="LockClass"/>; that class itself stands for the receiver's own type.</param>
    public AcquiresAttribute(Type lockClass)
    {
        Lock = RtnlLock.Unlocked;
        LockClass = lockClass;
    }

    /// <summary>The word that is taken.</summary>
    public RtnlLock Lock { get; }

    /// <summary>The user's own lock class; null where a word is meant.</summary>
    public Type? LockClass { get; }
}
