namespace SmallRtnl;

/// <summary>
/// The only escape from the lock discipline: what the member does, and what it calls, is not reported. It is counted, needs a reason, and is
/// RTNL112 once nothing is left to excuse.
/// </summary>
/// <param name="reason">Why the analyzer is wrong here, or cannot know.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Event | AttributeTargets.Constructor | AttributeTargets.Field)]
public sealed class LockDisciplineIgnoreAttribute(string reason) : Attribute
{
    /// <summary>Why.</summary>
    public string Reason { get; } = reason;
}
