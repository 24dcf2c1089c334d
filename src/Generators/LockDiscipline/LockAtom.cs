using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>One lock as an attribute or a scope names it: a word, or a lock class of a user's own.</summary>
internal readonly struct LockAtom(LockWord word, INamedTypeSymbol? custom = null) : IEquatable<LockAtom>
{
    /// <summary>The word; <see cref="LockWord.Unlocked"/> where it is a user's own lock, or none at all.</summary>
    public LockWord Word { get; } = word;

    public INamedTypeSymbol? Custom { get; } = custom;

    public bool IsWord => Custom is null && Word != LockWord.Unlocked;

    public bool IsNothing => Custom is null && Word == LockWord.Unlocked;

    public bool Equals(LockAtom other) => Word == other.Word && SymbolEqualityComparer.Default.Equals(Custom, other.Custom);

    public override bool Equals(object? obj) => obj is LockAtom other && Equals(other);

    public override int GetHashCode() => Custom is null ? (int)Word : SymbolEqualityComparer.Default.GetHashCode(Custom);

    public override string ToString() => Custom is not null ? Custom.Name : IsNothing ? "no lock" : Word.ToString();
}
