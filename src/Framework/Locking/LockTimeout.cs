namespace SmallRtnl;

/// <summary>Waits for a lock that must be had within a time: a cancellation that the caller is not told of as one.</summary>
internal static class LockTimeout
{
    public static bool TryWait(TimeSpan timeout, Func<CancellationToken, ValueTask> acquire, RtnlContext context, out RtnlLease lease)
    {
        using var timer = new CancellationTokenSource(timeout);
        try
        {
            RtnlContext.Wait(acquire(timer.Token));
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            lease = default;
            return false;
        }
        lease = new RtnlLease(context);
        return true;
    }

    public static async ValueTask<AsyncRtnlLease?> TryWaitAsync(
        TimeSpan timeout,
        Func<CancellationToken, ValueTask> acquire,
        RtnlContext context,
        CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(timeout);
        try
        {
            await acquire(timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        return new AsyncRtnlLease(context);
    }
}
