namespace SmallRtnl.Generators;

/// <summary>Writes TryParse.</summary>
internal static class ParserEmitter
{
    private const int Strict = 31;

    public static void Emit(SourceWriter writer, MessageModel model, AttributeLocals locals)
    {
        string result = model.IsNest ? "nest" : "message";
        EmitDocumentation(writer, model, result);
        writer.Open($"public static bool TryParse(in global::SmallRtnl.NetlinkPayload payload, global::SmallRtnl.Extack extack, out {model.Name} {result})");
        writer.Line($"{result} = default;");
        // Nothing but a header, where nothing is required behind it, needs no reader of attributes.
        bool mayBeBare = !model.IsNest && model.Attributes.All(static attribute => !attribute.Required && IsAbsentByDefault(attribute));
        string bare = mayBeBare ? $"payload.TryReadBare(out {MessageFields.Of(model, "Header", result)}) || " : "";
        writer.Line($"if ({bare}{model.Fill}(in payload, extack, ref {result}))");
        writer.Inner("return true;");
        writer.Line($"{result} = default;");
        writer.Line("return false;");
        writer.Close();
        writer.Line();
        writer.Line("/// <summary>Fills the fields in place, which were all absent.</summary>");
        if (mayBeBare)
            writer.Line("[global::System.Runtime.CompilerServices.MethodImplAttribute(global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]");
        writer.Open($"private static bool {model.Fill}(in global::SmallRtnl.NetlinkPayload payload, global::SmallRtnl.Extack extack, ref {model.Name} {result})");
        writer.Line("global::SmallRtnl.NetlinkAttributeReader attribute = new global::SmallRtnl.NetlinkAttributeReader(payload.Bytes, payload.Offset);");
        if (!model.IsNest)
        {
            writer.Line($"if (!attribute.TryReadHeader(in payload, extack, out {MessageFields.Of(model, "Header", result)}))");
            writer.Inner("return false;");
        }
        if (model.Validation != 0)
            writer.Line($"global::SmallRtnl.NetlinkPayload judged = payload.AtLeast({ValidationText(model.Validation)});");
        if (model.StrictFrom != 0)
            writer.Line("global::SmallRtnl.NetlinkPayload strict = payload.AtLeast(global::SmallRtnl.NetlinkValidation.Strict);");
        writer.Line();
        foreach (AttributeModel attribute in model.Attributes)
            EmitLocals(writer, model, locals, attribute, result);
        if (model.MaxType > 0)
            writer.Line($"ref bool hasUndeclared = ref {MessageFields.Of(model, "HasUndeclared", result)};");
        writer.Open("while (attribute.Read())");
        writer.Open("switch (attribute.Type)");
        foreach (AttributeModel attribute in model.Attributes)
            EmitCase(writer, model, locals, attribute);
        EmitDefault(writer, model);
        writer.Close();
        writer.Close();
        Require(writer, $"CheckLeftover(in {Payload(model)}, in attribute, extack)");
        foreach (AttributeModel attribute in model.Attributes)
        {
            EmitRequired(writer, locals, attribute);
            EmitShapes(writer, model, locals, attribute);
        }
        EmitResult(writer, model, locals, result);
        writer.Line("return true;");
        writer.Close();
    }

    private static void EmitDocumentation(SourceWriter writer, MessageModel model, string result)
    {
        writer.Line("/// <summary>Parses and checks the policy; allocates nothing. What it returns may point into the payload.</summary>");
        writer.Line("/// <param name=\"payload\">The bytes, and how strictly they are checked.</param>");
        writer.Line("/// <param name=\"extack\">Where the reason for a refusal goes: errno, text, offset and policy.</param>");
        writer.Line($"/// <param name=\"{result}\">What was read; the default on a refusal.</param>");
        writer.Line("/// <returns>False with the reason in <paramref name=\"extack\"/>.</returns>");
        if (model.Attributes.Count == 0)
            return;
        writer.Line("/// <remarks>");
        writer.Line("/// <list type=\"bullet\">");
        foreach (AttributeModel attribute in model.Attributes)
        {
            writer.Line($"/// <item>{AttributeNames.Name(attribute)}, <see cref=\"{attribute.Property}\"/>: {Xml.Escape(attribute.Says)}.</item>");
            foreach (SubMessageModel shape in attribute.SubMessages)
                writer.Line($"/// <item>{AttributeNames.Name(attribute)} where {attribute.Selector} is {Xml.Escape(shape.Value)}, <see cref=\"{shape.Property}\"/>: a nest.</item>");
        }
        writer.Line("/// </list>");
        writer.Line("/// </remarks>");
    }

