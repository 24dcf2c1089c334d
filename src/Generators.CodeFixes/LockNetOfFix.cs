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
/// RTNL107: x.Net.Lock(context) becomes gate.LockNetOf(x, context), which looks again. Through a variable, in a set, and for TryLock, there is
/// no call that would be the same.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LockNetOfFix)), Shared]
public sealed class LockNetOfFix : DocumentFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.RTNL107LockByANamespaceProperty];

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, Diagnostic diagnostic, SyntaxNode root, SemanticModel model, SourceText text)
    {
        CancellationToken cancellation = context.CancellationToken;
        SyntaxNode place = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        ExpressionSyntax? net = place.Parent is MemberAccessExpressionSyntax named && named.Name == place ? named : place as ExpressionSyntax;
        if (net?.Parent is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Lock" or "LockAsync", Parent: InvocationExpressionSyntax call } access || access.Expression != net)
            return;
        // A variable is no property: what it was read from is not seen here.
        if (model.GetSymbolInfo(net, cancellation).Symbol is not IPropertySymbol || call.ArgumentList.Arguments.Count is 0 or > 2)
            return;
        string moves = net is MemberAccessExpressionSyntax { Expression: var owner } ? owner.ToString() : "this";
        if (Gate(new Scope(model, call.SpanStart, text), net) is not { } gate)
            return;
        string method = access.Name.Identifier.ValueText == "Lock" ? "LockNetOf" : "LockNetOfAsync";
        TextSpan span = TextSpan.FromBounds(call.SpanStart, call.ArgumentList.OpenParenToken.Span.End);
        var change = new TextChange(span, $"{gate}.{method}({moves}, ");
        context.RegisterCodeFix(
            CodeAction.Create($"Take it by {method}", _ => Task.FromResult(context.Document.WithText(text.WithChanges(change))), nameof(LockNetOfFix)),
            diagnostic);
    }

    /// <summary>A gate that is in scope, a registry's, or the object's own; null where to ask for that would do something twice.</summary>
    private static string? Gate(Scope scope, ExpressionSyntax net)
    {
        if (scope.Named("RtnlGate").FirstOrDefault() is { } gate)
            return gate;
        if (scope.Named("NetRegistry").FirstOrDefault() is { } registry)
            return registry + ".Gate";
        bool isPlain = net.DescendantNodesAndSelf().All(static node => node is MemberAccessExpressionSyntax or SimpleNameSyntax or ThisExpressionSyntax or BaseExpressionSyntax
            or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression });
        return isPlain ? net + ".Registry.Gate" : null;
    }
}
