namespace SmallRtnl.Engine.Tests.Exploration.Shims;

/// <summary>Stands for System.Threading.CancellationTokenSource: callbacks run on who cancels, and leaving one waits for it if it runs.</summary>
public sealed class CancellationTokenSource
{
    private readonly List<Callback> _callbacks = [];
    private bool _cancelled;

    public CancellationToken Token => new(this);

    internal bool IsCancelled => _cancelled;

    public void Cancel()
    {
        Scheduler.Step();
        if (_cancelled)
            return;
        _cancelled = true;
        while (_callbacks.Count > 0)
        {
            Callback callback = _callbacks[^1];
            _callbacks.RemoveAt(_callbacks.Count - 1);
            callback.RunsOn = Scheduler.Current is null ? null : Scheduler.CurrentTask;
            callback.IsRunning = true;
            Scheduler.Step();
            callback.Action(callback.State, Token);
            Scheduler.Step();
            callback.IsRunning = false;
        }
    }

    internal CancellationTokenRegistration Register(Action<object?, CancellationToken> action, object? state)
    {
        Scheduler.Step();
        if (_cancelled)
        {
            action(state, Token);
            return default;
        }
        var callback = new Callback(action, state);
        _callbacks.Add(callback);
        return new CancellationTokenRegistration(this, callback);
    }

    internal void Leave(Callback callback)
    {
        Scheduler.Step();
        if (_callbacks.Remove(callback) || !callback.IsRunning || Scheduler.Current is not { } scheduler || callback.RunsOn == Scheduler.CurrentTask)
            return;
        scheduler.BlockUntil(() => !callback.IsRunning, "a cancellation's callback");
    }

    internal sealed class Callback(Action<object?, CancellationToken> action, object? state)
    {
        public Action<object?, CancellationToken> Action { get; } = action;

        public object? State { get; } = state;

        public bool IsRunning { get; set; }

        public LogicalTask? RunsOn { get; set; }
    }
}

/// <summary>Stands for System.Threading.CancellationToken.</summary>
public readonly struct CancellationToken
{
    private readonly CancellationTokenSource? _source;

    internal CancellationToken(CancellationTokenSource source) => _source = source;

    public static CancellationToken None => default;

    public bool CanBeCanceled => _source is not null;

    public bool IsCancellationRequested
    {
        get
        {
            if (_source is null)
                return false;
            Scheduler.Step();
            return _source.IsCancelled;
        }
    }

    public static implicit operator System.Threading.CancellationToken(CancellationToken token) => token.ToCancellationToken();

    public static implicit operator CancellationToken(System.Threading.CancellationToken token) => FromCancellationToken(token);

    public System.Threading.CancellationToken ToCancellationToken() => new(_source is { IsCancelled: true });

    /// <summary>What is not explored cancels nothing.</summary>
    public static CancellationToken FromCancellationToken(System.Threading.CancellationToken token)
    {
        _ = token;
        return None;
    }

    public void ThrowIfCancellationRequested()
    {
        if (IsCancellationRequested)
            throw new OperationCanceledException();
    }

    public CancellationTokenRegistration UnsafeRegister(Action<object?, CancellationToken> callback, object? state) => _source?.Register(callback, state) ?? default;
}

/// <summary>Stands for System.Threading.CancellationTokenRegistration.</summary>
public readonly struct CancellationTokenRegistration : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource? _source;
    private readonly CancellationTokenSource.Callback? _callback;

    internal CancellationTokenRegistration(CancellationTokenSource source, CancellationTokenSource.Callback callback)
    {
        _source = source;
        _callback = callback;
    }

    public void Dispose() => _source?.Leave(_callback!);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
