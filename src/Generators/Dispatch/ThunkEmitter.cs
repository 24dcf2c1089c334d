namespace SmallRtnl.Generators;

/// <summary>
/// From a class's handlers to their thunks. Every thunk has the same parts in the same order, whatever its word: resolve with nothing
/// held, apply under the word, publish or drop, release.
/// </summary>
internal static class ThunkEmitter
{
    private static readonly string[] s_prefixes =
        [KnownNames.Global, "global::System.Threading.Tasks.", "global::System.Runtime.CompilerServices."];

    public const string ParsePhase = "// Resolve: nothing is held while the message is parsed and its policy checked.";

    public static string Emit(HandlerClassModel model)
    {
        var writer = new SourceWriter();
        writer.FileHeader();
        writer.Line("namespace SmallRtnl.Generated;");
        writer.Line();
        writer.Open($"partial class {model.Module}");
        bool first = true;
        foreach (HandlerModel handler in model.Handlers)
        {
            if (!first)
                writer.Line();
            first = false;
            EmitThunk(writer, new ThunkNames(model, handler, static type => type.Full));
        }
        writer.Close();
        return writer.ToString();
    }

    /// <summary>A handler whose thunk can be written: a fault of ours shows while its place is known.</summary>
    public static HandlerModel? Tried(HandlerModel? handler)
    {
        if (handler is not null)
            _ = Text(new HandlerClassModel("", handler.Class, "", NeedsInstance: true, "", default), handler);
        return handler;
    }

    /// <summary>One handler's thunk alone, for people: with the short names that it would have in a file of theirs.</summary>
    public static string Text(HandlerClassModel model, HandlerModel handler)
    {
        var writer = new SourceWriter();
        EmitThunk(writer, new ThunkNames(model, handler, static type => type.Short ?? type.Full));
        return s_prefixes.Aggregate(writer.ToString(), static (text, prefix) => text.Replace(prefix, ""))
            .Replace("[AsyncMethodBuilderAttribute(", "[AsyncMethodBuilder(").Replace("[MethodImplAttribute(", "[MethodImpl(");
    }

    private static void EmitThunk(SourceWriter writer, ThunkNames names)
    {
        if (names.Handler.IsDump)
            EmitDump(writer, names);
        else if (names.Handler.Form == HandlerForm.AsyncDoIt || names.Handler.Resolve is not null)
            LoopThunkEmitter.Emit(writer, names);
        else
            StraightThunkEmitter.Emit(writer, names);
    }

    public static void EmitComment(SourceWriter writer, HandlerModel handler)
    {
        writer.Line($"/// <summary>{handler.TypeName} ({handler.FamilyName}), {(handler.IsDump ? "dumpit" : "doit")}.</summary>");
        writer.Line($"/// <remarks>Caused by <c>{Xml.Escape(handler.Attribute)}</c> on {handler.ClassName}.{handler.MethodName}.</remarks>");
    }

    private static void EmitDump(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        EmitComment(writer, handler);
        writer.Open($"private global::SmallRtnl.RtnlResult {handler.Thunk}(global::SmallRtnl.RequestContext context)");
        writer.Line(ParsePhase);
        writer.Line($"if (!context.TryParse(out {names.Message} message))");
        writer.Inner("return context.Refuse();");
        writer.Line();
        writer.Line($"// Apply: each chunk is filled under Lock = {handler.Word}, which is never held across chunks.");
        string session = KnownNames.Global + (handler.Form == HandlerForm.EnumerableDump ? "EnumerableDump" : "CursorDump");
        writer.Line($"return context.StartDump(new {session}<{names.Message}>(context, in message, global::SmallRtnl.RtnlLock.{handler.Word}, {names.Target}.{handler.Method}));");
        writer.Close();
    }

}

/// <summary>How one thunk names what it calls.</summary>
internal sealed class ThunkNames(HandlerClassModel model, HandlerModel handler, Func<TypeModel, string> nameOf)
{
    public HandlerModel Handler { get; } = handler;

    public string Module { get; } = model.Module;

    public string Message { get; } = nameOf(handler.Message);

    /// <summary>The parsed request, a doit's.</summary>
    public string Request => $"global::SmallRtnl.DoItRequest<{Message}>";

    /// <summary>What the handler is called on.</summary>
    public string Target { get; } = handler.IsStatic ? nameOf(handler.Class) : model.Field;

    /// <summary>What the resolve method is called on.</summary>
    public string ResolveTarget { get; } = handler.Resolve is { IsStatic: true } ? nameOf(handler.Class) : model.Field;

    public string Plan { get; } = handler.Resolve is { } resolve
        ? nameOf(resolve.Plan) + (resolve.PlanMayBeNull ? "?" : "")
        : "";

    /// <summary>The plan as an argument.</summary>
    public string PlanArgument { get; } = handler.Resolve is { PlanMayBeNull: true } ? "plan!" : "plan";

    /// <summary>The call that takes a word's lock; for Unlocked, the call that pins the snapshot.</summary>
    public string Lock(LockWord word) => word switch
    {
        LockWord.Rtnl => "context.LockRtnlAsync()",
        LockWord.PerNet when Handler.Resolve is not null => "context.LockNetsAsync()",
        LockWord.PerNet => "context.LockNetAsync()",
        _ => "context.BeginSnapshot()",
    };

    /// <summary>The call that takes a word's lock if nothing is in the way.</summary>
    public static string TryLock(LockWord word) => word == LockWord.Rtnl ? "context.TryLockRtnl()" : "context.TryLockNet()";

    /// <summary>The assertion of what a word grants.</summary>
    public string Assert(LockWord word) => word switch
    {
        LockWord.Rtnl => "global::SmallRtnl.RtnlAssert.Held(context);",
        LockWord.PerNet when Handler.Resolve is { HasNetSet: true } => "context.AssertNetsHeld();",
        LockWord.PerNet => "global::SmallRtnl.RtnlAssert.NetHeld(context.Net, context);",
        _ => "global::SmallRtnl.RtnlAssert.ReaderOrHeld(context.Net, context);",
    };

    /// <summary>What a word means, for the comment above its lock.</summary>
    public string Meaning(LockWord word) => word switch
    {
        LockWord.Rtnl => "Lock = Rtnl, the whole of RTNL.",
        LockWord.PerNet when Handler.Resolve is { HasNetSet: true } => "Lock = PerNet, the RTNL of every namespace that was resolved.",
        LockWord.PerNet => "Lock = PerNet, the RTNL of the request's namespace.",
        _ => "Lock = Unlocked, one snapshot of the request's namespace.",
    };
}
