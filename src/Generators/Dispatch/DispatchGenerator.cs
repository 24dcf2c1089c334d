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
        // For builds only, so that the compilation, which is new with every keystroke, costs none of them anything. Where an editor pulls what is
        // meant for builds as well, the design-time build that it lives on says what it is.
        IncrementalValueProvider<bool> isBuild = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => !(options.GlobalOptions.TryGetValue("build_property.DesignTimeBuild", out string? isDesignTime) && isDesignTime.Equals("true", StringComparison.OrdinalIgnoreCase)))
            .WithTrackingName(TrackingNames.IsBuild);
        IncrementalValueProvider<BuildFindings> findings = context.CompilationProvider
            .Combine(module)
            .Combine(isBuild)
            .Select(static (all, cancellation) => all.Right ? BuildFindings.Of(all.Left.Left, all.Left.Right, cancellation) : BuildFindings.None(all.Left.Right))
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
}
