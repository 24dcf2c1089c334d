using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// A lock of a user's own: derive a class, and each instance is a lock of it. Granted to requests, not threads; FIFO; waiting by
/// <see cref="LockAsync"/> blocks no thread. For what <c>Unlocked</c> writers change, and what is finer than a namespace.
/// </summary>
/// <remarks>
/// Thread-safe. Not recursive. Two locks of one class may be held together only where the class says in which order, by overriding
/// <see cref="CompareOrder"/>; the order towards other classes may be declared by <see cref="LockOrderAttribute"/>, and is learned by
/// <see cref="Lockdep"/>.
/// </remarks>
public abstract class LockClass
{
    private readonly NetMutex _mutex = new();
    private readonly StripedCounter? _acquisitions;
    private RtnlContext? _owner;
    private long _heldSince;
    private uint _version;

    /// <summary>Makes a lock.</summary>
    /// <param name="label">What reports call this instance, where there are several of its class.</param>
    protected LockClass(string? label = null)
    {
        Label = label;
        (Statistics, StripedCounter acquisitions) = UserLockStatistics.Of(GetType());
        _acquisitions = RtnlStatistics.IsEnabled ? acquisitions : null;
        if (Lockdep.IsEnabled)
            Class = LockdepClass.OfUser(this);
    }

    /// <summary>What reports call this instance.</summary>
    public string? Label { get; }

    /// <summary>What the locks of this class cost, all together: exact counts, wait and hold times wherever somebody waited.</summary>
    public LockStatistics Statistics { get; }

    internal LockdepClass? Class { get; }

    /// <summary>Moves with every release, so that a lease disposed twice is recognised.</summary>
    internal uint Version => Volatile.Read(ref _version);

    /// <summary>Takes the lock; blocks the thread while it waits.</summary>
    /// <exception cref="RtnlAssertionException">The context holds it already.</exception>
    [Acquires(typeof(LockClass))]
    public LockClassLease Lock(
        RtnlContext context,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        if (!TryBegin(context, new LockdepCall(file, line, member, Blocks: true)))
            Block(context);
        return new LockClassLease(this, context);
    }

    /// <summary>Takes the lock if it is free.</summary>
    [Acquires(typeof(LockClass))]
    public bool TryLock(
        RtnlContext context,
        out LockClassLease lease,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.ThrowIfAcquiring();
        lease = default;
        if (!_mutex.TryAcquire())
            return false;
        _owner = context;
        Count();
        if (Lockdep.IsEnabled)
            RecordAttempt(context, new LockdepCall(file, line, member));
        lease = new LockClassLease(this, context);
        return true;
    }

    /// <summary>Takes the lock; waiting blocks no thread.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the lock is not held.</exception>
    /// <exception cref="RtnlAssertionException">The context holds it already.</exception>
    [Acquires(typeof(LockClass))]
    public ValueTask<AsyncLockClassLease> LockAsync(
        RtnlContext context,
        CancellationToken cancellation = default,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string? member = null)
    {
        ValueTask acquiring = AcquireAsync(context, new LockdepCall(file, line, member), cancellation);
        if (!acquiring.IsCompletedSuccessfully)
            return Awaited(this, acquiring);
        acquiring.GetAwaiter().GetResult();
        return new ValueTask<AsyncLockClassLease>(new AsyncLockClassLease(this));

        static async ValueTask<AsyncLockClassLease> Awaited(LockClass self, ValueTask acquiring)
        {
            await acquiring.ConfigureAwait(false);
            return new AsyncLockClassLease(self);
        }
    }

    /// <summary>Whether <paramref name="context"/> holds it.</summary>
    public bool IsHeldBy(RtnlContext context) => context is not null && ReferenceEquals(Volatile.Read(ref _owner), context);

    /// <inheritdoc/>
    public override string ToString() => Label is null ? GetType().Name : $"{GetType().Name} {Label}";

    /// <summary>
    /// The order among locks of the class: below zero if this one is taken before <paramref name="other"/>, above zero if after it, zero
    /// where there is none, so that the two may not be held together.
    /// </summary>
    protected internal virtual int CompareOrder(LockClass other) => 0;

    internal void Release()
    {
        RtnlContext? owner = _owner;
        if (Lockdep.IsEnabled && owner is not null)
            Lockdep.Released(owner, this);
        End();
    }

    /// <summary>Its owner is done and has forgotten it.</summary>
    internal void ReleaseForgotten(RtnlContext context)
    {
        if (IsHeldBy(context))
            End();
    }

    private void Count() => _acquisitions?.Count(_acquisitions.CurrentStripe());

    /// <summary>By the holder, who has waited.</summary>
    private void CountWaited(long since)
    {
        if (_acquisitions is null)
            return;
        Count();
        _heldSince = Stopwatch.GetTimestamp();
        Statistics.CountContention();
        Statistics.Wait.Record(_heldSince - since);
    }

    private void End()
    {
        if (_heldSince != 0)
        {
            Statistics.Hold.Record(Stopwatch.GetTimestamp() - _heldSince);
            _heldSince = 0;
        }
        _owner = null;
        Volatile.Write(ref _version, _version + 1);
        _mutex.Release();
    }

    private ValueTask AcquireAsync(RtnlContext context, LockdepCall call, CancellationToken cancellation) =>
        TryBegin(context, call) ? default : ContendedAsync(context, cancellation);

    /// <returns>Whether it was free.</returns>
    /// <exception cref="RtnlAssertionException">The context holds it already.</exception>
    private bool TryBegin(RtnlContext context, LockdepCall call)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.ThrowIfAcquiring();
        if (Lockdep.IsEnabled)
            Lockdep.Acquiring(context, this, isTry: false, in call);
        if (_mutex.TryAcquire())
        {
            _owner = context;
            Count();
            return true;
        }
        if (!IsHeldBy(context))
            return false;
        // Last in, so it is this attempt that is forgotten.
        if (Lockdep.IsEnabled)
            Lockdep.Released(context, this);
        throw new RtnlAssertionException($"{this} was asked for by a request that holds it already.");
    }

    private void Block(RtnlContext context)
    {
        long since = Stopwatch.GetTimestamp();
        context.BeginUserWait();
        _mutex.Acquire(context);
        _owner = context;
        context.EndUserWait();
        CountWaited(since);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ContendedAsync(RtnlContext context, CancellationToken cancellation)
    {
        long since = Stopwatch.GetTimestamp();
        context.BeginUserWait();
        try
        {
            await _mutex.AcquireAsync(context, cancellation).ConfigureAwait(false);
            _owner = context;
            CountWaited(since);
        }
        catch
        {
            if (Lockdep.IsEnabled)
                Lockdep.Released(context, this);
            throw;
        }
        finally
        {
            context.EndUserWait();
        }
    }

    private void RecordAttempt(RtnlContext context, in LockdepCall call)
    {
        try
        {
            Lockdep.Acquiring(context, this, isTry: true, in call);
        }
        catch
        {
            End();
            throw;
        }
    }
}
