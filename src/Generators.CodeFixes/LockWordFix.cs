using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.CodeFixes;

/// <summary>
/// Writes another lock word into a handler's attribute: the weaker one that would do (RTNL110), or the stronger one that something on the
/// handler's way needs (RTNL101, RTNL102, RTNL103), wherever the handler stands.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LockWordFix)), Shared]
public sealed class LockWordFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds =>
    [
        DiagnosticIds.RTNL110AWeakerLockWouldDo,
        DiagnosticIds.RTNL101GuardedStateUnderAWeakerLock,
        DiagnosticIds.RTNL102CalledWithoutTheLock,
        DiagnosticIds.RTNL103UnlockedWrites,
    ];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } here
            || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
        {
            return;
        }
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (YieldWalk.Is(here.FindNode(diagnostic.Location.SourceSpan), model, context.CancellationToken))
                continue;
            bool isWeaker = diagnostic.Id == DiagnosticIds.RTNL110AWeakerLockWouldDo;
            Location? handler = isWeaker ? diagnostic.Location : diagnostic.AdditionalLocations is [var root, ..] ? root : null;
            string? word = LockWords.Parse(diagnostic.Properties.TryGetValue(isWeaker ? "Word" : "Wanted", out string? found) ? found : null);
            if (word is null || handler?.SourceTree is not { } tree || context.Document.Project.Solution.GetDocument(tree) is not { } document)
                continue;
            if (await ChangesAsync(document, handler.SourceSpan, word, isWeaker, context.CancellationToken).ConfigureAwait(false) is not { } changes)
                continue;
            // Fix All weakens each handler to its own word; of stronger words one handler may want two, which are not to be mixed.
            string key = $"{nameof(LockWordFix)}.{(isWeaker ? "Weakest" : word)}";
            context.RegisterCodeFix(CodeAction.Create($"Lock = {word}", cancellation => ApplyAsync(document, changes, cancellation), key), diagnostic);
        }
    }

    private static async Task<Solution> ApplyAsync(Document document, ImmutableArray<TextChange> changes, CancellationToken cancellation)
    {
        SourceText text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return document.WithText(text.WithChanges(changes)).Project.Solution;
    }

    private static async Task<ImmutableArray<TextChange>?> ChangesAsync(Document document, TextSpan place, string word, bool isWeaker, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model
            || root.FindNode(place).FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || LockWords.Find(method, model, name => name is "DoItAttribute" or "DumpItAttribute", cancellation) is not { } attribute)
        {
            return null;
        }
        var scope = new Scope(model, attribute.SpanStart, await document.GetTextAsync(cancellation).ConfigureAwait(false));
        AttributeArgumentSyntax? fallback = attribute.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "Fallback");
        if (fallback is not null)
        {
            // What is judged is the word of the second run. In the first it is the code that is to ask for that.
            return isWeaker ? [new TextChange(fallback.Expression.Span, scope.Word(word))] : null;
        }
        AttributeArgumentSyntax[] words = [.. LockWords.Arguments(attribute, model, but: "Fallback", cancellation)];
        string now = words.Select(argument => LockWords.Value(argument, model, cancellation)).FirstOrDefault() ?? LockWords.Rtnl;
        if (isWeaker ? !LockWords.IsStronger(now, word) : !LockWords.IsStronger(word, now))
            return null;
        return words.Length > 0 ? [.. words.Select(argument => new TextChange(argument.Expression.Span, scope.Word(word)))] : [Addition(attribute, scope.Word(word))];
    }

    /// <summary>The word of an attribute that names none: in front, or behind the message type.</summary>
    private static TextChange Addition(AttributeSyntax attribute, string word)
    {
        if (attribute.ArgumentList is not { Arguments: [var first, ..] } list)
            return new TextChange(TextSpan.FromBounds(attribute.Name.Span.End, attribute.Span.End), $"({word})");
        return first.NameEquals is null
            ? new TextChange(new TextSpan(first.Span.End, 0), $", Lock = {word}")
            : new TextChange(new TextSpan(list.OpenParenToken.Span.End, 0), $"{word}, ");
    }
}
