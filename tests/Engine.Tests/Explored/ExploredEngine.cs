// Compiled with the engine's source in the test, never in this project: here the types are those of the explored engine.
namespace SmallRtnl;

using Microsoft.Extensions.Logging;
using SmallRtnl.Engine.Tests.Exploration;
using SmallRtnl.Engine.Tests.Exploration.Shims;
using Mode = global::SmallRtnl.Engine.Tests.Exploration.ExploredMode;

public sealed class ExploredEngine : IEngine
{
    public ILockUnderTest CreateMutex() => new Mutex(new NetMutex());

    public IGateUnderTest CreateGate(int maxExclusiveBatch, int stripes) => new Gate(new RtnlGate(RtnlMode.PerNet, maxExclusiveBatch, stripes));

    public IUserLockUnderTest CreateUserLock() => new UserLock();

    public IHostUnderTest CreateHost(Mode mode, int maxExclusiveBatch) => new Host(new RtnlGate((RtnlMode)(int)mode, maxExclusiveBatch, stripes: 2));

    private sealed class Mutex(NetMutex mutex) : ILockUnderTest
    {
        public bool TryAcquire() => mutex.TryAcquire();

        public IWaiterUnderTest CreateWaiter() => new Waiter(mutex);

        public void Release() => mutex.Release();
    }

    private sealed class Waiter(NetMutex mutex) : IWaiterUnderTest
    {
        private readonly RtnlContext _context = RtnlContext.Create();

        public ValueTask AcquireAsync(CancellationToken cancellation) => mutex.AcquireAsync(_context, cancellation);
    }

    private sealed class UserLock : LockClass, IUserLockUnderTest
    {
        public IUserLockOwnerUnderTest CreateOwner() => new UserLockOwner(this);
    }

    private sealed class UserLockOwner(UserLock wanted) : IUserLockOwnerUnderTest
    {
        private readonly RtnlContext _context = RtnlContext.Create();
        private AsyncLockClassLease _lease;

        public bool IsOwner => wanted.IsHeldBy(_context);

        public bool TryLock()
        {
            bool locked = wanted.TryLock(_context, out _);
            if (locked)
                _lease = new AsyncLockClassLease(wanted);
            return locked;
        }

        public async ValueTask LockAsync(CancellationToken cancellation) => _lease = await wanted.LockAsync(_context, cancellation).ConfigureAwait(false);

        public void Unlock() => _lease.Dispose();
    }

    private sealed class Gate(RtnlGate gate) : IGateUnderTest
    {
        public IGateEntryUnderTest CreateEntry() => new Entry(gate);
    }

    private sealed class Entry(RtnlGate gate) : IGateEntryUnderTest
    {
        private readonly RtnlContext _context = RtnlContext.Create();

        public bool TryEnterExclusive() => gate.TryEnterExclusive(_context);

        public ValueTask EnterExclusiveAsync(CancellationToken cancellation) => gate.EnterExclusiveAsync(_context, cancellation);

        public ValueTask EnterSharedAsync(CancellationToken cancellation) => gate.EnterSharedAsync(_context, cancellation);

        public void ExitExclusive() => gate.ExitExclusive();

        public void ExitShared() => _context.ExitRegistry(gate);
    }

    private sealed class Host : IHostUnderTest, IPernetSubsystem, ILogger<NetRegistry>
    {
        private readonly NetRegistry _registry;

        public Host(RtnlGate gate) => _registry = new NetRegistry(gate, [this], this);

        public INetUnderTest Initial => new NetUnderTest(_registry.Initial);

        public Action<INetUnderTest> OnExit { get; set; }

        public IReadOnlyList<INetUnderTest> All() => [.. _registry.All().Select(net => new NetUnderTest(net))];

        // As TryCreate, whose wait would block the explorer's thread.
        public INetUnderTest Create(string name) => Scheduler.Await(_registry.CreateAsync(name)) is (true, Net net) ? new NetUnderTest(net) : null;

        public bool Delete(string name) => _registry.TryDelete(name);

