namespace SmallRtnl;

/// <summary>What the lock words mean at run time. The generated code is the same in all three.</summary>
public enum RtnlMode
{
    /// <summary><c>PerNet</c> takes RTNL shared and the net's mutex; <c>Rtnl</c> takes RTNL exclusively. The default.</summary>
    PerNet = 0,

    /// <summary><c>PerNet</c> takes RTNL exclusively, then the net's mutex inside it: no concurrency yet, every mistake visible.</summary>
    Nested = 1,

    /// <summary><c>PerNet</c> takes RTNL exclusively and nothing else.</summary>
    BigLock = 2,
}
