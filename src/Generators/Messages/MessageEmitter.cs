namespace SmallRtnl.Generators;

/// <summary>From a message's model to its generated part.</summary>
internal static class MessageEmitter
{
    /// <summary>A message whose part can be written: a fault of ours shows while its place is known.</summary>
    public static MessageModel? Tried(MessageModel? model)
    {
        if (model is not null)
            _ = Emit(model);
        return model;
    }

    public static string Emit(MessageModel model)
    {
        var writer = new SourceWriter();
        bool laysOut = !model.HasLayout && (!model.IsNest || model.MaxType > 0);
        writer.FileHeader();
        if (model.Namespace is { } name)
        {
            writer.Line($"namespace {name};");
            writer.Line();
        }
        foreach (string container in model.Containers)
            writer.Open(container);
        string what = model.IsNest ? "nest: its parser, policy and serialiser" : "message: its fixed header, parser, policy and serialiser";
        writer.Line($"/// <summary>A {what}.</summary>");
        writer.Line(KnownNames.GeneratedCode);
        if (laysOut)
            writer.Line("[global::System.Runtime.InteropServices.StructLayoutAttribute(global::System.Runtime.InteropServices.LayoutKind.Auto)]");
        writer.Open($"partial record struct {model.Name} : global::SmallRtnl.INetlink{(model.IsNest ? "Nest" : "Message")}<{model.Name}>");
        if (!model.IsNest)
            EmitHeader(writer, model);
        if (model.MaxType > 0)
            EmitUndeclared(writer, model);
        var locals = new AttributeLocals(model);
        ParserEmitter.Emit(writer, model, locals);
        writer.Line();
        SerialiserEmitter.Emit(writer, model, locals);
        EmitPolicies(writer, model);
        MessageFields.Emit(writer, model);
        writer.Close();
        foreach (string _ in model.Containers)
            writer.Close();
        return writer.ToString();
    }

    private static void EmitHeader(SourceWriter writer, MessageModel model)
    {
        writer.Line($"/// <summary>The object's NEW type: {Xml.Escape(model.NewType!.Replace(KnownNames.Global, ""))}.</summary>");
        writer.Line($"public static global::SmallRtnl.RtmType NewType => {model.NewType};");
        writer.Line();
        writer.Line("/// <summary>The fixed header's length in bytes.</summary>");
        writer.Line($"public static int HeaderSize => global::System.Runtime.CompilerServices.Unsafe.SizeOf<{model.Header}>();");
        writer.Line();
        writer.Line("/// <summary>The fixed header behind nlmsghdr.</summary>");
        writer.Line($"public {model.Header} Header {{ get; init; }}");
        writer.Line();
    }

    private static void EmitUndeclared(SourceWriter writer, MessageModel model)
    {
        writer.Line($"/// <summary>Whether a request carried an attribute up to {model.MaxType} that is not declared here. Never written.</summary>");
        writer.Line("public bool HasUndeclared { get; init; }");
        writer.Line();
    }

    private static void EmitPolicies(SourceWriter writer, MessageModel model)
    {
        if (!model.Attributes.Any(attribute => attribute.Policy is not null))
            return;
        writer.Line();
        writer.Line("/// <summary>What is asked of each attribute, as <c>struct nla_policy</c> says it.</summary>");
        writer.Open($"private static class {model.Policies}");
        foreach (AttributeModel attribute in model.Attributes)
        {
            if (attribute.Policy is not { } policy)
                continue;
            writer.Line($"/// <summary>{AttributeNames.Name(attribute)}: {Xml.Escape(attribute.Says)}.</summary>");
            writer.Line($"public static readonly global::SmallRtnl.AttributePolicy {attribute.Property} = {policy};");
        }
        writer.Close();
    }
}
