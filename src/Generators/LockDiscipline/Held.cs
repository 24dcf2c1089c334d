using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>The locks held at a place: one word at most, and any number of users' own.</summary>
internal sealed class Held : IEquatable<Held>
{
    public static readonly Held Nothing = new(LockWord.Unlocked, []);
    public static readonly Held PerNet = new(LockWord.PerNet, []);
    public static readonly Held Rtnl = new(LockWord.Rtnl, []);

    private Held(LockWord word, ImmutableArray<INamedTypeSymbol> customs)
    {
        Word = word;
        Customs = customs;
    }

    public LockWord Word { get; }

    public ImmutableArray<INamedTypeSymbol> Customs { get; }

    public bool IsNothing => Word == LockWord.Unlocked && Customs.IsEmpty;

    public static Held Of(LockWord word) => word switch
    {
        LockWord.Rtnl => Rtnl,
        LockWord.PerNet => PerNet,
        _ => Nothing,
    };

    public Held With(LockAtom atom)
    {
        if (atom.Custom is { } custom)
            return HasCustom(custom) ? this : new Held(Word, Customs.Add(custom));
        return atom.Word < Word ? new Held(atom.Word, Customs) : this;
    }

    /// <summary>Whether the lock, or one that counts as it, is held.</summary>
    public bool Covers(LockAtom atom) => atom.Custom is { } custom ? HasCustom(custom) : Word <= atom.Word;

    public bool Equals(Held? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || Word != other.Word || Customs.Length != other.Customs.Length)
            return false;
        for (int i = 0; i < Customs.Length; i++)
        {
            if (!SymbolEqualityComparer.Default.Equals(Customs[i], other.Customs[i]))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Held);

    public override int GetHashCode() => ((int)Word * 31) + Customs.Length;

    public override string ToString()
    {
        if (IsNothing)
            return "nothing";
        string word = Word == LockWord.Unlocked ? "" : Word.ToString();
        return string.Join(" and ", new[] { word }.Where(text => text.Length > 0).Concat(Customs.Select(custom => custom.Name)));
    }

    private bool HasCustom(INamedTypeSymbol wanted)
    {
        foreach (INamedTypeSymbol held in Customs)
        {
            for (INamedTypeSymbol? type = held; type is not null; type = type.BaseType)
            {
                if (SymbolEqualityComparer.Default.Equals(type, wanted))
                    return true;
            }
        }
        return false;
    }
}
