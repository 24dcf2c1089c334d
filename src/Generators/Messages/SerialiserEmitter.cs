namespace SmallRtnl.Generators;

/// <summary>Writes Write.</summary>
internal static class SerialiserEmitter
{
    public static void Emit(SourceWriter writer, MessageModel model, AttributeLocals locals)
    {
        writer.Line(model.IsNest
            ? "/// <summary>Writes the attributes that are present, in the order of declaration.</summary>"
            : "/// <summary>Writes the fixed header and the attributes that are present, in the order of declaration.</summary>");
        writer.Line("/// <param name=\"writer\">Where to; what does not fit sets its <see cref=\"NetlinkWriter.Overflowed\"/>.</param>");
        writer.Open("public void Write(ref NetlinkWriter writer)");
        if (!model.IsNest)
            writer.Line("writer.PutStruct(Header);");
        foreach (AttributeModel attribute in model.Attributes)
            EmitPut(writer, locals, attribute);
        writer.Close();
    }

    /// <summary>How an element of a list is read and written.</summary>
    public static string Element(AttributeModel attribute) => attribute switch
    {
        { Kind: AttributeKind.Nest } => $"NetlinkElement.Nest<{attribute.Type}>()",
        { Kind: AttributeKind.Value } => $"NetlinkElement.Value<{attribute.Type}>()",
        { BigEndian: true } => $"NetlinkElement.BigEndian<{attribute.Type}>()",
        _ => $"NetlinkElement.Struct<{attribute.Type}>()",
    };

    private static void EmitPut(SourceWriter writer, AttributeLocals locals, AttributeModel attribute)
    {
        string local = locals.Of(attribute.Property);
        string condition = $"if ({attribute.Property} is {{ }} {local})";
        switch (attribute)
        {
            case { List: ListKind.Repeated }:
                writer.Line($"{attribute.Property}.WriteRepeated(ref writer, {attribute.Number}, {Element(attribute)});");
                break;
            case { List: ListKind.NestedArray }:
                writer.Line(condition);
                writer.Inner($"{local}.WriteArray(ref writer, {attribute.Number}, plain: {(attribute.PlainNest ? "true" : "false")}, {Element(attribute)});");
                break;
            case { Kind: AttributeKind.Flag }:
                writer.Line($"if ({attribute.Property})");
                writer.Inner($"writer.PutFlag({attribute.Number});");
                break;
            case { Kind: AttributeKind.Nest, IsAutomatic: true }:
                // Where it is: a nest may be large.
                writer.Line($"ref readonly {MessageFields.TypeOf(attribute)} {local} = ref {MessageFields.Of(attribute.Property, "Unsafe.AsRef(in this)")};");
                EmitNest(writer, $"if ({local} is not null)", $"Nullable.GetValueRefOrDefaultRef(in {local})", attribute);
                break;
            case { Kind: AttributeKind.Nest }:
                EmitNest(writer, condition, local, attribute);
                break;
            default:
                string keyword = "";
                foreach (SubMessageModel shape in attribute.SubMessages)
                {
                    string shaped = locals.Of(shape.Property);
                    EmitNest(writer, $"{keyword}if ({shape.Property} is {{ }} {shaped})", shaped, attribute);
                    keyword = "else ";
                }
                writer.Line(keyword + condition);
                writer.Inner(Put(attribute, local));
                break;
        }
    }

    private static void EmitNest(SourceWriter writer, string condition, string local, AttributeModel attribute)
    {
        writer.Open(condition);
        writer.Line($"int start = writer.BeginNest({attribute.Number}{(attribute.PlainNest ? ", plain: true" : "")});");
        writer.Line($"{local}.Write(ref writer);");
        writer.Line("writer.EndNest(start);");
        writer.Close();
    }

    private static string Put(AttributeModel attribute, string local)
    {
        string cast = attribute.Underlying is { } underlying ? $"({underlying})" : "";
        return attribute switch
        {
            { Kind: AttributeKind.Value } => $"{local}.Write(ref writer, {attribute.Number});",
            { Kind: AttributeKind.Variable } => $"writer.PutVariable({attribute.Number}, {local});",
            { BigEndian: true } => $"writer.PutBigEndian({attribute.Number}, {cast}{local});",
            _ => $"writer.Put({attribute.Number}, {local});",
        };
    }
}
