using System.Diagnostics;
using System.Globalization;

namespace SmallRtnl.Engine.Tests.RealThreads;

/// <summary>Real threads need the cores for themselves.</summary>
[CollectionDefinition(nameof(StressAlone), DisableParallelization = true)]
public sealed class StressAlone;

/// <summary>
/// The engine as it ships, under real threads: 2,000 namespaces, every kind of acquisition, cancellations, namespaces that come and go. What each
/// lock guards is a pair of plain numbers that are equal except while their holder works on them.
/// </summary>
[Collection(nameof(StressAlone))]
public sealed class StressTests(ITestOutputHelper output)
{
    private const int Namespaces = 2_000;
    private const int Workers = 32;

    /// <summary>Most traffic goes here, so that there are queues.</summary>
    private const int Hot = 8;

    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public Task Guarded_numbers_never_tear(RtnlMode mode) => RunAsync(mode, TimeSpan.FromSeconds(20.0 / 3));

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public Task Guarded_numbers_never_tear_in_ten_minutes(RtnlMode mode) => RunAsync(mode, TimeSpan.FromMinutes(10.0 / 3));

    private async Task RunAsync(RtnlMode mode, TimeSpan duration)
    {
        var world = new World(mode);
        var watch = Stopwatch.StartNew();
        Task[] workers = [.. Enumerable.Range(0, Workers).Select(seed => Task.Run(() => world.WorkAsync(seed, watch, duration)))];
        // Whoever waits for ever is found by this limit.
        await Task.WhenAll(workers).WaitAsync(duration + TimeSpan.FromMinutes(1));
        await world.Registry.FlushTeardownsAsync().WaitAsync(TimeSpan.FromMinutes(1));
        output.WriteLine(world.Describe());
        world.CheckEnd();
    }

    /// <summary>A pair that one lock word guards.</summary>
    private sealed class Guarded
    {
        private long _left;
        private long _right;

        public bool IsTorn => _left != _right;

        public long Value => _left;

        public void Change()
        {
            _left++;
            Thread.SpinWait(4);
            _right++;
        }

        public void Begin() => _left++;

        public void End() => _right++;
    }

    private sealed class World : IPernetSubsystem
    {
        private readonly RtnlGate _gate;
        private readonly Net[] _nets = new Net[Namespaces];
        private readonly Guarded[] _state = new Guarded[Namespaces];
        private readonly Guarded _global = new();
        private readonly long[] _done = new long[Namespaces];
        private long _globalDone;
        private long _operations;
        private long _cancelled;
        private long _created;
        private long _exits;
        private long _torn;
        private string? _failure;

        public World(RtnlMode mode)
        {
            _gate = new RtnlGate(mode, maxExclusiveBatch: 4);
            Registry = new NetRegistry(_gate, [this]);
            for (int i = 0; i < Namespaces; i++)
            {
                Assert.True(Registry.TryCreate(Name(i), out _nets[i]));
                _state[i] = new Guarded();
            }
        }

        public NetRegistry Registry { get; }

        public void Init(PernetInit init)
        {
        }

        public void Exit(RtnlContext context, Net net)
        {
            if (!context.Holds(net) || !net.IsDead || net.Users != 0)
                _failure = "A namespace was torn down without its lock, or in use.";
            Interlocked.Increment(ref _exits);
        }

        public async Task WorkAsync(int seed, Stopwatch watch, TimeSpan duration)
        {
            var random = new Random(seed);
            using var context = RtnlContext.Create();
            for (int i = 0; watch.Elapsed < duration; i++)
            {
                Interlocked.Increment(ref _operations);
                int a = Pick(random), b = Pick(random), c = Pick(random);
                switch (random.Next(100))
                {
                    case < 2:
                        using (await _gate.LockAsync(context))
                            await ChangeAllAsync(random);
                        break;
                    case < 4:
                        if (_gate.TryLock(context, out RtnlLease whole))
                        {
                            ChangeAll();
                            whole.Dispose();
                        }
                        break;
                    case < 20:
                        using (await NetLockSet.Of(_nets[a], _nets[b]).LockAsync(context))
                            await ChangeAsync(random, a, b);
                        break;
                    case < 30:
                        using (await NetLockSet.Of(_nets[a], _nets[b], _nets[c]).LockAsync(context))
                            await ChangeAsync(random, a, b, c);
                        break;
                    case < 45:
                        await CancelledAsync(context, random, a, b);
                        break;
                    case < 50:
                        if (_nets[a].TryLock(context, out RtnlLease tried))
                        {
                            Change(a);
                            tried.Dispose();
                        }
                        break;
                    case < 52:
                        await ComeAndGoAsync(context, $"w{seed.ToString(CultureInfo.InvariantCulture)}-{i.ToString(CultureInfo.InvariantCulture)}");
                        break;
                    case < 70:
                        // Blocks its thread while it waits, beside those that do not.
                        using (_nets[a].Lock(context))
                            Change(a);
                        break;
                    default:
                        using (await _nets[a].LockAsync(context))
                            await ChangeAsync(random, a);
                        break;
                }
            }
        }

