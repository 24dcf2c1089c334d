using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>A guarded partial property as its generated half needs it. Strings only, so that equal sources make equal models.</summary>
/// <param name="Namespace">Null in the global namespace.</param>
/// <param name="Types">The containing types' headers, the outermost first.</param>
/// <param name="HintName">The file's stem; unique once all are known.</param>
/// <param name="Declaration">Modifiers, type and name.</param>
/// <param name="Accessors">Each accessor with its assertion.</param>
internal sealed record GuardModel(string? Namespace, EquatableArray<string> Types, string HintName, string Declaration, EquatableArray<GuardAccessor> Accessors);

/// <summary>What was read of a [GuardedBy].</summary>
internal sealed record GuardDeclaration(EquatableArray<GuardModel> Models, Failure? Failure)
{
    public static GuardDeclaration Of(ISymbol symbol, SyntaxNode node, Func<List<GuardModel>> read)
    {
        if (LanguageFloor.IsAbove(node.SyntaxTree))
            return new GuardDeclaration(default, LanguageFloor.At(symbol, node.SyntaxTree));
        List<GuardModel>? models = SmallRtnl.Generators.Failure.Of(symbol, read, out Failure? failure);
        return new GuardDeclaration(new EquatableArray<GuardModel>(models ?? []), failure);
    }
}

/// <summary>An accessor.</summary>
/// <param name="Keyword">get, set or init, with its modifiers in front.</param>
/// <param name="Reads">Whether it is the getter.</param>
/// <param name="Assertion">The call that asserts; null where nothing is to be asserted.</param>
internal sealed record GuardAccessor(string Keyword, bool Reads, string? Assertion);
