using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// RTNL itself: entered shared by per-net work and exclusively by <see cref="RtnlLock.Rtnl"/>. Phase-fair in batches: an exclusive
/// phase serves the exclusives that were queued when it began, at most <see cref="MaxExclusiveBatch"/> of them, then every waiting
/// shared entry is let in, so neither side starves and a few unconverted handlers do not cost each converted one its turn.
/// </summary>
/// <remarks>Thread-safe. The owner of an entry is an <see cref="RtnlContext"/>, never a thread.</remarks>
public sealed partial class RtnlGate
{
    internal RtnlGate(RtnlMode mode, int maxExclusiveBatch, int stripes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxExclusiveBatch);
        _shared = new StripedCounter(stripes > 0 ? stripes : Environment.ProcessorCount);
        Mode = mode;
        MaxExclusiveBatch = maxExclusiveBatch;
    }

    /// <summary>What <see cref="RtnlLock.PerNet"/> takes.</summary>
    public RtnlMode Mode { get; }

    /// <summary>How many exclusives an exclusive phase serves at most while shared entries wait.</summary>
    public int MaxExclusiveBatch { get; }

    /// <summary>Takes the whole of RTNL; blocks the thread while it waits.</summary>
    /// <exception cref="RtnlAssertionException">The context holds a lock already.</exception>
    [Acquires(RtnlLock.Rtnl)]
    public RtnlLease Lock(
        RtnlContext context,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member, blocks: true);
        context.TryAcquireRtnl(this, Timeout.InfiniteTimeSpan);
        return new RtnlLease(context);
    }

    /// <summary>Takes the whole of RTNL if nobody is in the way.</summary>
    [Acquires(RtnlLock.Rtnl)]
    public bool TryLock(
        RtnlContext context,
        out RtnlLease lease,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member);
        return RtnlLease.Of(context.TryAcquireRtnl(this), context, out lease);
    }

    /// <summary>Takes the whole of RTNL; waiting blocks no thread.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    [Acquires(RtnlLock.Rtnl)]
    public ValueTask<AsyncRtnlLease> LockAsync(
        RtnlContext context,
        CancellationToken cancellation = default,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member);
        return context.LeaseRtnlAsync(this, cancellation);
    }

    /// <summary>Takes the whole of RTNL if it can be had within a time; blocks the thread while it waits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not <see cref="Timeout.InfiniteTimeSpan"/>, or too long for a timer.</exception>
    [Acquires(RtnlLock.Rtnl)]
    public bool TryLock(
        RtnlContext context,
        TimeSpan timeout,
        out RtnlLease lease,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member, blocks: true);
        return RtnlLease.Of(context.TryAcquireRtnl(this, LockTimeout.Checked(timeout)), context, out lease);
    }

    /// <summary>Takes the whole of RTNL if it can be had within a time; waiting blocks no thread.</summary>
    /// <returns>Null once the time is over: nothing is held.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    [Acquires(RtnlLock.Rtnl)]
    public ValueTask<AsyncRtnlLease?> TryLockAsync(
        RtnlContext context,
        TimeSpan timeout,
        CancellationToken cancellation = default,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member);
        return LockTimeout.TryWaitAsync(timeout, token => context.AcquireRtnlAsync(this, token), context, cancellation);
    }

    /// <summary>
    /// Locks the namespace that <paramref name="device"/> is in: reads it, locks, looks again, and starts afresh if the
    /// object moved meanwhile (<c>rtnl_net_dev_lock</c>).
    /// </summary>
    [Acquires(RtnlLock.PerNet)]
    public RtnlLease LockNetOf(
        INetObject device,
        RtnlContext context,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        while (true)
        {
            Net net = NetOf(device);
            RtnlLease lease = net.Lock(context, file, line, member);
            if (IsIn(device, net, context))
                return lease;
            lease.Dispose();
        }
    }

    /// <summary>Like <see cref="LockNetOf"/>, if nobody is in the way.</summary>
    [Acquires(RtnlLock.PerNet)]
    public bool TryLockNetOf(
        INetObject device,
        RtnlContext context,
        out RtnlLease lease,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        while (true)
        {
            Net net = NetOf(device);
            if (!net.TryLock(context, out lease, file, line, member))
                return false;
            if (IsIn(device, net, context))
                return true;
            lease.Dispose();
        }
    }

    /// <summary>Like <see cref="LockNetOf"/>, without blocking a thread.</summary>
    [Acquires(RtnlLock.PerNet)]
    public async ValueTask<AsyncRtnlLease> LockNetOfAsync(
        INetObject device,
        RtnlContext context,
        CancellationToken cancellation = default,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        while (true)
        {
            Net net = NetOf(device);
            AsyncRtnlLease lease = await net.LockAsync(context, cancellation, file, line, member).ConfigureAwait(false);
            if (IsIn(device, net, context))
                return lease;
            lease.Dispose();
        }
    }

    /// <summary>Visits every namespace under RTNL, which the context must hold.</summary>
    [RequiresLock(RtnlLock.Rtnl)]
    public static void ForEachNet(NetRegistry registry, RtnlContext context, Action<Net> visit)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(visit);
        RtnlAssert.Held(context);
        foreach (Net net in registry.All())
            visit(net);
    }

    /// <summary>What its locks cost; null for a gate without a host.</summary>
    internal RtnlStatistics? Statistics { get; set; }

    /// <summary>Looks again, with the lock held that is to be the device's.</summary>
    private static bool IsIn(INetObject device, Net net, RtnlContext context)
    {
        try
        {
            return ReferenceEquals(net, device.Net);
        }
        catch
        {
            context.ReleaseLocks();
            throw;
        }
    }

    private Net NetOf(INetObject device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Net net = device.Net;
        return ReferenceEquals(net.Registry.Gate, this) ? net : throw new ArgumentException("The object belongs to another host's RTNL.", nameof(device));
    }
}
