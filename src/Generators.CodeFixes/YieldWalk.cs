using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators.CodeFixes;

/// <summary>A collection that is walked across a yield (RTNL101): between two chunks nothing is held, whatever word is written.</summary>
internal static class YieldWalk
{
    /// <summary>Whether the place is the collection of such a loop, and the collection is none that never changes.</summary>
    public static bool Is(SyntaxNode place, SemanticModel model, CancellationToken cancellation) =>
        place.FirstAncestorOrSelf<ForEachStatementSyntax>() is { } loop
        && loop.Expression.Span.End == place.Span.End
        && loop.Expression.Span.Contains(place.Span)
        && loop.Statement.DescendantNodesAndSelf(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(static node => node is YieldStatementSyntax)
        && model.GetTypeInfo(loop.Expression, cancellation).Type is not { ContainingNamespace: { Name: "Immutable" or "Frozen", ContainingNamespace.Name: "Collections" } };
}
