using System.Collections.Concurrent;

namespace SmallRtnl;

/// <summary>
/// Work posted to a namespace from requests that do not hold it: run one after another under its own RTNL, each with a context of its
/// own, after the poster's locks are gone.
/// </summary>
internal sealed class NetPostQueue(Net net) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<Action<RtnlContext>> _actions = new();
    private readonly Lock _flushSync = new();
    private List<TaskCompletionSource>? _flushes;
    private int _pending;

    public void Post(Action<RtnlContext> action)
    {
        _actions.Enqueue(action);
        if (Interlocked.Increment(ref _pending) == 1)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public Task FlushAsync()
    {
        if (RtnlContext.Current is { HeldWord: not HeldLock.None } holder)
        {
            throw RtnlContext.Refusal(
                $"A flush would wait for work that needs a lock this request holds; {holder.DescribeHeld()}.",
                Lockdep.IsEnabled ? Lockdep.ExplainRefusal(holder, LockdepWait.PostQueueFlush, this) : null);
        }
        LockdepWait.PostQueueFlush.Waiting(instance: this);
        lock (_flushSync)
        {
            if (Volatile.Read(ref _pending) == 0)
                return Task.CompletedTask;
            var flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_flushes ??= []).Add(flush);
            return flush.Task;
        }
    }

    public void Execute() => _ = DrainAsync();

    private async Task DrainAsync()
    {
        using var context = RtnlContext.Create();
        using LockdepWait.Work work = LockdepWait.PostQueueFlush.BeginWork(context, this);
        do
        {
            if (!_actions.TryDequeue(out Action<RtnlContext>? action))
                continue;
            await context.AcquireNetAsync(net, CancellationToken.None).ConfigureAwait(false);
            try
            {
                context.RunPosted(net, action);
                context.RunAfter();
            }
            catch (Exception exception)
            {
                // One piece of work that fails takes nothing with it, least of all what is queued behind it.
                net.Registry.PostFailed(net, exception);
            }
        }
        while (Interlocked.Decrement(ref _pending) > 0);

        lock (_flushSync)
        {
            if (_flushes is null || Volatile.Read(ref _pending) != 0)
                return;
            foreach (TaskCompletionSource flush in _flushes)
                flush.SetResult();
            _flushes = null;
        }
    }
}
