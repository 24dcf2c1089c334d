namespace SmallRtnl.Generators;

/// <summary>From a guarded property's model to its implementing half.</summary>
internal static class GuardEmitter
{
    public static string Emit(GuardModel model)
    {
        var writer = new SourceWriter();
        writer.FileHeader();
        writer.Line("#pragma warning disable CS9258 // The keyword is meant, whatever else is called field.");
        writer.Line();
        if (model.Namespace is not null)
        {
            writer.Line($"namespace {model.Namespace};");
            writer.Line();
        }
        foreach (string type in model.Types)
            writer.Open(type);
        writer.Line(KnownNames.GeneratedCode);
        writer.Open(model.Declaration);
        foreach (GuardAccessor accessor in model.Accessors)
        {
            writer.Open(accessor.Keyword);
            if (accessor.Assertion is not null)
                writer.Line($"global::SmallRtnl.RtnlAssert.{accessor.Assertion};");
            writer.Line(accessor.Reads ? "return field;" : "field = value;");
            writer.Close();
        }
        writer.Close();
        foreach (string _ in model.Types)
            writer.Close();
        return writer.ToString();
    }
}
