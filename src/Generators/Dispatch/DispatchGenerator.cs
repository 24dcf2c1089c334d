using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators;

/// <summary>Writes an assembly's dispatch table, its handlers' thunks and its registration. Wiring only.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class DispatchGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<HandlerModel>> doIts = Handlers(context, isDump: false);
        IncrementalValueProvider<ImmutableArray<HandlerModel>> dumpIts = Handlers(context, isDump: true);
        IncrementalValueProvider<ImmutableArray<SubsystemModel>> subsystems = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.PernetSubsystemAttribute,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                static (found, _) => SubsystemParser.Parse((INamedTypeSymbol)found.TargetSymbol, found.Attributes[0], report: null))
            .WithTrackingName(TrackingNames.Subsystems)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.ValidSubsystems)
            .Collect()
            .WithTrackingName(TrackingNames.CollectedSubsystems);
        IncrementalValueProvider<string> assembly = context.CompilationProvider
            .Select(static (compilation, _) => compilation.AssemblyName ?? "")
            .WithTrackingName(TrackingNames.AssemblyName);

        IncrementalValueProvider<ModuleModel> module = doIts
            .Combine(dumpIts)
            .WithTrackingName(TrackingNames.HandlerPairs)
            .Combine(assembly)
            .WithTrackingName(TrackingNames.HandlersAndAssembly)
            .Combine(subsystems)
            .WithTrackingName(TrackingNames.AllOfDispatch)
            .Select(static (all, _) => ModuleBuilder.Build(all.Left.Left.Left, all.Left.Left.Right, all.Right, all.Left.Right))
            .WithTrackingName(TrackingNames.Module);
        IncrementalValuesProvider<HandlerClassModel> classes = module
            .SelectMany(static (model, _) => model.Classes)
            .WithTrackingName(TrackingNames.HandlerClasses);

        context.RegisterSourceOutput(module, static (output, model) =>
        {
            if (model.Classes.Count > 0)
                output.AddSource("DispatchTable.g.cs", SourceText.From(ModuleEmitter.EmitTable(model), Encoding.UTF8));
            if (model.Classes.Count > 0 || model.Subsystems.Count > 0)
                output.AddSource("Registration.g.cs", SourceText.From(ModuleEmitter.EmitRegistration(model), Encoding.UTF8));
        });
        // Pulled by builds only, so that the compilation, which is new with every keystroke, costs none of them anything.
        IncrementalValueProvider<BuildFindings> findings = context.CompilationProvider
            .Combine(module)
            .Select(static (pair, cancellation) => BuildFindings.Of(pair.Left, pair.Right, cancellation))
            .WithTrackingName(TrackingNames.BuildFindings);
        IncrementalValueProvider<AuditModel> audit = findings
            .Select(static (found, _) => found.Audit)
            .WithTrackingName(TrackingNames.Audit);
        context.RegisterImplementationSourceOutput(audit, static (output, model) =>
        {
            if (model.Handlers.Count > 0)
                output.AddSource("LockAudit.g.cs", SourceText.From(AuditEmitter.Emit(model), Encoding.UTF8));
        });
        IncrementalValueProvider<EquatableArray<LockCallModel>> calls = findings
            .Select(static (found, _) => found.Calls)
            .WithTrackingName(TrackingNames.LockCalls);
        context.RegisterImplementationSourceOutput(calls, static (output, found) =>
        {
            if (found.Count > 0)
                output.AddSource("LockCalls.g.cs", SourceText.From(LockCallEmitter.Emit([.. found]), Encoding.UTF8));
        });
        context.RegisterSourceOutput(classes, static (output, model) =>
            output.AddSource(model.HintName, SourceText.From(ThunkEmitter.Emit(model), Encoding.UTF8)));
    }

    private static IncrementalValueProvider<ImmutableArray<HandlerModel>> Handlers(IncrementalGeneratorInitializationContext context, bool isDump) => context.SyntaxProvider
        .ForAttributeWithMetadataName(
            isDump ? KnownNames.DumpItAttribute : KnownNames.DoItAttribute,
            static (node, _) => node is MethodDeclarationSyntax,
            (found, _) => HandlerParser.Parse((IMethodSymbol)found.TargetSymbol, found.Attributes[0], isDump, report: null))
        .WithTrackingName(isDump ? TrackingNames.DumpIts : TrackingNames.DoIts)
        .Where(static model => model is not null)
        .Select(static (model, _) => model!)
        .WithTrackingName(isDump ? TrackingNames.ValidDumpIts : TrackingNames.ValidDoIts)
        .Collect()
        .WithTrackingName(isDump ? TrackingNames.CollectedDumpIts : TrackingNames.CollectedDoIts);
}
