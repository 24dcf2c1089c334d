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
/// Says on the member that touches (RTNL101) or calls (RTNL102) what needs a lock, that its callers must hold it. A handler has no callers but
/// the generated one, which holds its word.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RequiresLockFix)), Shared]
public sealed class RequiresLockFix : DocumentFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DiagnosticIds.RTNL101GuardedStateUnderAWeakerLock, DiagnosticIds.RTNL102CalledWithoutTheLock];

    /// <inheritdoc/>
    protected override void Register(CodeFixContext context, Diagnostic diagnostic, SyntaxNode root, SemanticModel model, SourceText text)
    {
        CancellationToken cancellation = context.CancellationToken;
        SyntaxNode place = root.FindNode(diagnostic.Location.SourceSpan);
        if (!diagnostic.Properties.TryGetValue("Wanted", out string? wanted) || wanted is null || Enclosing(place) is not { } member || YieldWalk.Is(place, model, cancellation))
            return;
        if (LockWords.Find(member, model, name => name is "DoItAttribute" or "DumpItAttribute", cancellation) is not null)
            return;
        var scope = new Scope(model, member.SpanStart, text);
        if (scope.Lock(wanted) is not { } named || Change(member, model, scope, text, wanted, named, cancellation) is not { } change)
            return;
        context.RegisterCodeFix(
            CodeAction.Create(
                $"[RequiresLock({named})]",
                _ => Task.FromResult(context.Document.WithText(text.WithChanges(change))),
                $"{nameof(RequiresLockFix)}.{named}"),
            diagnostic);
    }

    /// <summary>The member that a caller calls. A lambda is whoever's it is handed to, and a static constructor the runtime's.</summary>
    private static SyntaxNode? Enclosing(SyntaxNode place)
    {
        foreach (SyntaxNode node in place.AncestorsAndSelf())
        {
            switch (node)
            {
                case AnonymousFunctionExpressionSyntax or DestructorDeclarationSyntax or OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax:
                    return null;
                case ConstructorDeclarationSyntax constructor:
                    return constructor.Modifiers.Any(SyntaxKind.StaticKeyword) ? null : constructor;
                case MethodDeclarationSyntax or LocalFunctionStatementSyntax:
                    return node;
                case BasePropertyDeclarationSyntax:
                    // What stands in its initialiser runs in the constructor.
                    return place.FirstAncestorOrSelf<EqualsValueClauseSyntax>(clause => clause.Parent == node) is null ? node : null;
                case BaseTypeDeclarationSyntax:
                    return null;
            }
        }
        return null;
    }

    private static TextChange? Change(SyntaxNode member, SemanticModel model, Scope scope, SourceText text, string wanted, string named, CancellationToken cancellation)
    {
        if (LockWords.Parse(wanted) is { } word && LockWords.Find(member, model, name => name == "RequiresLockAttribute", cancellation) is { } attribute)
        {
            // It says already what it needs: of the two words the stronger one holds, where both are about the same namespace.
            AttributeArgumentSyntax[] words = [.. LockWords.Arguments(attribute, model, but: "", cancellation)];
            if (words is [var only])
            {
                return attribute.ArgumentList!.Arguments.Count == 1 && LockWords.Value(only, model, cancellation) is { } now && LockWords.IsStronger(word, now)
                    ? new TextChange(only.Expression.Span, named)
                    : null;
            }
        }
        string written = $"[{scope.Attribute("RequiresLock")}({named})]";
        string indent = scope.IndentAt(member.SpanStart);
        bool isFirstOnItsLine = text.Lines.GetLineFromPosition(member.SpanStart).Start + indent.Length == member.SpanStart;
        return new TextChange(new TextSpan(member.SpanStart, 0), written + (isFirstOnItsLine ? scope.NewLine + indent : " "));
    }
}