    private static void EmitLocals(SourceWriter writer, MessageModel model, AttributeLocals locals, AttributeModel attribute, string result)
    {
        string local = locals.Of(attribute.Property);
        if (attribute.List == ListKind.Repeated)
            writer.Line($"int {locals.Of(attribute.Property, AttributeLocals.Occurrences)} = 0;");
        else
            EmitLocal(writer, model, MessageFields.TypeOf(attribute), local, attribute.Property, attribute.IsAutomatic, result);
        if (attribute.Selector is null)
            return;
        writer.Line($"global::SmallRtnl.NetlinkAttributeReader {locals.Of(attribute.Property, AttributeLocals.Captured)} = default;");
        foreach (SubMessageModel shape in attribute.SubMessages)
            EmitLocal(writer, model, $"{shape.Type}?", locals.Of(shape.Property), shape.Property, shape.IsAutomatic, result);
    }

    /// <summary>The property's own field; where the user wrote its accessors, what is handed to them at the end.</summary>
    private static void EmitLocal(SourceWriter writer, MessageModel model, string type, string local, string property, bool isAutomatic, string result) =>
        writer.Line(isAutomatic ? $"ref {type} {local} = ref {MessageFields.Of(model, property, result)};" : $"{type} {local} = default;");

    private static void EmitCase(SourceWriter writer, MessageModel model, AttributeLocals locals, AttributeModel attribute)
    {
        string arguments = $"in {Payload(model, attribute)}, in attribute, extack";
        string policy = attribute.Policy is null ? "" : $", in {model.Policies}.{attribute.Property}";
        writer.Line($"case {attribute.Number}: // {attribute.Constant ?? attribute.Property}");
        writer.Open();
        if (attribute.Unsupported || attribute.Refusal is not null)
        {
            writer.Line("if (!payload.IsReply)");
            writer.Inner(attribute.Refusal is { } refusal
                ? $"return global::SmallRtnl.NetlinkPolicy.Check({arguments}, {refusal});"
                : "return global::SmallRtnl.NetlinkPolicy.Unsupported(in attribute, extack);");
        }
        string local = locals.Of(attribute.Property);
        bool inPlace = attribute is { Kind: AttributeKind.Nest, List: ListKind.None } or { Kind: AttributeKind.Value, List: ListKind.None, Policy: null };
        string value = attribute is { Kind: AttributeKind.Enum, List: ListKind.None } ? $"({attribute.Type})value" : "value";
        string output = inPlace ? $"ref {local}" : $"out {attribute.Underlying ?? attribute.Type} {(attribute.List == ListKind.None ? "value" : "_")}";
        switch (attribute.Kind)
        {
            case AttributeKind.Flag:
                Require(writer, $"TryReadFlag({arguments})");
                value = "true";
                break;
            case AttributeKind.Nest when attribute.List == ListKind.NestedArray:
                Require(writer, $"CheckNestedArray<{attribute.Type}>({arguments})");
                value = $"global::SmallRtnl.NetlinkList.Array(in attribute, payload.Family, global::SmallRtnl.NetlinkElement.Nest<{attribute.Type}>())";
                break;
            case AttributeKind.Nest:
                Require(writer, $"TryReadNest({arguments}, {output})");
                break;
            case AttributeKind.Value:
                Require(writer, $"TryReadValue({arguments}{policy}, {output})");
                break;
            case AttributeKind.Struct:
                Require(writer, $"TryReadStruct({arguments}{policy}, {output})");
                break;
            case AttributeKind.Variable:
                Require(writer, $"TryReadVariable({arguments}{policy}, {output})");
                break;
            default:
                Require(writer, $"{(attribute.BigEndian ? "TryReadBigEndian" : "TryReadInteger")}({arguments}{policy}, {output})");
                break;
        }
        if (attribute.List == ListKind.Repeated)
            writer.Line($"{locals.Of(attribute.Property, AttributeLocals.Occurrences)}++;");
        else if (!inPlace)
            writer.Line($"{local} = {value};");
        if (attribute.Selector is not null)
            writer.Line($"{locals.Of(attribute.Property, AttributeLocals.Captured)} = attribute;");
        writer.Line("break;");
        writer.Close();
    }

