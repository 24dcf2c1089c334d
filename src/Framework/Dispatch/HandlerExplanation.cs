namespace SmallRtnl;

/// <summary>What a handler does with something that a lock covers.</summary>
public enum HandlerTouchKind
{
    /// <summary>Reads state that is marked with <see cref="GuardedByAttribute"/>.</summary>
    Reads = 0,

    /// <summary>Writes such state.</summary>
    Writes = 1,

    /// <summary>Calls a member that is marked with <see cref="RequiresLockAttribute"/>.</summary>
    Calls = 2,
}

/// <summary>Something that a lock covers, and that a handler reaches.</summary>
/// <param name="Kind">What it does with it.</param>
/// <param name="Member">The state or the member called, as <c>Type.Member</c>.</param>
/// <param name="Lock">The lock that covers it: a word, or the name of a user's lock class.</param>
/// <param name="Path">The shortest call path there, from the handler's method on.</param>
public sealed record HandlerTouch(HandlerTouchKind Kind, string Member, string Lock, string Path);

/// <summary>All that the compiler knows of one handler, as <c>rtnl explain</c> prints it.</summary>
/// <param name="Attribute">The attribute as it stands in the source.</param>
/// <param name="Place">The name of the file that the handler's method stands in.</param>
/// <param name="Message">The message's type.</param>
/// <param name="Thunk">The generated thunk, as C#.</param>
public sealed record HandlerExplanation(string Attribute, string Place, string Message, string Thunk)
{
    /// <summary>The resolve method's name; null where there is none.</summary>
    public string? Resolve { get; init; }

    /// <summary>Whether the resolve method names namespaces, all of which are locked.</summary>
    public bool NamesNets { get; init; }

    /// <summary>What it touches of what locks cover, the shortest paths first.</summary>
    public IReadOnlyList<HandlerTouch> Touches { get; init; } = [];
}
