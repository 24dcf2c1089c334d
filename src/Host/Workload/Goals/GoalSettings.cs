using System.Globalization;

namespace SmallRtnl.Host;

/// <summary>How the goals are measured; smaller figures show whether everything runs.</summary>
/// <param name="Namespaces">Of the whole workload; the other sizes follow it.</param>
/// <param name="Clients">Of the whole workload where a goal does not say one.</param>
/// <param name="Interfaces">In each namespace.</param>
/// <param name="Repeat">How often each side is measured, in turn.</param>
internal sealed record GoalSettings(int Namespaces, int Clients, int Interfaces, int Repeat)
{
    public const int FullNamespaces = 2000;
    public const int FullClients = 8;
    public const int FullInterfaces = 3;

    /// <summary>The published <c>rtnl</c> whose start is timed; null: this one.</summary>
    public string? Server { get; init; }

    /// <summary>How long a rate is counted, in each repetition.</summary>
    public TimeSpan Window => IsFull ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the sizes are those of the goals at least.</summary>
    public bool IsFull => Namespaces >= FullNamespaces;

    /// <summary>A size, as much smaller as the number of namespaces is.</summary>
    public int Scale(int size) => (int)Math.Max(1, (long)size * Namespaces / FullNamespaces);

    /// <summary>What a row's id says where it is not measured as its goal is; empty where it is.</summary>
    /// <param name="followsClients">Whether the row is one of those that <see cref="Clients"/> is for.</param>
    public string Difference(bool followsClients)
    {
        string difference = Namespaces == FullNamespaces ? "" : string.Create(CultureInfo.InvariantCulture, $"-n{Namespaces}");
        if (followsClients && Clients != FullClients)
            difference += string.Create(CultureInfo.InvariantCulture, $"-p{Clients}");
        return Interfaces == FullInterfaces ? difference : difference + string.Create(CultureInfo.InvariantCulture, $"-k{Interfaces}");
    }
}
