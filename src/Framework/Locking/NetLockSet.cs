using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// Up to <see cref="Capacity"/> namespaces to be locked together, kept sorted (the initial namespace first, then ascending id) and
/// without duplicates (<c>struct rtnl_nets</c>). The order is what makes nesting them free of deadlock.
/// </summary>
public struct NetLockSet
{
    /// <summary>Source, target, and link or peer.</summary>
    public const int Capacity = 3;

    private Nets _nets;

    internal NetLockSet(Net single)
    {
        _nets[0] = single;
        Count = 1;
    }

    /// <summary>How many namespaces are in the set.</summary>
    public int Count { get; private set; }

    /// <summary>The namespaces in lock order.</summary>
    public readonly Net this[int index] => index < Count ? _nets[index]! : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Makes a set.</summary>
    /// <exception cref="InvalidOperationException">More than <see cref="Capacity"/> different namespaces.</exception>
    public static NetLockSet Of(params ReadOnlySpan<Net> nets)
    {
        var set = default(NetLockSet);
        foreach (Net net in nets)
            set.Add(net);
        return set;
    }

    /// <summary>Adds a namespace; one that is there already changes nothing.</summary>
    /// <exception cref="ArgumentException">It belongs to another host.</exception>
    /// <exception cref="InvalidOperationException">The set is full.</exception>
    public void Add(Net net)
    {
        ArgumentNullException.ThrowIfNull(net);
        if (Count > 0 && !ReferenceEquals(net.Gate, _nets[0]!.Gate))
            throw new ArgumentException($"Namespace {net} belongs to another host than {_nets[0]}, and so to another RTNL.", nameof(net));
        int at = Count;
        while (at > 0 && Net.CompareLockOrder(net, _nets[at - 1]!) <= 0)
        {
            if (ReferenceEquals(net, _nets[at - 1]))
                return;
            at--;
        }
        if (Count == Capacity)
            throw new InvalidOperationException($"At most {Capacity} namespaces can be locked at once.");
        for (int i = Count; i > at; i--)
            _nets[i] = _nets[i - 1];
        _nets[at] = net;
        Count++;
    }

    /// <summary>Whether a namespace is in the set.</summary>
    public readonly bool Contains(Net net)
    {
        for (int i = 0; i < Count; i++)
        {
            if (ReferenceEquals(_nets[i], net))
                return true;
        }
        return false;
    }

    /// <summary>Locks all of them; blocks the thread while it waits.</summary>
    [Acquires(RtnlLock.PerNet)]
    public readonly RtnlLease Lock(
        RtnlContext context,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member, blocks: true);
        context.TryAcquireNets(in this, Timeout.InfiniteTimeSpan);
        return new RtnlLease(context);
    }

    /// <summary>Locks all of them or none.</summary>
    [Acquires(RtnlLock.PerNet)]
    public readonly bool TryLock(
        RtnlContext context,
        out RtnlLease lease,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member);
        return RtnlLease.Of(context.TryAcquireNets(in this), context, out lease);
    }

    /// <summary>Locks all of them; waiting blocks no thread, and a cancelled wait leaves nothing held.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    [Acquires(RtnlLock.PerNet)]
    public readonly ValueTask<AsyncRtnlLease> LockAsync(
        RtnlContext context,
        CancellationToken cancellation = default,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member);
        return context.LeaseNetsAsync(in this, cancellation);
    }

    /// <summary>Locks all of them if they can be had within a time, or none; blocks the thread while it waits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not <see cref="Timeout.InfiniteTimeSpan"/>, or too long for a timer.</exception>
    [Acquires(RtnlLock.PerNet)]
    public readonly bool TryLock(
        RtnlContext context,
        TimeSpan timeout,
        out RtnlLease lease,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member, blocks: true);
        return RtnlLease.Of(context.TryAcquireNets(in this, LockTimeout.Checked(timeout)), context, out lease);
    }

    /// <summary>Locks all of them if they can be had within a time, or none; waiting blocks no thread.</summary>
    /// <returns>Null once the time is over: nothing is held.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is held.</exception>
    [Acquires(RtnlLock.PerNet)]
    public readonly ValueTask<AsyncRtnlLease?> TryLockAsync(
        RtnlContext context,
        TimeSpan timeout,
        CancellationToken cancellation = default,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CalledFrom(file, line, member);
        NetLockSet nets = this;
        return LockTimeout.TryWaitAsync(timeout, token => context.AcquireNetsAsync(in nets, token), context, cancellation);
    }

    [InlineArray(Capacity)]
    private struct Nets
    {
        private Net? _first;
    }
}
