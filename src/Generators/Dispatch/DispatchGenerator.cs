using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>Writes an assembly's dispatch table, its handlers' thunks and its registration, and says what is wrong with the project as a whole. Wiring only.</summary>
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
                ? ThunkEmitter.Tried(HandlerParser.Parse(method, attribute, isDump: attribute.AttributeClass!.Name == "DumpItAttribute", report: null))
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

        IncrementalValueProvider<string?> chosen = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.RtnetlinkHandlersAttribute,
                static (node, _) => node is CompilationUnitSyntax,
                static (found, _) => KnownNames.Argument(found.Attributes[0], "Name") as string)
            .Collect()
            .Select(static (names, _) => names.FirstOrDefault(name => name is not null))
            .WithTrackingName(TrackingNames.ChosenName);

        IncrementalValueProvider<ModuleModel> module = handlers
            .Combine(assembly)
            .WithTrackingName(TrackingNames.HandlersAndAssembly)
            .Combine(subsystems)
            .Combine(chosen)
            .WithTrackingName(TrackingNames.AllOfDispatch)
            .Select(static (all, _) => ModuleBuilder.Build(all.Left.Left.Left, all.Left.Right, all.Left.Left.Right, all.Right))
            .WithTrackingName(TrackingNames.Module);
        context.RegisterSourceOutput(Registrations.Of(context).Combine(module).Combine(chosen), static (output, all) =>
        {
            foreach (string fault in Registrations.Faults(all.Left.Left, all.Left.Right, all.Right))
                output.ReportDiagnostic(Diagnostic.Create(BuildDescriptors.TwoRegistrationsOfOneName, Location.None, fault));
        });
        IncrementalValuesProvider<HandlerClassModel> classes = module
            .SelectMany(static (model, _) => model.Classes)
            .WithTrackingName(TrackingNames.HandlerClasses);

        context.RegisterSourceOutput(module, static (output, model) =>
        {
            if (model.Classes.Count > 0)
                Failure.AddSource(output, "DispatchTable.g.cs", "the dispatch table", () => ModuleEmitter.EmitTable(model));
            if (model.Classes.Count > 0 || model.Subsystems.Count > 0)
                Failure.AddSource(output, "Registration.g.cs", "the registration", () => ModuleEmitter.EmitRegistration(model));
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
        context.RegisterImplementationSourceOutput(findings, static (output, found) => found.Failure?.Report(output));
        IncrementalValueProvider<AuditModel> audit = findings
            .Select(static (found, _) => found.Audit)
            .WithTrackingName(TrackingNames.Audit);
        context.RegisterImplementationSourceOutput(audit, static (output, model) =>
        {
            if (model.Handlers.Count > 0)
                Failure.AddSource(output, "LockAudit.g.cs", "the audit", () => AuditEmitter.Emit(model));
        });
        IncrementalValueProvider<EquatableArray<LockCallModel>> calls = findings
            .Select(static (found, _) => found.Calls)
            .WithTrackingName(TrackingNames.LockCalls);
        context.RegisterImplementationSourceOutput(calls, static (output, found) =>
        {
            if (found.Count > 0)
                Failure.AddSource(output, "LockCalls.g.cs", "the calls of [RequiresLock] methods", () => LockCallEmitter.Emit([.. found]));
        });
        context.RegisterSourceOutput(classes, static (output, model) =>
            Failure.AddSource(output, model.HintName, model.Type.Full, () => ThunkEmitter.Emit(model)));
    }
}
