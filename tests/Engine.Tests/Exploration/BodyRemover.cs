using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Engine.Tests.Exploration;

/// <summary>Leaves declarations whose bodies are never run, so that what is only named need not be compiled, nor controlled. Also compiled by Coyote.Tests.</summary>
internal sealed class BodyRemover : CSharpSyntaxRewriter
{
    private static readonly BlockSyntax s_throw = (BlockSyntax)SyntaxFactory.ParseStatement("{ throw null!; }");

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        // No generator runs here, which would write the other part; what is elsewhere need not be found.
        SyntaxToken outside = node.Modifiers.FirstOrDefault(static modifier => modifier.IsKind(SyntaxKind.PartialKeyword) || modifier.IsKind(SyntaxKind.ExternKeyword));
        if (outside != default)
            node = node.WithModifiers(node.Modifiers.Remove(outside)).WithAttributeLists(default);
        else if (node.Body is null && node.ExpressionBody is null)
            return node;
        return node.WithBody(s_throw).WithExpressionBody(null).WithSemicolonToken(default);
    }

    public override SyntaxNode? VisitAccessorDeclaration(AccessorDeclarationSyntax node) =>
        node.Body is null && node.ExpressionBody is null ? node : node.WithBody(s_throw).WithExpressionBody(null).WithSemicolonToken(default);

    public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node) =>
        node.WithBody(s_throw).WithExpressionBody(null).WithSemicolonToken(default);
}