        public string Describe() =>
            string.Create(CultureInfo.InvariantCulture, $"{_gate.Mode}: {_operations:N0} operations, {_cancelled:N0} cancelled, {_created:N0} namespaces came and went, {_globalDone:N0} changes under RTNL");

        /// <summary>Nothing torn, nothing lost, nothing held, nobody left.</summary>
        public void CheckEnd()
        {
            Assert.Null(_failure);
            Assert.Equal(0, _torn);
            Assert.Equal(_globalDone, _global.Value);
            Assert.Equal(_created, _exits);
            using var context = RtnlContext.Create();
            for (int i = 0; i < Namespaces; i++)
            {
                Assert.Equal(_done[i], _state[i].Value);
                Assert.Equal(1, _nets[i].Users);
                Assert.True(_nets[i].TryLock(context, out RtnlLease lease), $"Namespace {_nets[i]} is still held.");
                lease.Dispose();
            }
            Assert.True(_gate.TryLock(context, out RtnlLease whole), "RTNL is still held.");
            whole.Dispose();
            Assert.Equal(Namespaces + 1, Registry.All().Count);
            Assert.Equal(Namespaces, Registry.Names().Count());
            foreach (Net net in _nets)
                Assert.True(Registry.TryDelete(net.Name!));
            Assert.True(Registry.FlushTeardownsAsync().Wait(TimeSpan.FromMinutes(1)));
            Assert.All(_nets, net => Assert.True(net.IsDead && net.Users == 0));
            Assert.Equal([Registry.Initial], Registry.All());
        }

        private static string Name(int index) => $"n{index.ToString(CultureInfo.InvariantCulture)}";

        private static int Pick(Random random) => random.Next(2) == 0 ? random.Next(Hot) : random.Next(Namespaces);

        private void Change(int net)
        {
            Check(_state[net]);
            Check(_global);
            _state[net].Change();
            _done[net]++;
        }

        private async ValueTask ChangeAsync(Random random, params int[] nets)
        {
            Check(_global);
            int yields = random.Next(4);
            foreach (int net in nets.Distinct())
            {
                Check(_state[net]);
                _state[net].Begin();
                if (yields == 0)
                    await Task.Yield();
                _state[net].End();
                _done[net]++;
            }
        }

        private void ChangeAll()
        {
            Check(_global);
            for (int i = 0; i < Hot; i++)
                Check(_state[i]);
            _global.Change();
            _globalDone++;
        }

        private async ValueTask ChangeAllAsync(Random random)
        {
            Check(_global);
            foreach (Guarded state in _state)
                Check(state);
            int count = Registry.All().Count;
            _global.Begin();
            if (random.Next(4) == 0)
                await Task.Yield();
            _global.End();
            if (Registry.All().Count != count)
                _failure = "A namespace joined or left while RTNL was held.";
            _globalDone++;
        }

        private async ValueTask CancelledAsync(RtnlContext context, Random random, int a, int b)
        {
            using var cancellation = new CancellationTokenSource();
            ValueTask<AsyncRtnlLease> locking = random.Next(10) == 0
                ? _gate.LockAsync(context, cancellation.Token)
                : NetLockSet.Of(_nets[a], _nets[b]).LockAsync(context, cancellation.Token);
            if (random.Next(2) == 0)
                await Task.Yield();
            Task cancelling = random.Next(3) == 0 ? Task.Run(cancellation.Cancel) : cancellation.CancelAsync();
            try
            {
                using (await locking)
                {
                    if (context.Holds(_nets[a]) && context.Holds(_nets[b]))
                    {
                        Change(a);
                        if (a != b)
                            Change(b);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _cancelled);
                if (context.IsLocked)
                    _failure = "A cancelled owner holds something.";
            }
            await cancelling;
        }

        /// <summary>A namespace lives through its deletion while somebody waits for its lock.</summary>
        private async ValueTask ComeAndGoAsync(RtnlContext context, string name)
        {
            Assert.True(Registry.TryCreate(name, out Net net));
            Interlocked.Increment(ref _created);
            if (!net.TryAddUser())
                _failure = "A living namespace refused a user.";
            Task waiter = Task.Run(async () =>
            {
                using var other = RtnlContext.Create();
                using (await NetLockSet.Of(net, _nets[0]).LockAsync(other))
                    Change(0);
            });
            Registry.TryDelete(name);
            using (await net.LockAsync(context))
            {
                if (net.IsDead)
                    _failure = "A namespace died under its user.";
            }
            net.RemoveUser();
            if (net.TryAddUser())
                _failure = "A namespace without users came back.";
            await waiter;
        }

        private void Check(Guarded state)
        {
            if (state.IsTorn)
                Interlocked.Increment(ref _torn);
        }
    }
}
