namespace SmallRtnl;

/// <summary>One lock is taken before another.</summary>
/// <param name="Before">What is taken first: <c>Rtnl</c>, <c>PerNet</c>, or a lock class by its full name.</param>
/// <param name="After">What is taken while the first is held.</param>
public sealed record LockOrderEdge(string Before, string After);
