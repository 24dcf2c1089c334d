using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallRtnl.Generators;

/// <summary>Reports what keeps a declared message or nest from being generated. Runs the generator's own parser.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MessageAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => MessageDescriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(AnalyzeType, SymbolKind.NamedType);
    }

    private static void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (bool isNest in new[] { false, true })
        {
            string name = isNest ? KnownNames.NetlinkNestAttribute : KnownNames.NetlinkMessageAttribute;
            if (KnownNames.Attribute(type, name) is { } attribute)
                MessageParser.Parse(type, attribute, isNest, (problem, place) => context.ReportDiagnostic(ToDiagnostic(problem, place)), context.CancellationToken);
        }
    }

    private static Diagnostic ToDiagnostic(Problem problem, ISymbol place) =>
        Diagnostic.Create(MessageDescriptors.All.First(descriptor => descriptor.Id == problem.Id), place.Locations[0], [.. problem.Arguments]);
}
