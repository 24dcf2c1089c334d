namespace SmallRtnl;

/// <summary>Says which lock word guards a member. Checked by the analyzers.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class GuardedByAttribute(RtnlLock word) : Attribute
{
    /// <summary>The word that must be held to write the member.</summary>
    public RtnlLock Lock { get; } = word;
}

/// <summary>Says that a member may be called only with a lock word held.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Constructor | AttributeTargets.Delegate)]
public sealed class RequiresLockAttribute(RtnlLock word) : Attribute
{
    /// <summary>The word that the caller must hold.</summary>
    public RtnlLock Lock { get; } = word;

    /// <summary>The name of the parameter whose namespace must be held; left out, the request's own.</summary>
    public string? Net { get; set; }
}

/// <summary>Says that a member must run without a lock word.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class ExcludesAttribute(RtnlLock word) : Attribute
{
    /// <summary>The word that the caller must not hold.</summary>
    public RtnlLock Lock { get; } = word;
}
