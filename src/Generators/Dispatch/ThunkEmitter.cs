namespace SmallRtnl.Generators;

/// <summary>
/// From a class's handlers to their thunks. Every thunk has the same parts in the same order, whatever its word: resolve with nothing
/// held, apply under the word, publish or drop, release.
/// </summary>
internal static class ThunkEmitter
{
    public const string ParsePhase = "// Resolve: nothing is held while the message is parsed and its policy checked.";

    public static string Emit(HandlerClassModel model)
    {
        var aliases = new AliasScope(model.Module, TypesOf(model));
        var writer = new SourceWriter();
        writer.FileHeader("System.Runtime.CompilerServices", "System.Threading.Tasks", "SmallRtnl");
        writer.Line("namespace SmallRtnl.Generated;");
        writer.Line();
        aliases.WriteDirectives(writer);
        writer.Open($"partial class {model.Module}");
        bool first = true;
        foreach (HandlerModel handler in model.Handlers)
        {
            if (!first)
                writer.Line();
            first = false;
            EmitThunk(writer, new ThunkNames(model, handler, aliases));
        }
        writer.Close();
        return writer.ToString();
    }

    /// <summary>One handler's thunk alone, for people.</summary>
    public static string Text(HandlerClassModel model, HandlerModel handler)
    {
        var writer = new SourceWriter();
        EmitThunk(writer, new ThunkNames(model, handler, new AliasScope(model.Module, TypesOf(model))));
        return writer.ToString();
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
        string type = handler.TypeText.Replace("RtmType.", "");
        string family = handler.FamilyText.Replace("ProtocolFamily.", "");
        writer.Line($"/// <summary>{type} ({family}), {(handler.IsDump ? "dumpit" : "doit")}.</summary>");
        writer.Line($"/// <remarks>Caused by <c>{Xml.Escape(handler.Attribute)}</c> on {handler.ClassName}.{handler.Method}.</remarks>");
    }

    private static void EmitDump(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        EmitComment(writer, handler);
        writer.Open($"private RtnlResult {handler.Thunk}(RequestContext context)");
        writer.Line(ParsePhase);
        writer.Line($"if (!context.TryParse(out {names.Message} message))");
        writer.Inner("return context.Refuse();");
        writer.Line();
        writer.Line($"// Apply: each chunk is filled under Lock = {handler.Word}, which is never held across chunks.");
        string session = handler.Form == HandlerForm.EnumerableDump ? "EnumerableDump" : "CursorDump";
        writer.Line($"return context.StartDump(new {session}<{names.Message}>(context, in message, RtnlLock.{handler.Word}, {names.Target}.{handler.Method}));");
        writer.Close();
    }

    private static IEnumerable<TypeModel> TypesOf(HandlerClassModel model)
    {
        foreach (HandlerModel handler in model.Handlers)
        {
            yield return handler.Message;
            if (handler.IsStatic || handler.Resolve is { IsStatic: true })
                yield return handler.Class;
            if (handler.Resolve is { } resolve)
                yield return resolve.Plan;
        }
    }
}

/// <summary>How one thunk names what it calls.</summary>
internal sealed class ThunkNames(HandlerClassModel model, HandlerModel handler, AliasScope aliases)
{
    public HandlerModel Handler { get; } = handler;

    public string Module { get; } = model.Module;

    public string Message { get; } = aliases[handler.Message];

    /// <summary>The parsed request, a doit's.</summary>
    public string Request => $"DoItRequest<{Message}>";

    /// <summary>What the handler is called on.</summary>
    public string Target { get; } = handler.IsStatic ? aliases[handler.Class] : model.Field;

    /// <summary>What the resolve method is called on.</summary>
    public string ResolveTarget { get; } = handler.Resolve is { IsStatic: true } ? aliases[handler.Class] : model.Field;

    public string Plan { get; } = handler.Resolve is { } resolve
        ? aliases[resolve.Plan] + (resolve.PlanMayBeNull ? "?" : "")
        : "";

    /// <summary>The plan as an argument.</summary>
    public string PlanArgument { get; } = handler.Resolve is { PlanMayBeNull: true } ? "plan!" : "plan";

    /// <summary>The call that takes a word's lock; for Unlocked, the call that pins the snapshot.</summary>
    public string Lock(LockWord word) => word switch
    {
        LockWord.Rtnl => "context.LockRtnlAsync()",
        LockWord.PerNet when Handler.Resolve is not null => "context.LockNetsAsync(attempt)",
        LockWord.PerNet => "context.LockNetAsync()",
        _ => "context.BeginSnapshot()",
    };

    /// <summary>The call that takes a word's lock if nothing is in the way.</summary>
    public static string TryLock(LockWord word) => word == LockWord.Rtnl ? "context.TryLockRtnl()" : "context.TryLockNet()";

    /// <summary>The assertion of what a word grants.</summary>
    public string Assert(LockWord word) => word switch
    {
        LockWord.Rtnl => "RtnlAssert.Held(context);",
        LockWord.PerNet when Handler.Resolve is { HasNetSet: true } => "context.AssertNetsHeld();",
        LockWord.PerNet => "RtnlAssert.NetHeld(context.Net, context);",
        _ => "RtnlAssert.ReaderOrHeld(context.Net, context);",
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
