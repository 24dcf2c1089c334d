namespace SmallRtnl;

/// <summary>
/// A lock of a user's own, held until disposed. Lives on the stack, so it cannot cross an await or leave its scope; until then assertions
/// without an argument find its owner on this thread. A copy that outlives the release is refused by its version.
/// </summary>
public ref struct LockClassLease
{
    private readonly RtnlContext? _owner;
    private readonly RtnlContext? _previous;
    private readonly uint _version;
    private LockClass? _held;

    internal LockClassLease(LockClass held, RtnlContext owner)
    {
        _held = held;
        _version = held.Version;
        _owner = owner;
        _previous = owner.Note();
    }

    /// <summary>Releases the lock.</summary>
    /// <exception cref="InvalidOperationException">A copy of it was disposed before.</exception>
    public void Dispose()
    {
        LockClass? held = _held;
        _held = null;
        if (held is null)
            return;
        if (ReferenceEquals(RtnlContext.Current, _owner))
            RtnlContext.RestoreNote(_previous);
        if (held.Version == _version)
            held.Release();
        // The end of its owner has released and reported it.
        else if (!_owner!.IsEnded)
            AsyncRtnlLease.ThrowDisposed();
    }
}

/// <summary>A lock of a user's own, held across awaits. A second dispose is refused by its version.</summary>
public readonly struct AsyncLockClassLease : IDisposable
{
    private readonly LockClass? _held;
    private readonly uint _version;

    internal AsyncLockClassLease(LockClass held)
    {
        _held = held;
        _version = held.Version;
    }

    /// <summary>Releases the lock.</summary>
    /// <exception cref="InvalidOperationException">It was disposed before, or its owner has ended.</exception>
    public void Dispose()
    {
        if (_held is null)
            return;
        if (_held.Version != _version)
            throw new InvalidOperationException("The lease has been disposed already.");
        _held.Release();
    }
}
