namespace SmallRtnl.Coyote.Tests;

/// <summary>One of the programs in Explored/Programs.cs.</summary>
/// <param name="Name">Its method.</param>
/// <param name="Mode">The engine's mode.</param>
public sealed record CoyoteProgram(string Name, RtnlMode Mode = RtnlMode.PerNet)
{
    public override string ToString() => $"{Name}, {Mode}";
}

/// <summary>The engine's modes, whose type in the rewritten engine is another one.</summary>
public enum RtnlMode
{
    PerNet = 0,
    Nested = 1,
    BigLock = 2,
}
