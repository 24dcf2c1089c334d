using System.Threading.Tasks.Sources;

namespace SmallRtnl.Engine.Tests.Exploration.Shims;

/// <summary>Stands for System.Threading.ThreadPool: a work item is a logical task.</summary>
public static class ThreadPool
{
    public static bool UnsafeQueueUserWorkItem(IThreadPoolWorkItem item, bool preferLocal)
    {
        _ = preferLocal;
        Queue(item.Execute);
        return true;
    }

    public static bool UnsafeQueueUserWorkItem<TState>(Action<TState> action, TState state, bool preferLocal)
    {
        _ = preferLocal;
        Queue(() => action(state));
        return true;
    }

    internal static void Queue(Action work) =>
        (Scheduler.Current ?? throw new PropertyViolatedException("Work is queued where no schedule runs.")).Spawn("pool", work);
}

/// <summary>Stands for the core of value task sources: results and continuations are steps, and a second result is refused as in the original.</summary>
public struct ManualResetValueTaskSourceCore<TResult>
{
    private Action<object?>? _continuation;
    private object? _continuationState;
    private Exception? _error;
    private TResult _result;
    private bool _completed;

    public bool RunContinuationsAsynchronously { readonly get; set; }

    public short Version { get; private set; }

    public void Reset()
    {
        Version++;
        _continuation = null;
        _continuationState = null;
        _error = null;
        _result = default!;
        _completed = false;
    }

    public void SetResult(TResult result)
    {
        Scheduler.Step();
        _result = result;
        Complete();
    }

    public void SetException(Exception error)
    {
        Scheduler.Step();
        _error = error;
        Complete();
    }

    public readonly ValueTaskSourceStatus GetStatus(short token)
    {
        Validate(token);
        return !_completed ? ValueTaskSourceStatus.Pending
            : _error is null ? ValueTaskSourceStatus.Succeeded
            : _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public readonly TResult GetResult(short token)
    {
        Validate(token);
        if (!_completed)
            throw new PropertyViolatedException("A result is taken before it is there.");
        if (_error is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_error);
        return _result;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _ = flags;
        Scheduler.Step();
        Validate(token);
        if (_continuation is not null)
            throw new PropertyViolatedException("A waiter is awaited twice.");
        _continuation = continuation;
        _continuationState = state;
        if (_completed)
            ThreadPool.Queue(() => continuation(state));
    }

    private void Complete()
    {
        if (_completed)
            throw new PropertyViolatedException("A waiter is completed twice.");
        _completed = true;
        if (_continuation is not { } continuation)
            return;
        object? state = _continuationState;
        if (RunContinuationsAsynchronously)
            ThreadPool.Queue(() => continuation(state));
        else
            continuation(state);
    }

    private readonly void Validate(short token)
    {
        if (token != Version)
            throw new PropertyViolatedException("A waiter is used after its version has passed.");
    }
}

/// <summary>Stands for the task completion source; its continuations run where it is completed, and do no more than mark their task as ready.</summary>
public sealed class TaskCompletionSource
{
    private readonly System.Threading.Tasks.TaskCompletionSource _inner = new();

    public TaskCompletionSource(TaskCreationOptions options = TaskCreationOptions.None) => _ = options;

    public Task Task => _inner.Task;

    public void SetResult()
    {
        Scheduler.Step();
        _inner.SetResult();
    }

    public bool TrySetResult()
    {
        Scheduler.Step();
        return _inner.TrySetResult();
    }
}

/// <summary>Stands for the concurrent queue: each operation is a step.</summary>
public sealed class ConcurrentQueue<T>
{
    private readonly Queue<T> _items = new();

    public bool IsEmpty
    {
        get
        {
            Scheduler.Step();
            return _items.Count == 0;
        }
    }

    public void Enqueue(T item)
    {
        Scheduler.Step();
        _items.Enqueue(item);
    }

    public bool TryDequeue([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T item)
    {
        Scheduler.Step();
        return _items.TryDequeue(out item);
    }
}
