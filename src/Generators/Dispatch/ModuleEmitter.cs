namespace SmallRtnl.Generators;

/// <summary>From an assembly's model to its dispatch table and registration.</summary>
internal static class ModuleEmitter
{
    /// <summary>The dispatch table: every entry of the assembly.</summary>
    public static string EmitTable(ModuleModel model)
    {
        var aliases = new AliasScope(model.Name, model.Classes.Where(found => found.NeedsInstance).Select(found => found.Type));
        var writer = new SourceWriter();
        writer.FileHeader("System.CodeDom.Compiler", "SmallRtnl");
        writer.Line("namespace SmallRtnl.Generated;");
        writer.Line();
        aliases.WriteDirectives(writer);
        writer.Line($"/// <summary>The handlers of {Xml.Escape(model.Assembly)}. Each entry's thunk stands in the file of its class.</summary>");
        writer.Line(KnownNames.GeneratedCode);
        string[] parameters = [.. model.Classes.Where(found => found.NeedsInstance).Select(found => $"{aliases[found.Type]} {found.Field}")];
        if (parameters.Length <= 1)
        {
            string list = parameters.Length == 1 ? $"({parameters[0]})" : "";
            writer.Line($"internal sealed partial class {model.Name}{list} : IHandlerModule");
        }
        else
        {
            writer.Line($"internal sealed partial class {model.Name}(");
            for (int i = 0; i < parameters.Length; i++)
                writer.Inner(parameters[i] + (i < parameters.Length - 1 ? "," : ") : IHandlerModule"));
        }
        writer.Open();
        writer.Line("/// <inheritdoc/>");
        writer.Open("public void Register(HandlerTableBuilder table)");
        foreach (HandlerClassModel found in model.Classes)
        {
            foreach (HandlerModel handler in found.Handlers)
                EmitEntry(writer, handler, model.Assembly);
        }
        writer.Line("AddAudits(table);");
        writer.Close();
        writer.Line();
        writer.Line("// Written by builds, in a file of its own.");
        writer.Line("partial void AddAudits(HandlerTableBuilder table);");
        writer.Close();
        return writer.ToString();
    }

    /// <summary>The extension method that a host calls.</summary>
    public static string EmitRegistration(ModuleModel model)
    {
        var writer = new SourceWriter();
        writer.FileHeader("System.CodeDom.Compiler", "Microsoft.Extensions.DependencyInjection.Extensions");
        writer.Line("namespace SmallRtnl;");
        writer.Line();
        writer.Line($"/// <summary>Registers what {Xml.Escape(model.Assembly)} declares.</summary>");
        writer.Line(KnownNames.GeneratedCode);
        writer.Open($"public static class {ModuleBuilder.ExtensionsOf(model.Stem)}");
        writer.Line($"/// <summary>Adds the subsystems and handlers of {Xml.Escape(model.Assembly)}.</summary>");
        writer.Open($"public static RtnetlinkBuilder Add{model.Stem}Handlers(this RtnetlinkBuilder builder)");
        foreach (SubsystemModel subsystem in model.Subsystems)
            writer.Line($"builder.AddPernetSubsystem<{subsystem.Type}>();");
        foreach (HandlerClassModel found in model.Classes)
        {
            if (found.NeedsInstance)
                writer.Line($"builder.Services.TryAddSingleton<{found.Type.Full}>();");
        }
        if (model.Classes.Count > 0)
            writer.Line($"builder.AddHandlerModule<global::SmallRtnl.Generated.{model.Name}>();");
        writer.Line("return builder;");
        writer.Close();
        writer.Close();
        return writer.ToString();
    }

    private static void EmitEntry(SourceWriter writer, HandlerModel handler, string assembly)
    {
        var settings = new List<string>();
        if (handler.Fallback is { } fallback)
            settings.Add($"Fallback = RtnlLock.{fallback}");
        if (handler.Bulk)
            settings.Add("Bulk = true");
        if (handler.SplitDone)
            settings.Add("SplitDone = true");
        if (handler.Privilege is { } privilege)
            settings.Add($"Privilege = RtnlPrivilege.{privilege}");
        if (handler.Resolve is not null)
            settings.Add("Resolves = true");
        string initializer = settings.Count == 0 ? "" : $" {{ {string.Join(", ", settings)} }}";
        writer.Line(handler.IsDump ? "table.AddDumpIt(" : "table.AddDoIt(");
        writer.Inner($"new HandlerInfo({handler.FamilyText}, {handler.TypeText}, IsDump: {(handler.IsDump ? "true" : "false")}, RtnlLock.{handler.Word}, \"{handler.ClassName}.{handler.Method}\", \"{assembly}\"){initializer},");
        writer.Inner($"{handler.Thunk});");
    }
}
