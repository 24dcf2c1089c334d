using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>A function reached, and how: the way back is the shortest call path.</summary>
internal sealed class Node(Function function, Context context, Node? from, Event? via)
{
    public Function Function { get; } = function;

    public Context Context { get; } = context;

    public Node? From { get; } = from;

    public Event? Via { get; } = via;

    public int Depth { get; } = from is null ? 0 : from.Depth + 1;

    public Node Root => From?.Root ?? this;

    /// <summary>A → B → C, and what C does at last.</summary>
    public string Path(string? last)
    {
        var names = new List<string>();
        for (Node? node = this; node is not null; node = node.From)
        {
            if (names.Count == 0 || names[names.Count - 1] != node.Function.Name)
                names.Add(node.Function.Name);
        }
        names.Reverse();
        if (last is not null)
            names.Add(last);
        return string.Join(" → ", names);
    }

    /// <summary>The places of the calls, from the root on.</summary>
    public ImmutableArray<Location> Hops()
    {
        var hops = new List<Location>();
        for (Node? node = this; node is not null; node = node.From)
        {
            Location? location = node.Via is { } via ? via.Syntax.GetLocation() : node.Function.Symbol.Locations.FirstOrDefault();
            if (location is not null)
                hops.Add(location);
        }
        hops.Reverse();
        return [.. hops];
    }
}

/// <summary>A rule broken at a place.</summary>
/// <param name="Id">The rule.</param>
/// <param name="At">The event that breaks it.</param>
/// <param name="Node">How it was reached.</param>
/// <param name="What">What is touched, called or done.</param>
/// <param name="Wanted">The lock that would be needed, or must not be held.</param>
/// <param name="Held">What is held.</param>
internal sealed record Finding(string Id, Event At, Node Node, string What, string Wanted, string Held)
{
    /// <summary>The weakest lock that would mend it, by name: of what Rtnl guards, a reader needs no more than PerNet.</summary>
    public string Needed { get; init; } = Wanted;

    /// <summary>Whether a stronger word would mend it: what keeps a handler from a weaker one.</summary>
    public bool IsInsufficient => Id is DiagnosticIds.RTNL101GuardedStateUnderAWeakerLock or DiagnosticIds.RTNL102CalledWithoutTheLock or DiagnosticIds.RTNL103UnlockedWrites;
}

/// <summary>What could not be followed.</summary>
internal sealed record UnknownEdge(Event At, Node Node, string What, string Remedy);
