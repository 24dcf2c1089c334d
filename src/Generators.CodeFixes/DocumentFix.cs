using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.CodeFixes;

/// <summary>A fix that changes the text of the document in which its diagnostic stands, and no other.</summary>
public abstract class DocumentFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        if (await context.Document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || await context.Document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model)
        {
            return;
        }
        SourceText text = await context.Document.GetTextAsync(cancellation).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
            Register(context, diagnostic, root, model, text);
    }

    /// <summary>Offers what mends one diagnostic, if anything does.</summary>
    protected abstract void Register(CodeFixContext context, Diagnostic diagnostic, SyntaxNode root, SemanticModel model, SourceText text);
}
