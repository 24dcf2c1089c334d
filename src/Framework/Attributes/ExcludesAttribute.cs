namespace SmallRtnl;

/// <summary>
/// Says that a member must run without a lock: it waits for somebody who needs it. Whoever reaches it with the lock held, however far up the
/// calls, is RTNL109.
/// </summary>
/// <remarks>The whole of RTNL counts as every namespace's: what excludes <see cref="RtnlLock.PerNet"/> excludes both words.</remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Constructor | AttributeTargets.Delegate, AllowMultiple = true)]
public sealed class ExcludesAttribute : Attribute
{
    /// <summary>A lock word must not be held.</summary>
    public ExcludesAttribute(RtnlLock word) => Lock = word;

    /// <summary>A lock of a user's own must not be held.</summary>
    /// <param name="lockClass">A type that derives from <see cref="LockClass"/>.</param>
    public ExcludesAttribute(Type lockClass)
    {
        Lock = RtnlLock.Unlocked;
        LockClass = lockClass;
    }

    /// <summary>The word that the caller must not hold.</summary>
    public RtnlLock Lock { get; }

    /// <summary>The user's own lock class; null where a word is meant.</summary>
    public Type? LockClass { get; }
}
