namespace SmallRtnl;

/// <summary>Says under which word an event of a notifier chain is raised: the device's namespace's own RTNL, or the whole.</summary>
/// <param name="word"><see cref="RtnlLock.PerNet"/> or <see cref="RtnlLock.Rtnl"/>.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class LockClassAttribute(RtnlLock word) : Attribute
{
    /// <summary>The word that must be held when the event is raised.</summary>
    public RtnlLock Lock { get; } = word;
}
