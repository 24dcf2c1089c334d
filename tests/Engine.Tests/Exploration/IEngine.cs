using ShimToken = SmallRtnl.Engine.Tests.Exploration.Shims.CancellationToken;

namespace SmallRtnl.Engine.Tests.Exploration;

/// <summary>The engine as compiled for exploration, from its own source or from a mutation of it.</summary>
public interface IEngine
{
    /// <summary>A net mutex alone.</summary>
    ILockUnderTest CreateMutex();

    /// <summary>The gate alone.</summary>
    IGateUnderTest CreateGate(int maxExclusiveBatch, int stripes);

    /// <summary>A lock of a user's own class.</summary>
    IUserLockUnderTest CreateUserLock();

    /// <summary>A registry with its gate and initial namespace.</summary>
    IHostUnderTest CreateHost(ExploredMode mode, int maxExclusiveBatch);
}

/// <summary>RtnlMode, whose type in the explored engine is another one.</summary>
public enum ExploredMode
{
    PerNet = RtnlMode.PerNet,
    Nested = RtnlMode.Nested,
    BigLock = RtnlMode.BigLock,
}

/// <summary>A lock whose owners are made for it.</summary>
public interface ILockUnderTest
{
    bool TryAcquire();

    /// <summary>Makes somebody who may own it.</summary>
    IWaiterUnderTest CreateWaiter();

    void Release();
}

/// <summary>Somebody who wants a lock.</summary>
public interface IWaiterUnderTest
{
    ValueTask AcquireAsync(ShimToken cancellation = default);
}

/// <summary>A lock of a user's own class, which knows its owner.</summary>
public interface IUserLockUnderTest
{
    IUserLockOwnerUnderTest CreateOwner();
}

/// <summary>Somebody who wants a lock of a user's own class.</summary>
public interface IUserLockOwnerUnderTest
{
    bool IsOwner { get; }

    bool TryLock();

    ValueTask LockAsync(ShimToken cancellation = default);

    void Unlock();
}

/// <summary>The gate alone, entered by entries made for it.</summary>
public interface IGateUnderTest
{
    IGateEntryUnderTest CreateEntry();
}

/// <summary>Somebody who enters the gate.</summary>
public interface IGateEntryUnderTest
{
    bool TryEnterExclusive();

    ValueTask EnterExclusiveAsync(ShimToken cancellation = default);

    ValueTask EnterSharedAsync(ShimToken cancellation = default);

    void ExitExclusive();

    void ExitShared();
}

/// <summary>A host's locks and namespaces.</summary>
public interface IHostUnderTest
{
    INetUnderTest Initial { get; }

    /// <summary>The living namespaces in order.</summary>
    IReadOnlyList<INetUnderTest> All();

    /// <summary>Runs in each teardown, under its lock.</summary>
    Action<INetUnderTest>? OnExit { get; set; }

    INetUnderTest? Create(string name);

    bool Delete(string name);

    Task FlushTeardownsAsync();

    IOwnerUnderTest CreateOwner();

    IDeviceUnderTest CreateDevice(INetUnderTest net);
}

/// <summary>A namespace.</summary>
public interface INetUnderTest
{
    int Number { get; }

    bool IsDead { get; }

    int Users { get; }

    bool TryAddUser();

    void RemoveUser();

    void Post(Action action);

    Task FlushAsync();
}

/// <summary>An owner of locks.</summary>
public interface IOwnerUnderTest
{
    ValueTask LockRtnlAsync(ShimToken cancellation = default);

    ValueTask LockAsync(INetUnderTest[] nets, ShimToken cancellation = default);

    /// <summary>Locks the namespace that a device is in.</summary>
    ValueTask LockNetOfAsync(IDeviceUnderTest device, ShimToken cancellation = default);

    /// <summary>Locks the namespace that a device is in, as synchronous code does.</summary>
    void LockNetOf(IDeviceUnderTest device);

    /// <summary>Locks as synchronous code does.</summary>
    void Lock(INetUnderTest[] nets);

    bool TryLockRtnl();

    bool TryLock(params INetUnderTest[] nets);

    bool Holds(INetUnderTest net);

    void Unlock();
}

/// <summary>An object that moves between namespaces.</summary>
public interface IDeviceUnderTest
{
    INetUnderTest Net { get; set; }
}
