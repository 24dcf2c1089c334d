// ==== wrong: through an interface to an implementation
public interface IStore { void Put(int value); }
public sealed class Store : IStore
{
    [GuardedBy(Rtnl)] private int _value;
    public void Put(int value) => _value = value; // RTNL101 by H.New → Store.Put → Store._value
}
public sealed class H(IStore store)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        store.Put(3);
        return RtnlResult.Ok;
    }
}

// ==== right: through an interface under Rtnl
public interface IStore { void Put(int value); }
public sealed class Store : IStore
{
    [GuardedBy(Rtnl)] private int _value;
    public void Put(int value) => _value = value;
}
public sealed class H(IStore store)
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        store.Put(3);
        return RtnlResult.Ok;
    }
}

// ==== wrong: one of several implementations, explicit and generic
public interface IStore<T> { T Get(); }
public sealed class Plain : IStore<int> { public int Get() => 3; }
public sealed class Guarded : IStore<int>
{
    [GuardedBy(PerNet)] private int _value;
    int IStore<int>.Get() => _value; // RTNL101
}
public sealed class H(IStore<int> store)
{
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => store.Get() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.ENOENT);
}

// ==== right: the implementation that is reached touches nothing
public interface IStore<T> { T Get(); }
public sealed class Plain : IStore<int> { public int Get() => 3; }
public sealed class Guarded
{
    [GuardedBy(PerNet)] private int _value;
    [RequiresLock(PerNet)] public int Get() => _value;
}
public sealed class H(IStore<int> store)
{
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => store.Get() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.ENOENT);
}

// ==== wrong: an override
public abstract class Base
{
    public virtual void Apply() { }
}
public class Derived : Base
{
    [GuardedBy(PerNet)] private int _value;
    public override void Apply() => _value++; // RTNL101
}
public sealed class H(Base thing)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { thing.Apply(); return RtnlResult.Ok; }
}

// ==== right: a sealed receiver cannot be what is derived from its base
public abstract class Base
{
    public virtual void Apply() { }
}
public class Derived : Base
{
    [GuardedBy(PerNet)] private int _value;
    [RequiresLock(PerNet)] public override void Apply() => _value++;
}
public sealed class Other : Base;
public sealed class H(Other thing)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { thing.Apply(); return RtnlResult.Ok; }
}

// ==== wrong: a default implementation in the interface
public static class State { [GuardedBy(PerNet)] public static int Count; }
public interface IThing { void Apply() => State.Count++; } // RTNL101
public sealed class Thing : IThing;
public sealed class H(IThing thing)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { thing.Apply(); return RtnlResult.Ok; }
}

// ==== wrong: an interface of the platform's
public sealed class Cleaner : IDisposable
{
    [GuardedBy(Rtnl)] private int _count;
    public void Dispose() => _count = 0; // RTNL101 by H.New → Cleaner.Dispose
}
public sealed class H(Cleaner cleaner)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        IDisposable end = cleaner;
        end.Dispose();
        return RtnlResult.Ok;
    }
}

// ==== wrong: using calls Dispose
public sealed class Section(H owner) : IDisposable
{
    public void Dispose() => owner._depth--; // RTNL101
}
public sealed class H
{
    [GuardedBy(PerNet)] internal int _depth;
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        using (new Section(this)) { }
        return RtnlResult.Ok;
    }
}

// ==== right: using calls Dispose under the word
public sealed class Section(H owner) : IDisposable
{
    public void Dispose() => owner._depth--;
}
public sealed class H
{
    [GuardedBy(PerNet)] internal int _depth;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        using var section = new Section(this);
        return RtnlResult.Ok;
    }
}
