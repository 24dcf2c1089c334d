namespace SmallRtnl.Generators;

/// <summary>
/// Thunks of synchronous handlers without a resolve method: straight lines that allocate nothing while the lock is free; only the
/// contended path is asynchronous.
/// </summary>
internal static class StraightThunkEmitter
{
    public static void Emit(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        ThunkEmitter.EmitComment(writer, handler);
        writer.Open($"private global::SmallRtnl.RtnlResult {handler.Thunk}(global::SmallRtnl.RequestContext context)");
        writer.Line(ThunkEmitter.ParsePhase);
        writer.Line($"if (!context.TryParse(out {names.Request} request))");
        writer.Inner("return context.Refuse();");
        writer.Line();
        writer.Line($"// Apply: {names.Meaning(handler.Word)}");
        if (handler.Word != LockWord.Unlocked)
        {
            EmitLocked(writer, names, handler.Word, handler.Thunk + "_Apply");
        }
        else
        {
            writer.Line($"{names.Lock(handler.Word)};");
            if (handler.Fallback is { } fallback)
            {
                writer.Line($"global::SmallRtnl.RtnlResult result = {handler.Thunk}_Apply(context, in request);");
                writer.Line("if (!result.IsNeedsLock)");
                writer.Inner("return result;");
                writer.Line();
                writer.Line("// Again, from the start: what the first run staged is dropped, its snapshot released.");
                writer.Line($"// Fallback: {names.Meaning(fallback)}");
                EmitLocked(writer, names, fallback, handler.Thunk + "_ApplyAgain");
            }
            else
            {
                writer.Line($"return {handler.Thunk}_Apply(context, in request);");
            }
        }
        writer.Close();
        writer.Line();
        EmitApply(writer, names, handler.Thunk + "_Apply", handler.Word, mayRunAgain: handler.Fallback is not null);
        if (handler.Fallback is { } word)
        {
            writer.Line();
            EmitApply(writer, names, handler.Thunk + "_ApplyAgain", word, mayRunAgain: false);
        }
    }

    private static void EmitLocked(SourceWriter writer, ThunkNames names, LockWord word, string apply)
    {
        writer.Line($"if (!{ThunkNames.TryLock(word)})");
        writer.Inner("return context.FinishLater(Contended(this, context, request));");
        writer.Line($"return {apply}(context, in request);");
        writer.Line();
        writer.Line("[global::System.Runtime.CompilerServices.AsyncMethodBuilderAttribute(typeof(global::System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]");
        writer.Open($"static async global::System.Threading.Tasks.ValueTask<global::SmallRtnl.RtnlResult> Contended({names.Module} module, global::SmallRtnl.RequestContext context, {names.Request} request)");
        writer.Line($"await {names.Lock(word)}.ConfigureAwait(false);");
        writer.Line($"return module.{apply}(context, in request);");
        writer.Close();
    }

    private static void EmitApply(SourceWriter writer, ThunkNames names, string apply, LockWord word, bool mayRunAgain)
    {
        HandlerModel handler = names.Handler;
        writer.Line("[global::System.Runtime.CompilerServices.MethodImplAttribute(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]");
        writer.Open($"private global::SmallRtnl.RtnlResult {apply}(global::SmallRtnl.RequestContext context, in {names.Request} request)");
        writer.Line("global::SmallRtnl.RequestNote note = context.Enter();");
        writer.Open("try");
        writer.Line(names.Assert(word));
        string call = $"{names.Target}.{handler.Method}(request)";
        writer.Line($"return context.Complete({call}{(mayRunAgain ? ", mayRunAgain: true" : "")});");
        writer.Close();
        EmitEnd(writer, leaves: true);
        writer.Close();
    }

    /// <summary>Whatever happens, the lock goes. What a handler that throws has staged is dropped by the dispatcher, which catches: to catch here as well would keep the JIT from inlining.</summary>
    public static void EmitEnd(SourceWriter writer, bool leaves, bool unlocks = true)
    {
        writer.Open("finally");
        if (leaves)
            writer.Line("note.Leave();");
        if (unlocks)
            writer.Line("context.Unlock();");
        writer.Close();
    }
}
