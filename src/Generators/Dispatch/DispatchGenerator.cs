using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators;

/// <summary>Writes an assembly's dispatch table, its handlers' thunks and its registration. Wiring only.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class DispatchGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<EquatableArray<HandlerModel>> handlers = Declarations<HandlerModel>.Of(
            context,
            [KnownNames.DoItAttribute, KnownNames.DumpItAttribute],
            static (symbol, attribute, _) => symbol is IMethodSymbol method
                ? HandlerParser.Parse(method, attribute, isDump: attribute.AttributeClass!.Name == "DumpItAttribute", report: null)
                : null,
            TrackingNames.HandlerDeclarations,
            TrackingNames.Handlers);
        IncrementalValueProvider<EquatableArray<SubsystemModel>> subsystems = Declarations<SubsystemModel>.Of(
            context,
            [KnownNames.PernetSubsystemAttribute],
            static (symbol, attribute, _) => symbol is INamedTypeSymbol { TypeKind: TypeKind.Class } type ? SubsystemParser.Parse(type, attribute, report: null) : null,
            TrackingNames.SubsystemDeclarations,
            TrackingNames.Subsystems);
        IncrementalValueProvider<string> assembly = context.CompilationProvider
            .Select(static (compilation, _) => compilation.AssemblyName ?? "")
            .WithTrackingName(TrackingNames.AssemblyName);

        IncrementalValueProvider<ModuleModel> module = handlers
            .Combine(assembly)
            .WithTrackingName(TrackingNames.HandlersAndAssembly)
            .Combine(subsystems)
            .WithTrackingName(TrackingNames.AllOfDispatch)
            .Select(static (all, _) => ModuleBuilder.Build(all.Left.Left, all.Right, all.Left.Right))
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
        IncrementalValueProvider<AuditModel> audit = context.CompilationProvider
            .Combine(module)
            .Select(static (pair, cancellation) => AuditEmitter.Build(pair.Left, pair.Right, cancellation))
            .WithTrackingName(TrackingNames.Audit);
        context.RegisterImplementationSourceOutput(audit, static (output, model) =>
        {
            if (model.Handlers.Count > 0)
                output.AddSource("LockAudit.g.cs", SourceText.From(AuditEmitter.Emit(model), Encoding.UTF8));
        });
        context.RegisterSourceOutput(classes, static (output, model) =>
            output.AddSource(model.HintName, SourceText.From(ThunkEmitter.Emit(model), Encoding.UTF8)));
    }
}