    private static void EmitDefault(SourceWriter writer, MessageModel model)
    {
        writer.Line("default:");
        writer.Indent();
        if (model.MaxType == 0)
        {
            Require(writer, $"CheckUnknown(in {Payload(model)}, in attribute, extack)");
        }
        else
        {
            if (model.StrictFrom != 0)
            {
                writer.Line($"if (attribute.Type is >= {model.StrictFrom} and <= {model.MaxType} && !global::SmallRtnl.NetlinkPolicy.CheckUndeclared(in strict, in attribute, extack, {model.MaxType}))");
                writer.Inner("return false;");
            }
            Require(writer, $"CheckUndeclared(in {Payload(model)}, in attribute, extack, {model.MaxType})");
            writer.Line($"hasUndeclared |= attribute.Type is > 0 and <= {model.MaxType};");
        }
        writer.Line("break;");
        writer.Outdent();
    }

    private static void EmitRequired(SourceWriter writer, AttributeLocals locals, AttributeModel attribute)
    {
        if (!attribute.Required)
            return;
        string local = locals.Of(attribute.Property);
        string missing = attribute switch
        {
            { List: ListKind.Repeated } => $"{locals.Of(attribute.Property, AttributeLocals.Occurrences)} == 0",
            { Kind: AttributeKind.Flag } => $"!{local}",
            _ => $"{local} is null",
        };
        writer.Line($"if (!payload.IsReply && {missing})");
        writer.Inner($"return global::SmallRtnl.NetlinkPolicy.Missing(in payload, extack, {attribute.Number});");
    }

    /// <summary>The selector may stand behind the payload, so the shape is chosen when all has been read.</summary>
    private static void EmitShapes(SourceWriter writer, MessageModel model, AttributeLocals locals, AttributeModel attribute)
    {
        if (attribute.SubMessages.Count == 0)
            return;
        string local = locals.Of(attribute.Property);
        string selector = locals.Of(attribute.Selector!);
        writer.Open($"if ({local} is not null && {selector} is not null)");
        string keyword = "if";
        foreach (SubMessageModel shape in attribute.SubMessages)
        {
            writer.Open($"{keyword} ({selector}{shape.Condition})");
            Require(writer, $"TryReadNest(in {Payload(model, attribute)}, in {locals.Of(attribute.Property, AttributeLocals.Captured)}, extack, ref {locals.Of(shape.Property)})");
            writer.Line($"{local} = null;");
            writer.Close();
            keyword = "else if";
        }
        writer.Close();
    }

    private static void EmitResult(SourceWriter writer, MessageModel model, AttributeLocals locals, string result)
    {
        var setters = new List<string>();
        foreach (AttributeModel attribute in model.Attributes)
        {
            string? value = attribute.List == ListKind.Repeated
                ? $"global::SmallRtnl.NetlinkList.Repeated(in attribute, {attribute.Number}, {locals.Of(attribute.Property, AttributeLocals.Occurrences)}, payload.Family, {SerialiserEmitter.Element(attribute)})"
                : null;
            if (!attribute.IsAutomatic)
                setters.Add($"{attribute.Property} = {value ?? locals.Of(attribute.Property)}");
            else if (value is not null)
                writer.Line($"{MessageFields.Of(model, attribute.Property, result)} = {value};");
            setters.AddRange(attribute.SubMessages.Where(shape => !shape.IsAutomatic).Select(shape => $"{shape.Property} = {locals.Of(shape.Property)}"));
        }
        if (setters.Count > 0)
            writer.Line($"{result} = {result} with {{ {string.Join(", ", setters)} }};");
    }

    /// <summary>Whether nothing has to be said of an attribute that did not come.</summary>
    private static bool IsAbsentByDefault(AttributeModel attribute) =>
        attribute.IsAutomatic && attribute.List != ListKind.Repeated && attribute.SubMessages.All(static shape => shape.IsAutomatic);

    private static string Payload(MessageModel model) => model.Validation != 0 ? "judged" : "payload";

    private static string Payload(MessageModel model, AttributeModel attribute) =>
        model.StrictFrom != 0 && attribute.Number >= model.StrictFrom ? "strict" : Payload(model);

    private static string ValidationText(int validation) =>
        validation == Strict ? "global::SmallRtnl.NetlinkValidation.Strict" : $"(global::SmallRtnl.NetlinkValidation){validation}";

    private static void Require(SourceWriter writer, string check)
    {
        writer.Line($"if (!global::SmallRtnl.NetlinkPolicy.{check})");
        writer.Inner("return false;");
    }
}
