using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallRtnl.Generators;

/// <summary>
/// The lock discipline: walks every body as the compiler hands it over, puts them together when all are there, and reports what breaks a rule,
/// what a handler's weakest word is, and what could not be followed.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LockDisciplineAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => LockDescriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (!SymbolFacts.Applies(start.Compilation))
                return;
            var program = new LockProgram(start.Compilation);
            start.RegisterOperationBlockAction(block => BodyWalker.Walk(program, block.OwningSymbol, block.OperationBlocks, block.CancellationToken));
            start.RegisterCompilationEndAction(end => Report(program, end));
        });
    }

    private static void Report(LockProgram program, CompilationAnalysisContext context)
    {
        LockAudit audit = LockAudit.Run(program, context.CancellationToken);
        var reported = new List<Diagnostic>();
        foreach (Finding finding in audit.Findings)
        {
            reported.Add(Diagnostic.Create(
                LockDescriptors.Of(finding.Id),
                finding.At.Syntax.GetLocation(),
                finding.Node.Hops(),
                properties: ImmutableDictionary<string, string?>.Empty.Add("Wanted", finding.Needed),
                messageArgs: [finding.What, finding.Wanted, finding.Held, finding.Node.Path(LastHop(finding))]));
        }
        foreach ((SyntaxNode syntax, string text) in program.NetsOfObjects)
            reported.Add(Diagnostic.Create(LockDescriptors.LockByANamespaceProperty, syntax.GetLocation(), text));
        ReportEvents(program, audit, reported);
        ReportCycles(audit, reported);
        ReportHandlers(audit, reported);
        LockEscapes.Report(program, audit, reported, context.CancellationToken);
        foreach (Diagnostic diagnostic in reported)
            context.ReportDiagnostic(diagnostic);
    }

    private static string? LastHop(Finding finding) => finding.At.Kind switch
    {
        EventKind.Access or EventKind.Write or EventKind.AcrossYield => Function.NameOf(finding.At.Symbol!),
        EventKind.Call or EventKind.Invoke when finding.Id is not DiagnosticIds.RTNL103UnlockedWrites => finding.What,
        EventKind.Call => Function.NameOf(finding.At.Symbol!),
        _ => null,
    };

    private static void ReportHandlers(LockAudit audit, List<Diagnostic> reported)
    {
        foreach (HandlerJudgement handler in audit.Handlers)
        {
            Location at = handler.Method.Locations[0];
            if (handler.Weakest != handler.Word && handler.Verdict == WordVerdict.Proven)
            {
                reported.Add(Diagnostic.Create(
                    LockDescriptors.AWeakerLockWouldDo,
                    at,
                    ImmutableDictionary<string, string?>.Empty.Add("Word", handler.Weakest.ToString()),
                    handler.Name,
                    handler.Weakest));
            }
            if (handler.Blocker is { } blocker)
            {
                reported.Add(Diagnostic.Create(
                    LockDescriptors.WhatBlocksAWeakerLock,
                    at,
                    handler.BlockerPath,
                    messageArgs: [handler.Name, handler.Weakest + 1, blocker]));
            }
            foreach (UnknownEdge edge in handler.Unknowns.GroupBy(edge => (edge.At.Syntax, edge.What)).Select(same => same.First()))
            {
                reported.Add(Diagnostic.Create(
                    LockDescriptors.VerdictUnknown,
                    at,
                    edge.Node.Hops().Add(edge.At.Syntax.GetLocation()),
                    messageArgs: [handler.Name, handler.Word, $"{edge.What} ({edge.Node.Path(null)})", edge.Remedy]));
            }
        }
    }

    private static void ReportEvents(LockProgram program, LockAudit audit, List<Diagnostic> reported)
    {
        var enums = new HashSet<INamedTypeSymbol>(program.EventEnums, SymbolEqualityComparer.Default);
        foreach (INamedTypeSymbol type in audit.Types)
        {
            if (type.TypeKind == TypeKind.Enum && type.GetMembers().Any(HasClass))
                enums.Add(type);
            foreach (INamedTypeSymbol face in type.AllInterfaces)
            {
                if ((KnownNames.Is(face, "INotifier") || KnownNames.Is(face, "INotifierReplay")) && face.TypeArguments is [INamedTypeSymbol { TypeKind: TypeKind.Enum } events, _])
                    enums.Add(events);
            }
        }
        foreach (INamedTypeSymbol events in enums)
        {
            foreach (ISymbol member in events.GetMembers())
            {
                if (member is IFieldSymbol { HasConstantValue: true } && !HasClass(member) && member.Locations is [{ IsInSource: true } at, ..])
                    reported.Add(Diagnostic.Create(LockDescriptors.NoLockClass, at, $"{events.Name}.{member.Name}"));
            }
        }

        static bool HasClass(ISymbol member) => KnownNames.Attribute(member, "SmallRtnl.LockClassAttribute") is not null;
    }

    private static void ReportCycles(LockAudit audit, List<Diagnostic> reported)
    {
        var told = new HashSet<LockAtom>();
        foreach (INamedTypeSymbol type in audit.Order.Declaring.OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            var self = new LockAtom(LockWord.Unlocked, type.OriginalDefinition);
            // A class that declares an edge between two others, as from its own, is reported where it stands.
            if (told.Contains(self) || audit.Order.Path(self, self) is not { } cycle || type.Locations is not [{ IsInSource: true } at, ..])
                continue;
            foreach (LockAtom atom in cycle)
                told.Add(atom);
            reported.Add(Diagnostic.Create(LockDescriptors.OrderCycle, at, string.Join(" before ", cycle)));
        }
    }
}
