using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>
/// The audit as a file of its own beside the dispatch table. Made by builds only: it binds every body that handlers reach, which no keystroke can wait for.
/// </summary>
internal static class AuditEmitter
{
    /// <summary>Runs the audit on a compilation that the generators have not added to yet.</summary>
    public static AuditModel Build(Compilation compilation, ModuleModel module, CancellationToken cancellation)
    {
        if (module.Classes.Count == 0 || !SymbolFacts.Applies(compilation))
            return new AuditModel(module.Name, default);
        LockAudit audit = LockAudit.OfHandlers(WithMessages(compilation, cancellation), cancellation);
        var byKey = new Dictionary<(int, int, bool), HandlerJudgement>();
        foreach (HandlerJudgement handler in audit.Handlers)
            byKey[(handler.Model.Family, handler.Model.Type, handler.Model.IsDump)] = handler;
        var models = new List<HandlerAuditModel>();
        foreach (HandlerModel handler in module.Classes.SelectMany(found => found.Handlers))
        {
            if (!byKey.TryGetValue((handler.Family, handler.Type, handler.IsDump), out HandlerJudgement? found))
                continue;
            models.Add(new HandlerAuditModel(
                handler.FamilyText,
                handler.TypeText,
                handler.IsDump,
                found.Verdict.ToString(),
                found.Weakest.ToString(),
                found.Blocker,
                found.Escapes,
                new EquatableArray<string>(found.Unknowns.Select(edge => $"{edge.What} ({edge.Node.Path(null)})").Distinct(StringComparer.Ordinal))));
        }
        return new AuditModel(module.Name, new EquatableArray<HandlerAuditModel>(models));
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

    public static string Emit(AuditModel model)
    {
        var writer = new SourceWriter();
        writer.FileHeader("SmallRtnl");
        writer.Line("namespace SmallRtnl.Generated;");
        writer.Line();
        writer.Open($"partial class {model.Module}");
        writer.Open("partial void AddAudits(HandlerTableBuilder table)");
        foreach (HandlerAuditModel handler in model.Handlers)
        {
            var settings = new List<string>();
            if (handler.BlockedBy is { } blocker)
                settings.Add($"BlockedBy = {Literal(blocker)}");
            if (handler.Unknown.Count > 0)
                settings.Add($"Unknown = [{string.Join(", ", handler.Unknown.Select(Literal))}]");
            if (handler.Escapes > 0)
                settings.Add($"Escapes = {handler.Escapes}");
            string initializer = settings.Count == 0 ? "" : $" {{ {string.Join(", ", settings)} }}";
            writer.Line($"table.AddAudit({handler.Family}, {handler.Type}, isDump: {(handler.IsDump ? "true" : "false")}, new HandlerAudit(LockVerdict.{handler.Verdict}, RtnlLock.{handler.Weakest}){initializer});");
        }
        writer.Close();
        writer.Close();
        return writer.ToString();
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
