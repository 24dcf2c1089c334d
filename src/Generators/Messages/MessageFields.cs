namespace SmallRtnl.Generators;

/// <summary>
/// Writes the way to the fields behind a message's properties. A parser fills them where they are: an initialiser would have it all twice,
/// and a message may be large.
/// </summary>
internal static class MessageFields
{
    /// <summary>The field behind a property, of a message.</summary>
    public static string Of(MessageModel model, string property, string message) => $"{model.Fields}.{property}(ref {message})";

    /// <summary>The property's type.</summary>
    public static string TypeOf(AttributeModel attribute) => attribute switch
    {
        { List: ListKind.Repeated } => $"global::SmallRtnl.NetlinkList<{attribute.Type}>",
        { List: ListKind.NestedArray } => $"global::SmallRtnl.NetlinkList<{attribute.Type}>?",
        { Kind: AttributeKind.Flag } => "bool",
        _ => $"{attribute.Type}?",
    };

    public static void Emit(SourceWriter writer, MessageModel model)
    {
        var fields = new List<(string Type, string Property)>();
        if (!model.IsNest)
            fields.Add((model.Header!, "Header"));
        if (model.MaxType > 0)
            fields.Add(("bool", "HasUndeclared"));
        foreach (AttributeModel attribute in model.Attributes)
        {
            if (attribute.IsAutomatic)
                fields.Add((TypeOf(attribute), attribute.Property));
            fields.AddRange(attribute.SubMessages.Where(shape => shape.IsAutomatic).Select(shape => ($"{shape.Type}?", shape.Property)));
        }
        if (fields.Count == 0)
            return;
        writer.Line();
        writer.Line("/// <summary>The fields behind the properties, which the parser fills in place.</summary>");
        writer.Open($"private static class {model.Fields}");
        bool first = true;
        foreach ((string type, string property) in fields)
        {
            if (!first)
                writer.Line();
            first = false;
            writer.Line($"[global::System.Runtime.CompilerServices.UnsafeAccessorAttribute(global::System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = \"<{Identifiers.Bare(property)}>k__BackingField\")]");
            writer.Line($"public static extern ref {type} {property}(ref {model.Name} message);");
        }
        writer.Close();
    }
}
