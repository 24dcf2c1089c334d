namespace SmallRtnl;

/// <summary>The word granted to an owner, whatever the mode made of it.</summary>
internal enum HeldLock : byte
{
    None = 0,
    Snapshot = 1,
    PerNet = 2,
    Rtnl = 3,
}
