using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>How much two versions of a file differ.</summary>
internal enum TreeDifference
{
    /// <summary>At most in bodies, initialisers and layout: every model is the same.</summary>
    None,

    /// <summary>In what only the file's own models read: methods, constructors, and the attributes of members.</summary>
    Own,

    /// <summary>In declarations, which the models of other files may read.</summary>
    Shared,
}

/// <summary>Compares two versions of a file by what models are made of.</summary>
internal static class TreeComparison
{
    /// <param name="before">The file as models were made of it.</param>
    /// <param name="after">The file as it is now.</param>
    /// <param name="isNamed">Whether a name stands in any attribute of ours: a method of that name may be what <c>nameof</c> finds there.</param>
    public static TreeDifference Compare(SyntaxTree before, SyntaxTree after, Func<string, bool> isNamed)
    {
        if (ReferenceEquals(before, after))
            return TreeDifference.None;
        if (!before.Options.Equals(after.Options))
            return TreeDifference.Shared;
        if (SyntaxFactory.AreEquivalent(before, after, topLevel: true))
            return TreeDifference.None;
        SyntaxNode old = before.GetRoot();
        SyntaxNode edited = after.GetRoot();
        return SyntaxFactory.AreEquivalent(old, edited, static kind => kind is SyntaxKind.MethodDeclaration or SyntaxKind.ConstructorDeclaration || IsOwn(kind))
            && AreEquivalent(TypeAttributes(old), TypeAttributes(edited), static (one, other) => SyntaxFactory.AreEquivalent(one, other))
            && AreEquivalent(Methods(old, isNamed), Methods(edited, isNamed), static (one, other) => SyntaxFactory.AreEquivalent(one, other, IsOwn))
                ? TreeDifference.Own
                : TreeDifference.Shared;
    }

    private static bool IsOwn(SyntaxKind kind) => kind is SyntaxKind.AttributeList or SyntaxKind.Block or SyntaxKind.ArrowExpressionClause;

    /// <summary>What a type's attributes say, the handlers and messages of other files read: it is a message, a nest, a subsystem.</summary>
    private static List<AttributeListSyntax> TypeAttributes(SyntaxNode root) =>
        [.. Declarations(root).OfType<BaseTypeDeclarationSyntax>().SelectMany(type => type.AttributeLists)];

    private static List<MethodDeclarationSyntax> Methods(SyntaxNode root, Func<string, bool> isNamed) =>
        [.. Declarations(root).OfType<MethodDeclarationSyntax>().Where(method => isNamed(method.Identifier.ValueText))];

    private static IEnumerable<SyntaxNode> Declarations(SyntaxNode root) =>
        root.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax);

    private static bool AreEquivalent<T>(List<T> before, List<T> after, Func<T, T, bool> areEquivalent)
        where T : SyntaxNode
    {
        if (before.Count != after.Count)
            return false;
        for (int i = 0; i < before.Count; i++)
        {
            // The types are the same and in the same order; which of them it stands on, or in, is part of the comparison.
            if (!areEquivalent(before[i], after[i]) || PlaceOf(before[i]) != PlaceOf(after[i]))
                return false;
        }
        return true;
    }

    private static string PlaceOf(SyntaxNode found)
    {
        // Nested types may share a name with others, hence every name outwards.
        var names = new List<string>();
        for (SyntaxNode? node = found.Parent; node is not null; node = node.Parent)
        {
            if (node is BaseTypeDeclarationSyntax type)
                names.Add(type.Identifier.ValueText);
            else if (node is BaseNamespaceDeclarationSyntax space)
                names.Add(space.Name.ToString());
        }
        return string.Join(".", names);
    }
}
