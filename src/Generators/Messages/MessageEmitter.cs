namespace SmallRtnl.Generators;

/// <summary>From a message's model to its parser and serialiser.</summary>
internal static class MessageEmitter
{
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "message", "nest", "payload", "extack", "header", "attribute", "value", "writer", "start",
    };

    public static string Emit(MessageModel model)
    {
        var writer = new SourceWriter();
        string[] interop = model is { IsNest: false, HasLayout: false } ? ["System.Runtime.InteropServices"] : [];
        writer.FileHeader(["System.CodeDom.Compiler", "System.Runtime.CompilerServices", .. interop, "SmallRtnl"]);
        if (model.Namespace is { } name)
        {
            writer.Line($"namespace {name};");
            writer.Line();
        }
        foreach (string container in model.Containers)
            writer.Open(container);
        if (model.IsNest)
        {
            writer.Line("/// <summary>A nest: its parser, policy and serialiser.</summary>");
            writer.Line(KnownNames.GeneratedCode);
            writer.Open($"partial record struct {model.Name} : INetlinkNest<{model.Name}>");
        }
        else
        {
            writer.Line("/// <summary>A message: its fixed header, parser, policy and serialiser.</summary>");
            writer.Line(KnownNames.GeneratedCode);
            if (!model.HasLayout)
                writer.Line("[StructLayout(LayoutKind.Auto)]");
            writer.Open($"partial record struct {model.Name} : INetlinkMessage<{model.Name}>");
            EmitHeader(writer, model);
        }
        EmitTryParse(writer, model);
        writer.Line();
        EmitWrite(writer, model);
        writer.Close();
        foreach (string _ in model.Containers)
            writer.Close();
        return writer.ToString();
    }

    private static void EmitHeader(SourceWriter writer, MessageModel model)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public static RtmType NewType => {model.NewType};");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public static int HeaderSize => Unsafe.SizeOf<{model.Header}>();");
        writer.Line();
        writer.Line("/// <summary>The fixed header behind nlmsghdr.</summary>");
        writer.Line($"public {model.Header} Header {{ get; init; }}");
        writer.Line();
    }

    private static void EmitTryParse(SourceWriter writer, MessageModel model)
    {
        string result = model.IsNest ? "nest" : "message";
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public static bool TryParse(in NetlinkPayload payload, Extack extack, out {model.Name} {result})");
        writer.Line($"{result} = default;");
        if (model.IsNest)
        {
            writer.Line("var attribute = new NetlinkAttributeReader(payload.Bytes, payload.Offset);");
        }
        else
        {
            writer.Line($"if (!NetlinkPolicy.TryReadHeader(in payload, extack, out {model.Header} header, out NetlinkAttributeReader attribute))");
            writer.Inner("return false;");
        }
        writer.Line();
        foreach (AttributeModel attribute in model.Attributes)
        {
            if (!attribute.Reject)
                writer.Line(attribute.Kind == AttributeKind.Flag ? $"bool {Local(attribute)} = false;" : $"{attribute.Type}? {Local(attribute)} = null;");
        }
        writer.Open("while (attribute.Read())");
        writer.Open("switch (attribute.Type)");
        foreach (AttributeModel attribute in model.Attributes)
            EmitCase(writer, attribute);
        writer.Line("default:");
        writer.Indent();
        writer.Line("if (!NetlinkPolicy.CheckUnknown(in payload, in attribute, extack))");
        writer.Inner("return false;");
        writer.Line("break;");
        writer.Outdent();
        writer.Close();
        writer.Close();
        writer.Line("if (!NetlinkPolicy.CheckLeftover(in payload, in attribute, extack))");
        writer.Inner("return false;");
        writer.Line();
        writer.Line($"{result} = new {model.Name}");
        writer.Open();
        if (!model.IsNest)
            writer.Line("Header = header,");
        foreach (AttributeModel attribute in model.Attributes)
        {
            if (!attribute.Reject)
                writer.Line($"{attribute.Property} = {Local(attribute)},");
        }
        writer.Close(";");
        writer.Line("return true;");
        writer.Close();
    }

    private static void EmitCase(SourceWriter writer, AttributeModel attribute)
    {
        writer.Line($"case {attribute.Number}: // {attribute.Constant ?? attribute.Property}");
        if (attribute.Reject)
        {
            writer.Inner("return NetlinkPolicy.Reject(in attribute, extack);");
            return;
        }
        writer.Open();
        if (attribute.MinLength > 0 || attribute.MaxLength > 0)
        {
            string maximum = attribute.MaxLength > 0 ? attribute.MaxLength.ToString() : "ushort.MaxValue";
            Require(writer, $"CheckLength(in attribute, extack, {attribute.MinLength}, {maximum})");
        }
        string value = "value";
        switch (attribute.Kind)
        {
            case AttributeKind.Flag:
                Require(writer, "TryReadFlag(in attribute, extack)");
                value = "true";
                break;
            case AttributeKind.Value:
                Require(writer, $"TryReadValue(in payload, in attribute, extack, out {attribute.Type} value)");
                break;
            case AttributeKind.Nest:
                Require(writer, $"TryReadNest(in payload, in attribute, extack, out {attribute.Type} value)");
                break;
            case AttributeKind.Struct:
                Require(writer, $"TryReadStruct(in attribute, extack, out {attribute.Type} value)");
                break;
            default:
                string method = attribute.BigEndian ? "TryReadBigEndian" : "TryReadInteger";
                Require(writer, $"{method}(in payload, in attribute, extack, out {attribute.Underlying ?? attribute.Type} value)");
                EmitRange(writer, attribute);
                value = attribute.Kind == AttributeKind.Enum ? $"({attribute.Type})value" : "value";
                break;
        }
        writer.Line($"{Local(attribute)} = {value};");
        writer.Line("break;");
        writer.Close();
    }

    private static void EmitRange(SourceWriter writer, AttributeModel attribute)
    {
        string? below = attribute.Min is { } min ? $"value < {min}" : null;
        string? above = attribute.Max is { } max ? $"value > {max}" : null;
        if ((below ?? above) is null)
            return;
        writer.Line($"if ({string.Join(" || ", new[] { below, above }.Where(part => part is not null))})");
        writer.Inner("return NetlinkPolicy.OutOfRange(in attribute, extack);");
    }

    private static void Require(SourceWriter writer, string check)
    {
        writer.Line($"if (!NetlinkPolicy.{check})");
        writer.Inner("return false;");
    }

    private static void EmitWrite(SourceWriter writer, MessageModel model)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Open("public void Write(ref NetlinkWriter writer)");
        if (!model.IsNest)
            writer.Line("writer.PutStruct(Header);");
        foreach (AttributeModel attribute in model.Attributes)
            EmitPut(writer, attribute);
        writer.Close();
    }

    private static void EmitPut(SourceWriter writer, AttributeModel attribute)
    {
        string local = Local(attribute);
        if (attribute.Kind == AttributeKind.Flag)
        {
            writer.Line($"if ({attribute.Property})");
            writer.Inner($"writer.PutFlag({attribute.Number});");
            return;
        }
        string condition = $"if ({attribute.Property} is {{ }} {local})";
        if (attribute.Kind == AttributeKind.Nest)
        {
            writer.Open(condition);
            writer.Line($"int start = writer.BeginNest({attribute.Number}{(attribute.PlainNest ? ", plain: true" : "")});");
            writer.Line($"{local}.Write(ref writer);");
            writer.Line("writer.EndNest(start);");
            writer.Close();
            return;
        }
        writer.Line(condition);
        string cast = attribute.Underlying is { } underlying ? $"({underlying})" : "";
        writer.Inner(attribute switch
        {
            { Kind: AttributeKind.Value } => $"{local}.Write(ref writer, {attribute.Number});",
            { BigEndian: true } => $"writer.PutBigEndian({attribute.Number}, {cast}{local});",
            _ => $"writer.Put({attribute.Number}, {local});",
        });
    }

    private static string Local(AttributeModel attribute)
    {
        string camel = Identifiers.Camel(attribute.Property.TrimStart('@'));
        return s_reserved.Contains(camel) || camel == attribute.Property ? camel.TrimStart('@') + "Attribute" : camel;
    }
}
