namespace SmallRtnl;

/// <summary>A lock of a user's own, held until disposed. Lives on the stack, so it cannot cross an await or leave its scope.</summary>
public ref struct LockClassLease
{
    private LockClass? _held;

    internal LockClassLease(LockClass held) => _held = held;

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        LockClass? held = _held;
        _held = null;
        held?.Release();
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
