// ==== wrong: a guarded type
[GuardedBy(PerNet)]
public sealed class Counters
{
    public int A;
    public int B { get; set; }
    public int Sum() => 3;
}
public sealed class H(Counters counters)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        counters.A++; // RTNL101
        counters.B++; // RTNL101
        return counters.Sum() > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL); // RTNL101
    }
}

// ==== right: a guarded type under its word, and one that is being made
[GuardedBy(PerNet)]
public sealed class Counters
{
    public const int Most = 3;
    public int A;
    public int B { get; set; }
    public int Sum() => A + B;
}
public sealed class H(Counters counters)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        counters.A++;
        return counters.Sum() > Counters.Most ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        var own = new Counters { A = 3, B = 4 };
        return own.A > 2 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: a lock of one's own
public sealed class CacheLock : LockClass;
public sealed class H
{
    private readonly CacheLock _lock = new();
    [GuardedBy(typeof(CacheLock))] private int _hits;
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        using (_lock.Lock(request.Context))
            _hits++;
        return _hits > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL); // RTNL101
    }
}

// ==== right: a lock of one's own, in the several ways of taking it
public class CacheLock : LockClass;
public sealed class FineLock : CacheLock;
public sealed class H
{
    private readonly CacheLock _lock = new();
    private readonly FineLock _fine = new();
    [GuardedBy(typeof(CacheLock))] private int _hits;
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        using (_lock.Lock(request.Context))
            _hits++;
        if (_lock.TryLock(request.Context, out LockClassLease lease))
        {
            _hits++;
            lease.Dispose();
        }
        using (_fine.Lock(request.Context))
            Count();
        return RtnlResult.Ok;
    }
    [RequiresLock(typeof(CacheLock))] private void Count() => _hits++;
}

// ==== wrong: another lock of one's own than the one named, and RTNL instead of it
public sealed class CacheLock : LockClass;
public sealed class OtherLock : LockClass;
public sealed class H
{
    private readonly OtherLock _lock = new();
    [GuardedBy(typeof(CacheLock))] private int _hits;
    [DoIt(Rtnl)]
    public RtnlResult Get(in Request request)
    {
        using (_lock.Lock(request.Context))
            _hits++; // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== wrong: an Rcu is replaced under its lock only
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly Rcu<Table> _table = new(new Table(ImmutableDictionary<int, string>.Empty));
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Table table = _table.Read(request.Net);
        _table.Replace(request.Net, table.With(3, "x")); // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: an Rcu is read by anybody
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly Rcu<Table> _table = new(new Table(ImmutableDictionary<int, string>.Empty));
    private readonly AtomicRcu<Table> _atomic = new(new Table(ImmutableDictionary<int, string>.Empty));
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        _atomic.Update(table => table.With(3, "y"));
        return _table.Read(request.Net).Rows.Count > _atomic.Read().Rows.Count ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        _table.Replace(request.Net, _table.Dereference(request.Net).With(3, "x"));
        return RtnlResult.Ok;
    }
}

// ==== wrong: a resolve method holds nothing
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    public RtnlResult Find(in ResolveRequest<Message> request, out string plan)
    {
        plan = _count.ToString(); // RTNL101 by H.Find → H._count
        return RtnlResult.Ok;
    }
    [DoIt(PerNet, Resolve = nameof(Find))]
    public RtnlResult New(in Request request, string plan) { _count++; return RtnlResult.Ok; }
}

// ==== right: a resolve method reads what is published
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    public RtnlResult Find(in ResolveRequest<Message> request, out string plan)
    {
        plan = request.Read<Table>(request.Net).Rows[3];
        return RtnlResult.Ok;
    }
    [DoIt(PerNet, Resolve = nameof(Find))]
    public RtnlResult New(in Request request, string plan) { _count++; return RtnlResult.Ok; }
}

// ==== wrong: an entry point, a finaliser, a member that nobody calls
public static class State { [GuardedBy(PerNet)] public static int Count; }
public sealed class Thing
{
    ~Thing() => State.Count--; // RTNL101
    private static void Idle() => State.Count = 0; // RTNL101
}
public static class Program
{
    public static void Main() => State.Count++; // RTNL101
}

// ==== right: members whose callers hold the lock
public static class State { [GuardedBy(PerNet)] public static int Count; }
public static class Program
{
    public static void Main()
    {
    }
    [RequiresLock(PerNet)] public static void Count() => State.Count++;
    internal static void Run(RtnlContext context, Net net)
    {
        using RtnlLease lease = net.Lock(context);
        Count();
        Hidden();
    }
    private static void Hidden() => State.Count--;
}

// ==== wrong: what an interface member promises is not what its implementation needs
public static class State { [GuardedBy(Rtnl)] public static int Count; }
public interface IThing { [RequiresLock(PerNet)] void Apply(); }
public sealed class Thing : IThing
{
    public void Apply() => State.Count++; // RTNL101
}

// ==== right: an implementation relies on what the interface member promises
public static class State { [GuardedBy(PerNet)] public static int Count; }
public interface IThing { [RequiresLock(PerNet)] void Apply(); }
public sealed class Thing : IThing
{
    public void Apply() => State.Count++;
}
public sealed class Subsystem : IPernetSubsystem
{
    public void Init(PernetInit init) { }
    public void Exit(RtnlContext context, Net net) => State.Count--;
}
