using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>What the walks of a body and of the lambdas in it share: closures see the variables around them.</summary>
internal sealed class BodyEnvironment
{
    /// <summary>Where variables' values come from; parameters are in <see cref="Slots"/>.</summary>
    public Dictionary<ISymbol, char> Origins { get; } = new(SymbolEqualityComparer.Default);

    public Dictionary<ISymbol, int> Slots { get; } = new(SymbolEqualityComparer.Default);

    public Dictionary<ISymbol, DelegateSet> Delegates { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Variables that stand for guarded state: copies of a reference to a mutable collection, and ref locals.</summary>
    public Dictionary<ISymbol, (ISymbol Member, LockAtom Atom, char Receiver)> Aliases { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Variables that hold the answer of IsLocked or of a TryLock.</summary>
    public Dictionary<ISymbol, IOperation> Conditions { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Variables that were read from an object's namespace property.</summary>
    public HashSet<ISymbol> NetsOfObjects { get; } = new(SymbolEqualityComparer.Default);

    public Dictionary<SyntaxNode, Function> Lambdas { get; } = [];

    public Dictionary<ISymbol, Function> LocalFunctions { get; } = new(SymbolEqualityComparer.Default);
}
