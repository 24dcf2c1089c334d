namespace SmallRtnl;

/// <summary>
/// Says which lock the caller of a member must hold. Inside the member it counts as held; a call without it is RTNL102.
/// </summary>
/// <remarks>
/// <para>On a member of an interface or a virtual one it binds callers and implementations alike. On a delegate type, or on a parameter that is
/// a delegate, it says what is held when the delegate is called: what is handed over may rely on it, and on nothing else.</para>
/// <para><see cref="RtnlLock.Unlocked"/> says that nothing is needed. On a type or an assembly it says so for every member that does not say
/// otherwise, and the analyzer holds the assembly to it: other assemblies' verdicts rest on it.</para>
/// </remarks>
[AttributeUsage(
    AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Event | AttributeTargets.Constructor | AttributeTargets.Delegate | AttributeTargets.Parameter
        | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Assembly,
    AllowMultiple = true)]
public sealed class RequiresLockAttribute : Attribute
{
    /// <summary>A lock word is needed.</summary>
    public RequiresLockAttribute(RtnlLock word) => Lock = word;

    /// <summary>A lock of a user's own is needed.</summary>
    /// <param name="lockClass">A type that derives from <see cref="LockClass"/>.</param>
    public RequiresLockAttribute(Type lockClass)
    {
        Lock = RtnlLock.Unlocked;
        LockClass = lockClass;
    }

    /// <summary>The word that the caller must hold.</summary>
    public RtnlLock Lock { get; }

    /// <summary>The user's own lock class; null where a word is needed.</summary>
    public Type? LockClass { get; }

    /// <summary>The name of the parameter whose namespace must be held; left out, the request's own.</summary>
    public string? Net { get; set; }
}
