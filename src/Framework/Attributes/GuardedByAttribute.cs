namespace SmallRtnl;

/// <summary>
/// Says what guards a member, or every member of a type. Checked by the analyzers: touched under a weaker lock it is RTNL101. Of a partial
/// property the generator writes the accessors, which assert it when it is touched.
/// </summary>
/// <remarks>
/// State guarded by <see cref="RtnlLock.Rtnl"/> may be read under <see cref="RtnlLock.PerNet"/>, where RTNL is held shared. A member that is a
/// <see cref="Rcu{T}"/> is readable without a lock, and replaceable only under the one named.
/// </remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Event | AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class GuardedByAttribute : Attribute
{
    /// <summary>A lock word guards it.</summary>
    public GuardedByAttribute(RtnlLock word) => Lock = word;

    /// <summary>A lock of a user's own guards it.</summary>
    /// <param name="lockClass">A type that derives from <see cref="LockClass"/>.</param>
    public GuardedByAttribute(Type lockClass)
    {
        Lock = RtnlLock.Unlocked;
        LockClass = lockClass;
    }

    /// <summary>The word; <see cref="RtnlLock.Unlocked"/> where <see cref="LockClass"/> guards instead.</summary>
    public RtnlLock Lock { get; }

    /// <summary>The user's own lock class; null where a word guards.</summary>
    public Type? LockClass { get; }

    /// <summary>
    /// The name of the instance's field, property or primary constructor's parameter that is the namespace, for the accessors' assertion. Left out: the only such member
    /// of type <see cref="SmallRtnl.Net"/>, or, where there is none, whichever namespace is held.
    /// </summary>
    public string? Net { get; set; }
}
