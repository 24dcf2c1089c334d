namespace SmallRtnl.Generators;

/// <summary>Writes Write.</summary>
internal static class SerialiserEmitter
{
    public static void Emit(SourceWriter writer, MessageModel model, AttributeLocals locals)
    {
        writer.Line(model.IsNest
            ? "/// <summary>Writes the attributes that are present, in the order of declaration.</summary>"
            : "/// <summary>Writes the fixed header and the attributes that are present, in the order of declaration.</summary>");
        writer.Line("/// <param name=\"writer\">Where to; what does not fit sets its <see cref=\"global::SmallRtnl.NetlinkWriter.Overflowed\"/>.</param>");
        writer.Open("public void Write(ref global::SmallRtnl.NetlinkWriter writer)");
        if (!model.IsNest)
            writer.Line("writer.PutStruct(this.Header);");
        foreach (AttributeModel attribute in model.Attributes)
            EmitPut(writer, model, locals, attribute);
        writer.Close();
    }

    /// <summary>How an element of a list is read and written.</summary>
    public static string Element(AttributeModel attribute) => attribute switch
    {
        { Kind: AttributeKind.Nest } => $"global::SmallRtnl.NetlinkElement.Nest<{attribute.Type}>()",
        { Kind: AttributeKind.Value } => $"global::SmallRtnl.NetlinkElement.Value<{attribute.Type}>()",
        { BigEndian: true } => $"global::SmallRtnl.NetlinkElement.BigEndian<{attribute.Type}>()",
        _ => $"global::SmallRtnl.NetlinkElement.Struct<{attribute.Type}>()",
    };

    private static void EmitPut(SourceWriter writer, MessageModel model, AttributeLocals locals, AttributeModel attribute)
    {
        string local = locals.Of(attribute.Property);
        string condition = $"if (this.{attribute.Property} is {{ }} {local})";
        switch (attribute)
        {
            case { List: ListKind.Repeated }:
                writer.Line($"this.{attribute.Property}.WriteRepeated(ref writer, {attribute.Number}, {Element(attribute)});");
                break;
            case { List: ListKind.NestedArray }:
                writer.Line(condition);
                writer.Inner($"{local}.WriteArray(ref writer, {attribute.Number}, plain: {(attribute.PlainNest ? "true" : "false")}, {Element(attribute)});");
                break;
            case { Kind: AttributeKind.Flag }:
                writer.Line($"if (this.{attribute.Property})");
                writer.Inner($"writer.PutFlag({attribute.Number});");
                break;
            case { Kind: AttributeKind.Nest, IsAutomatic: true }:
                // Where it is: a nest may be large.
                writer.Line($"ref readonly {MessageFields.TypeOf(attribute)} {local} = ref {MessageFields.Of(model, attribute.Property, "global::System.Runtime.CompilerServices.Unsafe.AsRef(in this)")};");
                EmitNest(writer, $"if ({local} is not null)", $"global::System.Nullable.GetValueRefOrDefaultRef(in {local})", attribute);
                break;
            case { Kind: AttributeKind.Nest }:
                EmitNest(writer, condition, local, attribute);
                break;
            default:
                string keyword = "";
                foreach (SubMessageModel shape in attribute.SubMessages)
                {
                    string shaped = locals.Of(shape.Property);
                    EmitNest(writer, $"{keyword}if (this.{shape.Property} is {{ }} {shaped})", shaped, attribute);
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
