using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallRtnl.Generators.Diagnostics;

/// <summary>
/// Silences CA1822 ("can be marked as static") on handlers: a handler belongs to its class, whose other handlers use what was
/// injected, and the generated module calls it through the instance.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerMethodSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor s_handlerIsAnInstanceMethod = new(
        id: "RTNLSPR001",
        suppressedDiagnosticId: "CA1822",
        justification: "A handler is a method of its class's instance, whether or not it uses what was injected.");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = [s_handlerIsAnInstanceMethod];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (Diagnostic diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree)
                continue;
            SyntaxNode node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            ISymbol? method = context.GetSemanticModel(tree).GetDeclaredSymbol(node, context.CancellationToken);
            if (method is not null && method.GetAttributes().Any(IsHandlerAttribute))
                context.ReportSuppression(Suppression.Create(s_handlerIsAnInstanceMethod, diagnostic));
        }
    }

    private static bool IsHandlerAttribute(AttributeData attribute) =>
        attribute.AttributeClass is { Name: "DoItAttribute" or "DumpItAttribute", ContainingNamespace.Name: "SmallRtnl" };
}
