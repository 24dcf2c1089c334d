namespace SmallRtnl.Generators;

/// <summary>
/// What a parser found wrong: the id and the arguments of its text. The generator drops it; the analyzer, which runs the same parser,
/// reports it.
/// </summary>
internal readonly struct Problem(string id, params string[] arguments)
{
    public string Id { get; } = id;

    public string[] Arguments { get; } = arguments;
}
