using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.CodeFixes;

/// <summary>
/// Writes the method that a handler's Resolve names, where its class has none of that name: at the handler (RTNL005), and inside nameof(…)
/// (the compiler's own CS0103). There is no Fix All: two handlers may name the same one.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ResolveMethodFix)), Shared]
public sealed class ResolveMethodFix : DocumentFix
{
    private const string NoSuchName = "CS0103";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.RTNL005ResolveNamesNoSuitableMethod, NoSuchName];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, Diagnostic diagnostic, SyntaxNode root, SemanticModel model, SourceText text)
    {
        CancellationToken cancellation = context.CancellationToken;
        SyntaxNode place = root.FindNode(diagnostic.Location.SourceSpan);
        if (place.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } handler
            || LockWords.Find(handler, model, name => name == "DoItAttribute", cancellation) is not { } attribute
            || attribute.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "Resolve") is not { } resolve
            || (diagnostic.Id == NoSuchName && !resolve.Span.Contains(place.Span))
            || NameOf(resolve.Expression) is not { } name
            || Stub(handler, name, model, text, cancellation) is not { } stub)
        {
            return;
        }
        context.RegisterCodeFix(
            CodeAction.Create(
                $"Write the resolve method '{name}'",
                _ => Task.FromResult(context.Document.WithText(text.WithChanges(new TextChange(new TextSpan(handler.Span.End, 0), stub)))),
                nameof(ResolveMethodFix)),
            diagnostic);
    }

    /// <summary>The text of "Find" or nameof(Find).</summary>
    private static string? NameOf(ExpressionSyntax expression)
    {
        string? name = expression switch
        {
            LiteralExpressionSyntax literal => literal.Token.ValueText,
            InvocationExpressionSyntax
            {
                Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" },
                ArgumentList.Arguments: [{ Expression: IdentifierNameSyntax argument }],
            } => argument.Identifier.ValueText,
            _ => null,
        };
        return name is not null && SyntaxFacts.IsValidIdentifier(name) ? name : null;
    }

    private static string? Stub(MethodDeclarationSyntax handler, string name, SemanticModel model, SourceText text, CancellationToken cancellation)
    {
        Compilation compilation = model.Compilation;
        if (model.GetDeclaredSymbol(handler, cancellation) is not { Parameters: [{ Type: INamedTypeSymbol { Name: "DoItRequest", TypeArguments: [var message] } }, var plan] } method
            || !method.ContainingType.GetMembers(name).IsEmpty
            || compilation.GetTypeByMetadataName("SmallRtnl.ResolveRequest`1") is not { } request)
        {
            return null;
        }
        var scope = new Scope(model, handler.SpanStart, text);
        string result = scope.Type(compilation.GetTypeByMetadataName("SmallRtnl.RtnlResult"), "RtnlResult");
        string exception = scope.Type(compilation.GetTypeByMetadataName("System.NotImplementedException"), "System.NotImplementedException");
        string access = method.DeclaredAccessibility == Accessibility.Public ? "public" : "internal";
        string indent = scope.IndentAt(handler.SpanStart);
        string line = scope.NewLine;
        return string.Concat(
            line,
            line,
            $"{indent}{access} {(method.IsStatic ? "static " : "")}{result} {name}(in {scope.Type(request.Construct(message), "")} request, out {scope.Type(plan.Type, "")} plan)",
            $"{line}{indent}{{{line}{indent}    throw new {exception}();{line}{indent}}}");
    }
}
