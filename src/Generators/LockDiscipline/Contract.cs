using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>What a member's attributes say of locks.</summary>
internal sealed class Contract
{
    public static readonly Contract None = new([], [], [], net: null, saysNothingIsNeeded: false, ignore: null);

    public Contract(
        ImmutableArray<LockAtom> requires,
        ImmutableArray<LockAtom> excludes,
        ImmutableArray<LockAtom> acquires,
        string? net,
        bool saysNothingIsNeeded,
        AttributeData? ignore)
    {
        Requires = requires;
        Excludes = excludes;
        Acquires = acquires;
        Net = net;
        SaysNothingIsNeeded = saysNothingIsNeeded;
        Ignore = ignore;
    }

    public ImmutableArray<LockAtom> Requires { get; }

    public ImmutableArray<LockAtom> Excludes { get; }

    public ImmutableArray<LockAtom> Acquires { get; }

    /// <summary>The parameter whose namespace is meant; null for the request's own.</summary>
    public string? Net { get; }

    /// <summary>[RequiresLock(Unlocked)], on the member itself, its type or its assembly.</summary>
    public bool SaysNothingIsNeeded { get; }

    /// <summary>The escape.</summary>
    public AttributeData? Ignore { get; }

    public bool IsAnnotated => SaysNothingIsNeeded || !Requires.IsEmpty || !Excludes.IsEmpty || !Acquires.IsEmpty;

    /// <summary>What may be relied on inside the member, or by the delegate.</summary>
    public Held Granted
    {
        get
        {
            Held held = Held.Nothing;
            foreach (LockAtom atom in Requires)
                held = held.With(atom);
            return held;
        }
    }
}