        public Task FlushTeardownsAsync() => _registry.FlushTeardownsAsync();

        public IOwnerUnderTest CreateOwner() => new Owner(_registry.Gate);

        public IDeviceUnderTest CreateDevice(INetUnderTest net) => new Device { Net = net };

        public void Init(PernetInit init)
        {
        }

        public void Exit(RtnlContext context, Net net)
        {
            if (!context.Holds(net))
                throw new PropertyViolatedException("A teardown runs without its namespace's lock.");
            OnExit?.Invoke(new NetUnderTest(net));
        }

        public IDisposable BeginScope<TState>(TState state) => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        // What the engine logs is an exception that nobody else would see.
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception exception, Func<TState, Exception, string> formatter) =>
            Scheduler.FailWith($"{formatter(state, exception)} {exception}");
    }

    private sealed class NetUnderTest(Net net) : INetUnderTest
    {
        public Net Net => net;

        public int Number => (int)net.Id;

        public bool IsDead => net.IsDead;

        public int Users => net.Users;

        public bool TryAddUser() => net.TryAddUser();

        public void RemoveUser() => net.RemoveUser();

        public void Post(Action action) => net.Post(_ => action());

        public Task FlushAsync() => net.FlushAsync();

        public override bool Equals(object obj) => obj is NetUnderTest other && other.Net == net;

        public override int GetHashCode() => net.GetHashCode();
    }

    private sealed class Device : IDeviceUnderTest, INetObject
    {
        private Net _net;

        Net INetObject.Net => Volatile.Read(ref _net);

        public INetUnderTest Net
        {
            get => new NetUnderTest(Volatile.Read(ref _net));
            set => Volatile.Write(ref _net, ((NetUnderTest)value).Net);
        }
    }

    private sealed class Owner(RtnlGate gate) : IOwnerUnderTest
    {
        private readonly RtnlContext _context = RtnlContext.Create();
        private AsyncRtnlLease _lease;

        public async ValueTask LockRtnlAsync(CancellationToken cancellation) => _lease = await gate.LockAsync(_context, cancellation).ConfigureAwait(false);

        public async ValueTask LockAsync(INetUnderTest[] nets, CancellationToken cancellation) =>
            _lease = nets.Length == 1
                ? await Of(nets[0]).LockAsync(_context, cancellation).ConfigureAwait(false)
                : await Set(nets).LockAsync(_context, cancellation).ConfigureAwait(false);

        public async ValueTask LockNetOfAsync(IDeviceUnderTest device, CancellationToken cancellation) =>
            _lease = await gate.LockNetOfAsync((Device)device, _context, cancellation).ConfigureAwait(false);

        public void LockNetOf(IDeviceUnderTest device)
        {
            RtnlLease lease = gate.LockNetOf((Device)device, _context);
            _ = lease;
            Keep();
        }

        public void Lock(INetUnderTest[] nets)
        {
            RtnlLease lease = nets.Length == 1 ? Of(nets[0]).Lock(_context) : Set(nets).Lock(_context);
            _ = lease;
            Keep();
        }

        public bool TryLockRtnl()
        {
            bool locked = gate.TryLock(_context, out RtnlLease lease);
            if (locked)
                Keep();
            return locked;
        }

        public bool TryLock(params INetUnderTest[] nets)
        {
            bool locked = nets.Length == 1 ? Of(nets[0]).TryLock(_context, out _) : Set(nets).TryLock(_context, out _);
            if (locked)
                Keep();
            return locked;
        }

        /// <summary>The lease is kept beyond the call that took it, so its note on the thread, which belongs to another task next, goes.</summary>
        private void Keep()
        {
            _lease = new AsyncRtnlLease(_context);
            RtnlContext.RestoreNote(null);
        }

        public bool Holds(INetUnderTest net) => _context.Holds(Of(net));

        public void Unlock() => _lease.Dispose();

        private static Net Of(INetUnderTest net) => ((NetUnderTest)net).Net;

        private static NetLockSet Set(INetUnderTest[] nets) => NetLockSet.Of([.. nets.Select(Of)]);
    }
}
