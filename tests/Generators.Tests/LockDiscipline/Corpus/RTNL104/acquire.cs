// ==== wrong: a handler takes its own lock again, another's, and the whole
public sealed class H(NetRegistry registry)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        using (request.Net.Lock(request.Context)) // RTNL104
            return Help(request.Context) ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
    private bool Help(RtnlContext context)
    {
        using RtnlLease lease = registry.Gate.Lock(context); // RTNL104 by H.New → H.Help
        return true;
    }
}

// ==== right: ordinary code takes one after the other
public sealed class Service(NetRegistry registry)
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context)
    {
        using (registry.Initial.Lock(context)) { }
        using (registry.Gate.Lock(context)) { }
    }
}

// ==== wrong: one namespace inside another
public sealed class Service
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net a, Net b)
    {
        using RtnlLease first = a.Lock(context);
        using RtnlLease second = b.Lock(context); // RTNL104
    }
}

// ==== right: both at once
public sealed class Service
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net a, Net b)
    {
        using RtnlLease both = NetLockSet.Of(a, b).Lock(context);
    }
}

// ==== wrong: an Unlocked handler reads a snapshot, inside which nothing can be locked
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        if (request.Net.TryLock(request.Context, out RtnlLease lease)) // RTNL104
            lease.Dispose();
        return RtnlResult.Ok;
    }
}

// ==== right: an Unlocked handler takes a lock of its own
public sealed class CacheLock : LockClass;
public sealed class H
{
    private readonly CacheLock _lock = new();
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        using (_lock.Lock(request.Context)) { }
        using (_lock.Lock(request.Context)) { }
        return RtnlResult.Ok;
    }
}

// ==== wrong: a lock of one's own inside itself, through a call
public sealed class CacheLock : LockClass;
public sealed class H
{
    private readonly CacheLock _lock = new();
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        using (_lock.Lock(request.Context))
            Help(request.Context);
        return RtnlResult.Ok;
    }
    private void Help(RtnlContext context)
    {
        using (_lock.Lock(context)) { } // RTNL104 by H.New → H.Help
    }
}

// ==== right: a lock whose class orders its own
public sealed class RowLock(int id) : LockClass
{
    public int Id => id;
    protected override int CompareOrder(LockClass other) => Id.CompareTo(((RowLock)other).Id);
}
public sealed class H(RowLock a, RowLock b)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        using (a.Lock(request.Context))
        using (b.Lock(request.Context))
            return RtnlResult.Ok;
    }
}

// ==== wrong: against the declared order
[LockOrder(Before = typeof(Inner))] public sealed class Outer : LockClass;
public sealed class Inner : LockClass;
public sealed class H(Outer outer, Inner inner)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        using (inner.Lock(request.Context))
        using (outer.Lock(request.Context)) // RTNL104
            return RtnlResult.Ok;
    }
}

// ==== right: in the declared order
[LockOrder(Before = typeof(Inner))] public sealed class Outer : LockClass;
public sealed class Inner : LockClass;
public sealed class H(Outer outer, Inner inner)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        using (outer.Lock(request.Context))
        using (inner.Lock(request.Context))
            return RtnlResult.Ok;
    }
}

// ==== wrong: against an order that follows from two declarations, and one that involves a word
[LockOrder(Before = typeof(B))] public sealed class A : LockClass;
[LockOrder(Before = typeof(C))] public sealed class B : LockClass;
[LockOrder(After = PerNet)] public sealed class C : LockClass;
public sealed class Service(A a, C c)
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using (c.Lock(context))
        using (a.Lock(context)) { } // RTNL104
        using (c.Lock(context))
        using (net.Lock(context)) { } // RTNL104
    }
}

// ==== right: a lock that is taken inside a namespace's
[LockOrder(After = PerNet)] public sealed class C : LockClass;
public sealed class H(C c)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        using (c.Lock(request.Context))
            return RtnlResult.Ok;
    }
}

// ==== wrong: a cycle of two declarations
[LockOrder(Before = typeof(B))] public sealed class A : LockClass; // RTNL104
[LockOrder(Before = typeof(A))] public sealed class B : LockClass;

// ==== wrong: a cycle through the words
[LockOrder(Before = Rtnl, After = PerNet)] public sealed class A : LockClass; // RTNL104

// ==== right: declarations without a cycle
[LockOrder(Before = typeof(B))] public sealed class A : LockClass;
[LockOrder(After = typeof(A)), LockOrder(After = Rtnl)] public sealed class B : LockClass;

// ==== wrong: a member that says it takes the lock, of an interface
public interface ITaker { [Acquires(PerNet)] void Take(RtnlContext context); }
public sealed class H(ITaker taker)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        taker.Take(request.Context); // RTNL104
        return RtnlResult.Ok;
    }
}

// ==== right: a member that says it takes the lock, with nothing held
public interface ITaker { [Acquires(PerNet)] void Take(RtnlContext context); }
public sealed class Service(ITaker taker)
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context) => taker.Take(context);
}

// ==== wrong: in a stored lambda that is called with the lock held
public sealed class H(Net net)
{
    private readonly Action<RtnlContext> _take = context => { using (s_net!.Lock(context)) { } }; // RTNL104
    private static Net? s_net;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        s_net = net;
        _take(request.Context);
        return RtnlResult.Ok;
    }
}

// ==== wrong: what is disposed under the lock may be the one that takes it
public sealed class TimersLock : LockClass;
public interface IEnding : System.IDisposable;
public sealed class Timers : IEnding
{
    private readonly TimersLock _lock = new();
    [RequiresLock(Unlocked)]
    public void Forget(IEnding known)
    {
        using (_lock.Lock(RtnlContext.Create()))
            known.Dispose();
    }
    public void Dispose()
    {
        using (_lock.Lock(RtnlContext.Create())) { } // RTNL104
    }
}

// ==== right: it is another interface's, which the one that takes the lock does not implement
public sealed class TimersLock : LockClass;
public sealed class Timers : System.IDisposable
{
    private readonly TimersLock _lock = new();
    [RequiresLock(Unlocked)]
    public void Forget(System.Threading.ITimer known)
    {
        using (_lock.Lock(RtnlContext.Create()))
            known.Dispose();
    }
    public void Dispose()
    {
        using (_lock.Lock(RtnlContext.Create())) { }
    }
}

// ==== wrong: a request through the in-process client waits for its own handler
public sealed class Handlers(NetlinkClient client)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        client.RequestAsync(RTM_NEWADDR, NetlinkFlags.None, request.Message).Wait(); // RTNL104, RTNL106
        return RtnlResult.Ok;
    }
}

// ==== right: it is sent once the locks are gone
public sealed class Handlers(NetlinkClient client)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Message message = request.Message;
        request.Defer(() => client.RequestAsync(RTM_NEWADDR, NetlinkFlags.None, message));
        return RtnlResult.Ok;
    }
}
