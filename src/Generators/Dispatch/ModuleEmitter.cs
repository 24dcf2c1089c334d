using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>From an assembly's model to its dispatch table and registration.</summary>
internal static class ModuleEmitter
{
    /// <summary>The dispatch table: every entry of the assembly.</summary>
    public static string EmitTable(ModuleModel model)
    {
        var writer = new SourceWriter();
        writer.FileHeader();
        writer.Line("namespace SmallRtnl.Generated;");
        writer.Line();
        writer.Line($"/// <summary>The handlers of {Xml.Escape(model.Assembly)}. Each entry's thunk stands in the file of its class.</summary>");
        writer.Line(KnownNames.GeneratedCode);
        string[] parameters = [.. model.Classes.Where(found => found.NeedsInstance).Select(found => $"{found.Type.Full} {found.Field}")];
        if (parameters.Length <= 1)
        {
            string list = parameters.Length == 1 ? $"({parameters[0]})" : "";
            writer.Line($"internal sealed partial class {model.Name}{list} : global::SmallRtnl.IHandlerModule");
        }
        else
        {
            writer.Line($"internal sealed partial class {model.Name}(");
            for (int i = 0; i < parameters.Length; i++)
                writer.Inner(parameters[i] + (i < parameters.Length - 1 ? "," : ") : global::SmallRtnl.IHandlerModule"));
        }
        writer.Open();
        writer.Line("/// <inheritdoc/>");
        writer.Open("public void Register(global::SmallRtnl.HandlerTableBuilder table)");
        foreach (HandlerClassModel found in model.Classes)
        {
            foreach (HandlerModel handler in found.Handlers)
                EmitEntry(writer, handler, model.Assembly);
        }
        writer.Line("AddAudits(table);");
        writer.Close();
        writer.Line();
        writer.Line("// Written by builds, in a file of its own.");
        writer.Line("partial void AddAudits(global::SmallRtnl.HandlerTableBuilder table);");
        writer.Close();
        return writer.ToString();
    }

    /// <summary>The extension method that a host calls.</summary>
    public static string EmitRegistration(ModuleModel model)
    {
        var writer = new SourceWriter();
        writer.FileHeader();
        writer.Line("namespace SmallRtnl;");
        writer.Line();
        writer.Line($"/// <summary>Registers what {Xml.Escape(model.Assembly)} declares.</summary>");
        writer.Line(KnownNames.GeneratedCode);
        writer.Open($"public static class {ModuleBuilder.ExtensionsOf(model.Assembly)}");
        writer.Line($"/// <summary>Adds the subsystems and handlers of {Xml.Escape(model.Assembly)}.</summary>");
        writer.Open($"public static global::SmallRtnl.RtnetlinkBuilder Add{model.Stem}Handlers(this global::SmallRtnl.RtnetlinkBuilder builder)");
        foreach (SubsystemModel subsystem in model.Subsystems)
            writer.Line($"global::SmallRtnl.RtnetlinkBuilderExtensions.AddPernetSubsystem<{subsystem.Type}>(builder);");
        foreach (HandlerClassModel found in model.Classes)
        {
            if (found.NeedsInstance)
                writer.Line($"global::Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions.TryAddSingleton<{found.Type.Full}>(builder.Services);");
        }
        if (model.Classes.Count > 0)
            writer.Line($"global::SmallRtnl.RtnetlinkBuilderExtensions.AddHandlerModule<global::SmallRtnl.Generated.{model.Name}>(builder);");
        writer.Line("return builder;");
        writer.Close();
        writer.Close();
        return writer.ToString();
    }

    private static void EmitEntry(SourceWriter writer, HandlerModel handler, string assembly)
    {
        var settings = new List<string>();
        if (handler.Fallback is { } fallback)
            settings.Add($"Fallback = global::SmallRtnl.RtnlLock.{fallback}");
        if (handler.Bulk)
            settings.Add("Bulk = true");
        if (handler.SplitDone)
            settings.Add("SplitDone = true");
        if (handler.Privilege is { } privilege)
            settings.Add($"Privilege = global::SmallRtnl.RtnlPrivilege.{privilege}");
        if (handler.Resolve is not null)
            settings.Add("Resolves = true");
        if (handler.Resolve is { HasNetSet: true })
            settings.Add("NamesNets = true");
        string initializer = settings.Count == 0 ? "" : $" {{ {string.Join(", ", settings)} }}";
        writer.Line(handler.IsDump ? "table.AddDumpIt(" : "table.AddDoIt(");
        writer.Inner($"new global::SmallRtnl.HandlerInfo({handler.FamilyText}, {handler.TypeText}, IsDump: {(handler.IsDump ? "true" : "false")}, global::SmallRtnl.RtnlLock.{handler.Word}, {Literal($"{handler.ClassName}.{handler.MethodName}")}, {Literal(assembly)}){initializer},");
        writer.Inner($"{handler.Thunk});");
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
