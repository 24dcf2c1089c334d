namespace SmallRtnl.Generators;

/// <summary>
/// Thunks of handlers with a resolve method, and of asynchronous handlers. What Resolve found is looked at again once the locks are
/// held; where something has moved, everything is released and resolved afresh. After three vain tries Resolve itself runs under RTNL, where nothing
/// moves, so that it ends.
/// </summary>
internal static class LoopThunkEmitter
{
    public static void Emit(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        ThunkEmitter.EmitComment(writer, handler);
        writer.Line($"private global::SmallRtnl.RtnlResult {handler.Thunk}(global::SmallRtnl.RequestContext context) => context.FinishLater({handler.Thunk}_Run(context));");
        writer.Line();
        writer.Line("[global::System.Runtime.CompilerServices.AsyncMethodBuilderAttribute(typeof(global::System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]");
        writer.Open($"private async global::System.Threading.Tasks.ValueTask<global::SmallRtnl.RtnlResult> {handler.Thunk}_Run(global::SmallRtnl.RequestContext context)");
        writer.Line(ThunkEmitter.ParsePhase);
        writer.Line($"if (!context.TryParse(out {names.Request} request))");
        writer.Inner("return context.Refuse();");
        writer.Line();
        bool loops = handler.Resolve is not null || handler.Fallback is not null;
        if (handler.Fallback is not null)
            writer.Line("bool again = false;");
        if (handler.Resolve is not null)
            writer.Open("for (int attempt = 0; ; attempt++)");
        else if (loops)
            writer.Open("while (true)");
        if (handler.Resolve is { } resolve)
        {
            writer.Line("// After three vain tries with RTNL held, under which nothing moves: that one is the last.");
            writer.Line("bool isLast = attempt >= 3;");
            writer.Line("if (isLast)");
            writer.Inner("await context.LockRtnlAsync().ConfigureAwait(false);");
            writer.Open("try");
            EmitResolve(writer, names, resolve);
        }
        EmitLock(writer, names);
        EmitApply(writer, names);
        if (handler.Resolve is not null)
        {
            writer.Close();
            writer.Open("finally");
            writer.Line("context.UnlockIfHeld();");
            writer.Close();
        }
        if (loops)
            writer.Close();
        writer.Close();
    }

    private static void EmitResolve(SourceWriter writer, ThunkNames names, ResolveModel resolve)
    {
        writer.Line("context.BeginResolve();");
        string nets = resolve.HasNetSet ? "context.Nets, " : "";
        writer.Line($"global::SmallRtnl.RtnlResult resolved = {names.ResolveTarget}.{resolve.Method}(new global::SmallRtnl.ResolveRequest<{names.Message}>(context, in request.Message), {nets}out {names.Plan} plan);");
        writer.Line("if (!resolved.IsOk)");
        writer.Inner("return resolved;");
        if (resolve.HasNetSet)
        {
            writer.Line("if (!context.MayConfigureNets(out global::SmallRtnl.RtnlResult refusal))");
            writer.Inner("return refusal;");
        }
        writer.Line();
    }

    private static void EmitLock(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        writer.Line($"// Apply: {names.Meaning(handler.Word)}");
        if (handler.Resolve is not null)
        {
            writer.Open("if (!isLast)");
            EmitTake(writer, names);
            writer.Close();
        }
        else
        {
            EmitTake(writer, names);
        }
    }

    private static void EmitTake(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        if (handler.Fallback is { } fallback)
        {
            writer.Line($"// Again, from the start: {names.Meaning(fallback)}");
            writer.Line("if (again)");
            writer.Inner($"await {names.Lock(fallback)}.ConfigureAwait(false);");
            writer.Line("else");
            writer.Inner($"{names.Lock(handler.Word)};");
        }
        else if (handler.Word == LockWord.Unlocked)
        {
            writer.Line($"{names.Lock(handler.Word)};");
        }
        else
        {
            writer.Line($"await {names.Lock(handler.Word)}.ConfigureAwait(false);");
        }
    }

    private static void EmitApply(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        bool isAsync = handler.Form == HandlerForm.AsyncDoIt;
        bool isNested = handler.Resolve is not null;
        if (!isAsync)
            writer.Line("global::SmallRtnl.RequestNote note = context.Enter();");
        if (!isAsync || !isNested)
            writer.Open("try");
        if (handler.Resolve is not null)
        {
            writer.Line("if (context.HasDeadNet())");
            writer.Inner("return global::SmallRtnl.RtnlResult.Error(global::SmallRtnl.Errno.ENODEV);");
            writer.Line("if (!isLast && !context.IsStillResolved())");
            writer.Inner("continue;");
        }
        if (handler.Fallback is { } fallback)
        {
            writer.Line("if (again)");
            writer.Inner(names.Assert(fallback));
            writer.Line("else");
            writer.Inner(names.Assert(handler.Word));
        }
        else
        {
            writer.Line(names.Assert(handler.Word));
        }
        string call = isAsync ? AsyncCall(names) : Call(names);
        if (handler.Fallback is null)
        {
            writer.Line($"return context.Complete({call});");
        }
        else
        {
            writer.Line($"global::SmallRtnl.RtnlResult result = context.Complete({call}, mayRunAgain: !again);");
            writer.Line("if (!result.IsNeedsLock)");
            writer.Inner("return result;");
            writer.Line("again = true;");
        }
        if (isAsync && isNested)
            return;
        writer.Close();
        StraightThunkEmitter.EmitEnd(writer, leaves: !isAsync, unlocks: !isNested);
    }

    private static string Call(ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        string plan = handler.Resolve is null ? "" : ", " + names.PlanArgument;
        return $"{names.Target}.{handler.Method}(request{plan})";
    }

    /// <summary>Every continuation of the handler carries the request's note, which is why it runs through the context.</summary>
    private static string AsyncCall(ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        var state = new List<string>();
        if (!handler.IsStatic)
            state.Add($"Handlers: {names.Target}");
        state.Add("Request: request");
        if (handler.Resolve is not null)
            state.Add($"Plan: {names.PlanArgument}");
        string target = handler.IsStatic ? names.Target : "state.Handlers";
        string plan = handler.Resolve is null ? "" : ", state.Plan";
        return state.Count == 1
            ? $"await context.RunAsync(request, static (_, request) => {target}.{handler.Method}(request)).ConfigureAwait(false)"
            : $"await context.RunAsync(({string.Join(", ", state)}), static (_, state) => {target}.{handler.Method}(state.Request{plan})).ConfigureAwait(false)";
    }
}
