using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>
/// The audit as a file of its own beside the dispatch table. Made by builds only: it binds every body that handlers reach, which no keystroke can wait for.
/// </summary>
internal static class AuditEmitter
{
    /// <summary>What an audit says, as text.</summary>
    public static AuditModel Build(LockAudit audit, ModuleModel module, string? assembly)
    {
        var byKey = new Dictionary<(int, int, bool), HandlerJudgement>();
        foreach (HandlerJudgement handler in audit.Handlers)
            byKey[(handler.Model.Family, handler.Model.Type, handler.Model.IsDump)] = handler;
        var models = new List<HandlerAuditModel>();
        foreach (HandlerClassModel found in module.Classes)
        {
            foreach (HandlerModel handler in found.Handlers)
            {
                if (byKey.TryGetValue((handler.Family, handler.Type, handler.IsDump), out HandlerJudgement? judgement))
                    models.Add(Model(found, handler, judgement));
            }
        }
        return new AuditModel(module.Name, new EquatableArray<HandlerAuditModel>(models))
        {
            Order = new EquatableArray<OrderModel>(audit.Order.Declared
                .Where(edge => edge.By.ContainingAssembly.Name == assembly)
                .Select(edge => new OrderModel(NameOf(edge.Before), NameOf(edge.After)))
                .OrderBy(edge => edge.Before, StringComparer.Ordinal)
                .ThenBy(edge => edge.After, StringComparer.Ordinal)),
        };
    }

    private static string NameOf(LockAtom atom) => atom.Custom?.ToDisplayString() ?? atom.ToString();

    private static HandlerAuditModel Model(HandlerClassModel found, HandlerModel handler, HandlerJudgement judgement) => new(
        handler.FamilyText,
        handler.TypeText,
        handler.IsDump,
        judgement.Verdict.ToString(),
        judgement.Weakest.ToString(),
        judgement.Blocker,
        judgement.Escapes,
        new EquatableArray<string>(judgement.Unknowns.Select(edge => $"{edge.What} ({edge.Node.Path(null)})").Distinct(StringComparer.Ordinal)))
    {
        Name = handler.Thunk,
        Attribute = handler.Attribute,
        // Without the line, which would move with every edit above it.
        Place = FileNames.Last(judgement.Method.Locations[0].SourceTree?.FilePath ?? ""),
        Message = handler.Message.Full.Replace("global::", "").Replace("@", ""),
        Thunk = ThunkEmitter.Text(found, handler),
        Resolve = handler.Resolve is { } resolve ? Identifiers.Bare(resolve.Method) : null,
        NamesNets = handler.Resolve is { HasNetSet: true },
        Touches = new EquatableArray<TouchModel>(judgement.Touched
            .GroupBy(touch => touch.Key)
            .Select(same => (same.Key, Node: same.OrderBy(touch => touch.Value.Depth).First().Value))
            .OrderBy(touch => touch.Node.Depth)
            .ThenBy(touch => touch.Key.Member, StringComparer.Ordinal)
            .ThenBy(touch => touch.Key.Kind, StringComparer.Ordinal)
            .ThenBy(touch => touch.Key.Lock, StringComparer.Ordinal)
            .Select(touch => new TouchModel(touch.Key.Kind, touch.Key.Member, touch.Key.Lock, touch.Node.Path(null)))),
    };

    public static string Emit(AuditModel model)
    {
        var writer = new SourceWriter();
        writer.FileHeader();
        writer.Line("namespace SmallRtnl.Generated;");
        writer.Line();
        writer.Open($"partial class {model.Module}");
        writer.Open("partial void AddAudits(global::SmallRtnl.HandlerTableBuilder table)");
        foreach (HandlerAuditModel handler in model.Handlers)
        {
            var settings = new List<string>();
            if (handler.BlockedBy is { } blocker)
                settings.Add($"BlockedBy = {Literal(blocker)}");
            if (handler.Unknown.Count > 0)
                settings.Add($"Unknown = [{string.Join(", ", handler.Unknown.Select(Literal))}]");
            if (handler.Escapes > 0)
                settings.Add($"Escapes = {handler.Escapes}");
            settings.Add($"Explain = {handler.Name}_Explain");
            string initializer = $" {{ {string.Join(", ", settings)} }}";
            writer.Line($"table.AddAudit({handler.Family}, {handler.Type}, isDump: {(handler.IsDump ? "true" : "false")}, new global::SmallRtnl.HandlerAudit(global::SmallRtnl.LockVerdict.{handler.Verdict}, global::SmallRtnl.RtnlLock.{handler.Weakest}){initializer});");
        }
        foreach (OrderModel edge in model.Order)
            writer.Line($"table.AddLockOrder({Literal(edge.Before)}, {Literal(edge.After)});");
        writer.Close();
        foreach (HandlerAuditModel handler in model.Handlers)
        {
            writer.Line();
            EmitExplanation(writer, handler);
        }
        writer.Close();
        return writer.ToString();
    }

    private static void EmitExplanation(SourceWriter writer, HandlerAuditModel handler)
    {
        writer.Line($"private static global::SmallRtnl.HandlerExplanation {handler.Name}_Explain() => new(");
        writer.Indent();
        writer.Line($"{Literal(handler.Attribute)},");
        writer.Line($"{Literal(handler.Place)},");
        writer.Line($"{Literal(handler.Message)},");
        EmitRaw(writer, handler.Thunk);
        writer.Outdent();
        writer.Open();
        if (handler.Resolve is { } resolve)
            writer.Line($"Resolve = {Literal(resolve)},");
        if (handler.NamesNets)
            writer.Line("NamesNets = true,");
        if (handler.Touches.Count > 0)
        {
            writer.Line("Touches =");
            writer.Line("[");
            writer.Indent();
            foreach (TouchModel touch in handler.Touches)
                writer.Line($"new(global::SmallRtnl.HandlerTouchKind.{touch.Kind}, {Literal(touch.Member)}, {Literal(touch.Lock)}, {Literal(touch.Path)}),");
            writer.Outdent();
            writer.Line("],");
        }
        writer.Close(";");
    }

    /// <summary>A raw string literal, with more quotes around it than in it, and the parenthesis that ends the argument list.</summary>
    private static void EmitRaw(SourceWriter writer, string text)
    {
        string quotes = "\"\"\"";
        while (text.Contains(quotes))
            quotes += "\"";
        writer.Line(quotes);
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.Length == 0)
                writer.Line();
            else
                writer.Line(line);
        }
        writer.Line(quotes + ")");
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
