namespace SmallRtnl;

/// <summary>
/// Runs the continuations of an asynchronous handler: sets the owner's note before each and clears it after, so that argument-less
/// assertions answer for the request and not for the thread. Owned by one <see cref="RequestContext"/> and reused with it.
/// </summary>
internal sealed class RtnlSynchronizationContext(RequestContext owner) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) =>
        ThreadPool.UnsafeQueueUserWorkItem(static item => item.Self.Run(item.Callback, item.State), (Self: this, Callback: d, State: state), preferLocal: true);

    public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

    public override SynchronizationContext CreateCopy() => this;

    public async ValueTask<RtnlResult> RunAsync<TState>(TState state, Func<RequestContext, TState, ValueTask<RtnlResult>> handler)
    {
        ValueTask<RtnlResult> running;
        SynchronizationContext? previous = Current;
        RtnlContext? note = owner.Note();
        SetSynchronizationContext(this);
        try
        {
            running = handler(owner, state);
        }
        finally
        {
            SetSynchronizationContext(previous);
            RtnlContext.RestoreNote(note);
        }
        return await running.ConfigureAwait(false);
    }

    private void Run(SendOrPostCallback callback, object? state)
    {
        SynchronizationContext? previous = Current;
        RtnlContext? note = owner.Note();
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(previous);
            RtnlContext.RestoreNote(note);
        }
    }
}
