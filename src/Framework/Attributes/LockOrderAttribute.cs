namespace SmallRtnl;

/// <summary>
/// Declares the order of a <see cref="LockClass"/> towards another: a lock word or the type of another lock class. Lockdep knows it without
/// having seen it, and reports the first acquisition against it.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LockOrderAttribute : Attribute
{
    /// <summary>What is taken while a lock of this class is held: <see cref="RtnlLock.Rtnl"/>, <see cref="RtnlLock.PerNet"/> or a type.</summary>
    public object? Before { get; set; }

    /// <summary>Under what a lock of this class is taken: <see cref="RtnlLock.Rtnl"/>, <see cref="RtnlLock.PerNet"/> or a type.</summary>
    public object? After { get; set; }
}
