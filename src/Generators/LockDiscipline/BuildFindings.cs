using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>
/// What builds find out by binding bodies, and keystrokes do not wait for: the audit of the handlers, and the calls of [RequiresLock] methods that
/// are to assert. Both look at the same bodies, which are bound once.
/// </summary>
/// <param name="Audit">What the audit says.</param>
/// <param name="Calls">The calls to be intercepted.</param>
internal sealed record BuildFindings(AuditModel Audit, EquatableArray<LockCallModel> Calls)
{
    /// <summary>Why nothing was found out; null where it was.</summary>
    public Failure? Failure { get; init; }

    /// <summary>What nobody has looked for.</summary>
    public static BuildFindings None(ModuleModel module) => new(new AuditModel(module.Name, default), default);

    /// <summary>Looks at a compilation that the generators have not added to yet.</summary>
    public static BuildFindings Of(Compilation compilation, ModuleModel module, CancellationToken cancellation)
    {
        try
        {
            Failure.Seam.Value?.Invoke("LockAudit");
            return Find(compilation, module, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return None(module) with { Failure = Failure.Of("the audit", exception) };
        }
    }

    private static BuildFindings Find(Compilation compilation, ModuleModel module, CancellationToken cancellation)
    {
        bool hasHandlers = module.Classes.Count > 0;
        bool intercepts = LockCallFinder.IsAllowed(compilation);
        if (!SymbolFacts.Applies(compilation) || LanguageFloor.IsAbove(compilation.SyntaxTrees.FirstOrDefault()) || !(hasHandlers || intercepts))
            return None(module);
        var program = new LockProgram(WithMessages(compilation, cancellation)) { LockCalls = intercepts ? new() : null };
        var implementations = new Implementations(program.Compilation);
        var bodies = new BodySource(program, cancellation);
        AuditModel audit = hasHandlers
            ? AuditEmitter.Build(LockAudit.OfHandlers(program, bodies, implementations, cancellation), module, compilation.AssemblyName)
            : None(module).Audit;
        IReadOnlyList<LockCallModel> calls = intercepts ? new LockCallFinder(program, bodies, cancellation).Find() : [];
        return new BuildFindings(audit, new EquatableArray<LockCallModel>(calls.Where(call => call.Places.Count > 0)));
    }

    /// <summary>
    /// A generator sees nothing of what generators write, and handlers hardly bind without their messages. What else is missing is an edge
    /// that could not be followed.
    /// </summary>
    public static Compilation WithMessages(Compilation compilation, CancellationToken cancellation)
    {
        if (compilation.SyntaxTrees.FirstOrDefault()?.Options is not CSharpParseOptions options)
            return compilation;
        CSharpGeneratorDriver.Create([new MessageGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation whole, out _, cancellation);
        // Nullable annotations say nothing of locks, and their flow analysis is a third of the binding.
        return whole.Options is CSharpCompilationOptions settings ? whole.WithOptions(settings.WithNullableContextOptions(NullableContextOptions.Disable)) : whole;
    }
}
