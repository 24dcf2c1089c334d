namespace SmallRtnl;

/// <summary>Waits for a lock that must be had within a time: a cancellation that the caller is not told of as one.</summary>
internal static class LockTimeout
{
    /// <summary>A time that can be waited for.</summary>
    public static TimeSpan Checked(TimeSpan timeout)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromMilliseconds(int.MaxValue));
        }
        return timeout;
    }

    public static async ValueTask<AsyncRtnlLease?> TryWaitAsync(
        TimeSpan timeout,
        Func<CancellationToken, ValueTask> acquire,
        RtnlContext context,
        CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(Checked(timeout));
        try
        {
            await acquire(timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
        return new AsyncRtnlLease(context);
    }
}
