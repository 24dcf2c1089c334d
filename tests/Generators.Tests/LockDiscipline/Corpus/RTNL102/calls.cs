// ==== wrong: a member that requires the lock, through a helper
public sealed class Store
{
    [GuardedBy(PerNet)] private int _value;
    [RequiresLock(PerNet)] public void Put(int value) => _value = value;
}
public sealed class H(Store store)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { Help(3); return RtnlResult.Ok; }
    private void Help(int value) => store.Put(value); // RTNL102 by H.New → H.Help → Store.Put
}

// ==== right: a member that requires the lock, with it
public sealed class Store
{
    [GuardedBy(PerNet)] private int _value;
    [RequiresLock(PerNet)] public void Put(int value) => _value = value;
}
public sealed class H(Store store)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Help(3); return RtnlResult.Ok; }
    [DoIt(Rtnl)]
    public RtnlResult Delete(in Request request) { Help(0); return RtnlResult.Ok; }
    private void Help(int value) => store.Put(value);
}

// ==== wrong: PerNet does not count as Rtnl
public static class Store { [RequiresLock(Rtnl)] public static void Put() { } }
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Store.Put(); return RtnlResult.Ok; } // RTNL102
}

// ==== right: Rtnl counts as every namespace's
public static class Store { [RequiresLock(PerNet)] public static void Put() { } }
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) { Store.Put(); return RtnlResult.Ok; }
}

// ==== wrong: a property, a constructor, an interface member, an override, a delegate, a local function
public interface IThing { [RequiresLock(PerNet)] void Apply(); }
[RequiresLock(PerNet)] public delegate void Change();
public class Thing : IThing
{
    [RequiresLock(PerNet)] public Thing() { }
    [RequiresLock(PerNet)] public int Value { get; set; }
    [RequiresLock(PerNet)] public virtual void Do() { }
    public void Apply() { }
}
public sealed class Other : Thing
{
    [RequiresLock(PerNet)] public Other() { }
    public override void Do() { }
}
public sealed class H(IThing face, Thing thing, Other other)
{
    private readonly Change _change = () => { };
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        GC.KeepAlive(new Thing()); // RTNL102
        GC.KeepAlive(thing.Value); // RTNL102
        thing.Value = 4; // RTNL102
        face.Apply(); // RTNL102
        thing.Do(); // RTNL102
        other.Do(); // RTNL102
        _change(); // RTNL102
        Local(); // RTNL102
        return RtnlResult.Ok;
        [RequiresLock(PerNet)] static void Local() { }
    }
}

// ==== right: a property, a constructor, an interface member, an override, a delegate, a local function, with the lock
public interface IThing { [RequiresLock(PerNet)] void Apply(); }
[RequiresLock(PerNet)] public delegate void Change();
public class Thing : IThing
{
    [RequiresLock(PerNet)] public Thing() { }
    [RequiresLock(PerNet)] public int Value { get; set; }
    [RequiresLock(PerNet)] public virtual void Do() { }
    public void Apply() { }
}
public sealed class H(IThing face, Thing thing)
{
    private readonly Change _change = () => { };
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        GC.KeepAlive(new Thing().Value);
        thing.Value = 4;
        face.Apply();
        thing.Do();
        _change();
        Local();
        return RtnlResult.Ok;
        [RequiresLock(PerNet)] static void Local() { }
    }
}

// ==== wrong: an implementation that needs more than its interface says
public interface IThing { void Apply(); }
public sealed class Thing : IThing { [RequiresLock(PerNet)] public void Apply() { } }
public sealed class H(IThing thing)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { thing.Apply(); return RtnlResult.Ok; } // RTNL102 by H.New → Thing.Apply
}

// ==== wrong: a lock of one's own
public sealed class CacheLock : LockClass;
public sealed class H
{
    private readonly CacheLock _lock = new();
    [RequiresLock(typeof(CacheLock))] private void Fill() => RtnlAssert.Held(_lock);
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        Fill(); // RTNL102
        return RtnlResult.Ok;
    }
}

// ==== right: a lock of one's own, and both at once
public sealed class CacheLock : LockClass;
public sealed class H
{
    private readonly CacheLock _lock = new();
    [RequiresLock(typeof(CacheLock)), RequiresLock(PerNet)] private void Fill() => RtnlAssert.Held(_lock);
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        using (_lock.Lock(request.Context))
            Fill();
        return RtnlResult.Ok;
    }
}

// ==== wrong: an assertion that would fail
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        RtnlAssert.NetHeld(request.Net);
        RtnlAssert.Held(); // RTNL102
        return RtnlResult.Ok;
    }
    [RequiresLock(Unlocked)]
    public void Run(Net net) => RtnlAssert.NetHeld(net); // RTNL102
}

// ==== right: assertions that hold
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        RtnlAssert.NetHeld(request.Net);
        RtnlAssert.Held();
        RtnlAssert.ReaderOrHeld(request.Net);
        return RtnlResult.Ok;
    }
}

// ==== wrong: staging and notifying with nothing held
public sealed class Service
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        context.Stage(net, context.Read<Table>(net)); // RTNL102
        context.Notify(net, 1, RTM_NEWADDR, new Message()); // RTNL102
        context.Announce(net, 1, RTM_NEWADDR, new Message()); // RTNL102
    }
}

// ==== right: staging and notifying in work that is posted
public sealed class Service
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext poster, Net net) => poster.Post(net, context =>
    {
        context.Stage(net, context.Read<Table>(net));
        context.Announce(net, 1, RTM_NEWADDR, new Message());
    });
}

// ==== wrong: an event that is raised by a handler that is too weak
public enum Happening { [LockClass(PerNet)] Small, [LockClass(Rtnl)] Great }
public sealed class H(NotifierChain<Happening, string> chain)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request, string _) => RtnlResult.Ok;
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request)
    {
        chain.Raise(request.Context, request.Net, Happening.Small, "a");
        chain.Raise(request.Context, request.Net, Happening.Great, "a"); // RTNL102
        return RtnlResult.Ok;
    }
}

// ==== right: an event that needs the whole, by an Rtnl handler
public enum Happening { [LockClass(PerNet)] Small, [LockClass(Rtnl)] Great }
public sealed class H(NotifierChain<Happening, string> chain)
{
    [DoIt(Rtnl)]
    public RtnlResult Delete(in Request request)
    {
        chain.Raise(request.Context, request.Net, Happening.Great, "a");
        return RtnlResult.Ok;
    }
}

// ==== wrong: a delegate handed to a lambda that somebody else runs
public static class Store { [RequiresLock(PerNet)] public static void Put() { } }
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        ThreadPool.QueueUserWorkItem(static _ => Store.Put()); // RTNL102
        var timer = new Timer(_ => Store.Put()); // RTNL102
        request.Defer(Store.Put); // RTNL102
        GC.KeepAlive(timer);
        return RtnlResult.Ok;
    }
}

// ==== right: a lambda that says what it needs, called with it
public static class Store { [RequiresLock(PerNet)] public static void Put() { } }
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Action put = [RequiresLock(PerNet)] () => Store.Put();
        put();
        request.Post(request.Net, context => Store.Put());
        return RtnlResult.Ok;
    }
}
