// ==== wrong: a delegate from outside
public sealed class H(Func<int> unseen)
{
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) => unseen() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL); // RTNL113 by the delegate 'unseen' may be anything
}

// ==== right: a delegate from outside whose type says what it needs
[RequiresLock(Unlocked)] public delegate int Asking();
public sealed class H(Asking unseen)
{
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) => unseen() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: a field that others can set
public sealed class H
{
    public Action? Hook;
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) { Hook?.Invoke(); return RtnlResult.Ok; } // RTNL113
}

// ==== right: a field that only this assembly can set
public sealed class H
{
    private readonly Action _hook;
    public H(bool loud) => _hook = loud ? () => Console.Beep() : () => { };
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) { _hook.Invoke(); return RtnlResult.Ok; }
}

// ==== wrong: a computed property, an out argument, a result
public sealed class H
{
    private static Action Hook => Make();
    private static Action Make() => static () => { };
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Hook(); return RtnlResult.Ok; } // RTNL113
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request)  // RTNL113
    {
        if (new Dictionary<int, Action>().TryGetValue(3, out Action? found))
            found();
        return RtnlResult.Ok;
    }
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request) { Make()(); return RtnlResult.Ok; } // RTNL113
}

// ==== right: a delegate that comes and goes inside the method
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Action? action = null;
        if (request.IsStrict)
            action = static () => { };
        action?.Invoke();
        return RtnlResult.Ok;
    }
}

// ==== wrong: dynamic, reflection, a function pointer
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { dynamic thing = request.Message.Index; thing.Run(); return RtnlResult.Ok; } // RTNL113
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) { typeof(H).GetMethod("x")!.Invoke(this, null); return RtnlResult.Ok; } // RTNL113
    [DoIt(PerNet)]
    public unsafe RtnlResult Delete(in Request request) { delegate*<void> run = &Run; run(); return RtnlResult.Ok; } // RTNL113
    private static void Run() { }
}

// ==== wrong: an interface that nothing here implements
public interface IPlugIn { void Run(); }
public sealed class H(IPlugIn thing)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { thing.Run(); return RtnlResult.Ok; } // RTNL113 by has no implementation here
}

// ==== right: an interface that says what it needs
public interface IPlugIn { [RequiresLock(PerNet)] void Run(); }
[RequiresLock(Unlocked)] public interface IOther { void Run(); int Value { get; } }
public sealed class H(IPlugIn thing, IOther other)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { thing.Run(); other.Run(); return other.Value > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL); }
}

// ==== wrong: shared state that nothing guards
public static class State { public static int Count; }
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { State.Count++; return RtnlResult.Ok; } // RTNL113 by say by [GuardedBy]
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => State.Count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL); // RTNL113
}

// ==== right: shared state that is written atomically, readonly, or under the whole of RTNL
public static class State
{
    public static int Count;
    public static readonly int Most = 3;
    public static int Set;
}
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Interlocked.Increment(ref State.Count); return State.Most > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL); }
    [DoIt(Rtnl)]
    public RtnlResult Delete(in Request request) { State.Set++; return RtnlResult.Ok; }
}
