using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallRtnl.Generators;

/// <summary>Reports what keeps a handler out of the dispatch table. Runs the generator's own parser.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => HandlerDescriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var handlers = new ConcurrentBag<(HandlerModel Model, IMethodSymbol Method)>();
            start.RegisterSymbolAction(symbol => AnalyzeMethod(symbol, handlers), SymbolKind.Method);
            start.RegisterSymbolAction(AnalyzeType, SymbolKind.NamedType);
            start.RegisterCompilationEndAction(end => ReportDuplicates(end, handlers));
        });
    }

    private static void AnalyzeMethod(SymbolAnalysisContext context, ConcurrentBag<(HandlerModel Model, IMethodSymbol Method)> handlers)
    {
        var method = (IMethodSymbol)context.Symbol;
        foreach (bool isDump in new[] { false, true })
        {
            string name = isDump ? KnownNames.DumpItAttribute : KnownNames.DoItAttribute;
            if (KnownNames.Attribute(method, name) is not { } attribute)
                continue;
            HandlerModel? model = HandlerParser.Parse(method, attribute, isDump, problem => context.ReportDiagnostic(ToDiagnostic(problem, method)));
            if (model is not null)
                handlers.Add((model, method));
        }
    }

    private static void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (KnownNames.Attribute(type, KnownNames.PernetSubsystemAttribute) is { } attribute)
            SubsystemParser.Parse(type, attribute, problem => context.ReportDiagnostic(ToDiagnostic(problem, type)));
    }

    private static void ReportDuplicates(CompilationAnalysisContext context, ConcurrentBag<(HandlerModel Model, IMethodSymbol Method)> handlers)
    {
        foreach (var same in handlers.GroupBy(handler => (handler.Model.Family, handler.Model.Type, handler.Model.IsDump)))
        {
            var ordered = same.OrderBy(handler => handler.Method, SourceOrder.Instance).ToList();
            for (int i = 1; i < ordered.Count; i++)
            {
                (HandlerModel first, IMethodSymbol firstMethod) = ordered[0];
                (HandlerModel model, IMethodSymbol method) = ordered[i];
                context.ReportDiagnostic(Diagnostic.Create(
                    HandlerDescriptors.TwoHandlersForOneMessage,
                    method.Locations[0],
                    additionalLocations: firstMethod.Locations,
                    messageArgs:
                    [
                        $"{first.ClassName}.{first.MethodName}",
                        $"{model.ClassName}.{model.MethodName}",
                        model.IsDump ? "dump" : "doit",
                        model.TypeName,
                        model.FamilyName,
                    ]));
            }
        }
    }

    private static Diagnostic ToDiagnostic(Problem problem, ISymbol symbol) =>
        Diagnostic.Create(HandlerDescriptors.All.First(descriptor => descriptor.Id == problem.Id), symbol.Locations[0], [.. problem.Arguments]);

    private sealed class SourceOrder : IComparer<IMethodSymbol>
    {
        public static readonly SourceOrder Instance = new();

        public int Compare(IMethodSymbol x, IMethodSymbol y)
        {
            Location first = x.Locations[0];
            Location second = y.Locations[0];
            int byFile = string.CompareOrdinal(first.SourceTree?.FilePath, second.SourceTree?.FilePath);
            return byFile != 0 ? byFile : first.SourceSpan.Start.CompareTo(second.SourceSpan.Start);
        }
    }
}
