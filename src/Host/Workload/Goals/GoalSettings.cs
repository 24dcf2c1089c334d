namespace SmallRtnl.Host;

/// <summary>How the goals are measured; smaller figures show whether everything runs.</summary>
/// <param name="Namespaces">Of the whole workload; the other sizes follow it.</param>
/// <param name="Clients">Of the whole workload where a goal does not say one.</param>
/// <param name="Interfaces">In each namespace.</param>
/// <param name="Repeat">How often each side is measured, in turn.</param>
internal sealed record GoalSettings(int Namespaces, int Clients, int Interfaces, int Repeat)
{
    public const int FullNamespaces = 2000;

    /// <summary>The published <c>rtnl</c> whose start is timed; null: this one.</summary>
    public string? Server { get; init; }

    /// <summary>How long a rate is counted, in each repetition.</summary>
    public TimeSpan Window => IsFull ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the sizes are those of the goals.</summary>
    public bool IsFull => Namespaces >= FullNamespaces;

    /// <summary>A size, as much smaller as the number of namespaces is.</summary>
    public int Scale(int size) => (int)Math.Max(1, (long)size * Namespaces / FullNamespaces);
}
