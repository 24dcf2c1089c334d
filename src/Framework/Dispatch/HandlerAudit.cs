namespace SmallRtnl;

/// <summary>Whether a handler's lock word has been proven sufficient when its assembly was built.</summary>
public enum LockVerdict
{
    /// <summary>Every call was followed, and everything that it touches is covered.</summary>
    Proven = 0,

    /// <summary>Something that it touches is not covered; the build says so as an error.</summary>
    Refused = 1,

    /// <summary>Something could not be followed, or an escape stands in between.</summary>
    Unknown = 2,
}

/// <summary>What the compiler found out about a handler's lock: the conversion audit of one handler.</summary>
/// <param name="Verdict">Whether its word suffices.</param>
/// <param name="Weakest">The weakest word that would suffice; of a handler with a fallback, for its second run.</param>
public sealed record HandlerAudit(LockVerdict Verdict, RtnlLock Weakest)
{
    /// <summary>What keeps it from the next weaker word: the shortest call path that needs more; null where there is nothing weaker.</summary>
    public string? BlockedBy { get; init; }

    /// <summary>What could not be followed.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>How many escapes (<see cref="LockDisciplineIgnoreAttribute"/>) it goes through.</summary>
    public int Escapes { get; init; }

    /// <summary>Tells all that is known of the handler; null where its assembly says no more. Its texts are made when it is called.</summary>
    public Func<HandlerExplanation>? Explain { get; init; }
}
