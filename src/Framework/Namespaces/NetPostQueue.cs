using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl;

/// <summary>
/// Work posted to a namespace from requests that do not hold it: run one after another under its own RTNL, each with a context of its
/// own, after the poster's locks are gone.
/// </summary>
internal sealed class NetPostQueue(Net net) : IThreadPoolWorkItem
{
    private readonly Lock _sync = new();
    private readonly Queue<Action<RtnlContext>> _actions = new();
    private List<TaskCompletionSource>? _flushes;
    private bool _draining;

    public bool IsBusy
    {
        get
        {
            lock (_sync)
                return _draining;
        }
    }

    public void Post(Action<RtnlContext> action)
    {
        lock (_sync)
        {
            _actions.Enqueue(action);
            if (_draining)
                return;
            _draining = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public Task FlushAsync(RtnlContext? context)
    {
        if ((context ?? RtnlContext.Current) is { HeldWord: not HeldLock.None } holder)
        {
            throw RtnlContext.Refusal(
                $"A flush would wait for work that needs a lock this request holds; {holder.DescribeHeld()}.",
                Lockdep.IsEnabled ? Lockdep.ExplainRefusal(holder, LockdepWait.PostQueueFlush, this) : null);
        }
        LockdepWait.PostQueueFlush.Waiting(context, this);
        lock (_sync)
        {
            if (!_draining)
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
        while (TryTake(out Action<RtnlContext>? action))
        {
            try
            {
                await context.AcquireNetAsync(net, CancellationToken.None).ConfigureAwait(false);
                context.RunPosted(net, action);
                context.RunAfter();
            }
            catch (Exception exception)
            {
                // One piece of work that fails takes nothing with it, least of all what is queued behind it.
                net.Registry.PostFailed(net, exception);
            }
        }
    }

    /// <summary>The next piece of work; without any the drain is over, and so are the flushes that waited for it.</summary>
    private bool TryTake([NotNullWhen(true)] out Action<RtnlContext>? action)
    {
        List<TaskCompletionSource>? flushes;
        lock (_sync)
        {
            if (_actions.TryDequeue(out action))
                return true;
            _draining = false;
            (flushes, _flushes) = (_flushes, null);
        }
        foreach (TaskCompletionSource flush in flushes ?? [])
            flush.SetResult();
        return false;
    }
}
