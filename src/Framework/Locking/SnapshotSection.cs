namespace SmallRtnl;

/// <summary>
/// A read-side section of ordinary code (<c>rcu_read_lock</c>): one immutable version of a namespace, in which nothing changes and nobody is
/// kept waiting. Lives on the stack, so it cannot cross an await.
/// </summary>
/// <remarks>
/// Taking RTNL inside is refused. With <see cref="Lockdep"/> on, a thread that blocks inside (a wait for a task, an event, a semaphore, another
/// thread; not a sleep, nor a contended <c>lock</c>, which is taken for a short one) is reported, and so is an await that was started there.
/// </remarks>
public ref struct SnapshotSection
{
    private readonly RtnlContext? _previous;
    private readonly bool _pins;
    private readonly bool _isGuarded;
    private RtnlContext? _reader;

    internal SnapshotSection(Net net, RtnlContext context)
    {
        context.ThrowIfAcquiring();
        _reader = context;
        // Under a lock, or inside another section, there is nothing to enter.
        _pins = context.HeldWord == HeldLock.None;
        if (_pins)
            context.PinSnapshot(net);
        Snapshot = context.SnapshotOf(net);
        _previous = context.Note();
        if (Lockdep.IsEnabled && _pins)
        {
            context.IsNotedByLease = true;
            _isGuarded = SnapshotGuard.TryEnter(context);
        }
    }

    /// <summary>The version that is read.</summary>
    public NetSnapshot Snapshot { get; }

    /// <summary>Ends the section; the version itself may be kept.</summary>
    public void Dispose()
    {
        RtnlContext? reader = _reader;
        _reader = null;
        if (reader is null)
            return;
        if (_isGuarded)
            SnapshotGuard.Leave();
        RtnlContext.RestoreNote(RtnlContext.StillHolding(_previous));
        if (!_pins)
            return;
        reader.IsNotedByLease = false;
        reader.UnpinSnapshot();
    }
}
