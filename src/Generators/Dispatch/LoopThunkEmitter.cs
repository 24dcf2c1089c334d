namespace SmallRtnl.Generators;

/// <summary>
/// Thunks of handlers with a resolve method, and of asynchronous handlers. What Resolve found is looked at again once the locks are
/// held; where something has moved, everything is released and resolved afresh.
/// </summary>
internal static class LoopThunkEmitter
{
    public static void Emit(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        ThunkEmitter.EmitComment(writer, handler);
        writer.Line($"private RtnlResult {handler.Thunk}(RequestContext context) => context.FinishLater({handler.Thunk}_Run(context));");
        writer.Line();
        writer.Line("[AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]");
        writer.Open($"private async ValueTask<RtnlResult> {handler.Thunk}_Run(RequestContext context)");
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
            EmitResolve(writer, names, resolve);
        EmitLock(writer, names);
        EmitApply(writer, names);
        if (loops)
            writer.Close();
        writer.Close();
    }

    private static void EmitResolve(SourceWriter writer, ThunkNames names, ResolveModel resolve)
    {
        writer.Line("context.BeginResolve();");
        string nets = resolve.HasNetSet ? "context.Nets, " : "";
        writer.Line($"RtnlResult resolved = {names.ResolveTarget}.{resolve.Method}(new ResolveRequest<{names.Message}>(context, in request.Message), {nets}out {names.Plan} plan);");
        writer.Line("if (!resolved.IsOk)");
        writer.Inner("return resolved;");
        if (resolve.HasNetSet)
        {
            writer.Line("if (!context.MayConfigureNets(out RtnlResult refusal))");
            writer.Inner("return refusal;");
        }
        writer.Line();
    }

    private static void EmitLock(SourceWriter writer, ThunkNames names)
    {
        HandlerModel handler = names.Handler;
        writer.Line($"// Apply: {names.Meaning(handler.Word)}");
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
        if (!isAsync)
            writer.Line("RequestNote note = context.Enter();");
        writer.Open("try");
        if (handler.Resolve is not null)
        {
            writer.Line("if (context.HasDeadNet())");
            writer.Inner("return RtnlResult.Error(Errno.ENODEV);");
            writer.Line("if (!context.IsStillResolved())");
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
            writer.Line($"RtnlResult result = context.Complete({call}, mayRunAgain: !again);");
            writer.Line("if (!result.IsNeedsLock)");
            writer.Inner("return result;");
            writer.Line("again = true;");
        }
        writer.Close();
        StraightThunkEmitter.EmitEnd(writer, leaves: !isAsync);
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
