// ==== wrong: a static initialiser and a static constructor run under whoever comes first
public static class State { [GuardedBy(PerNet)] public static int Count; }
public sealed class H
{
    private static readonly int s_first = State.Count; // RTNL101
    private static int Second { get; } = State.Count; // RTNL101
    static H() => State.Count = s_first + Second; // RTNL101
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => s_first > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== right: a type's own statics, while it is being made
public static class State
{
    [GuardedBy(PerNet)] private static readonly List<int> s_rows = [1, 2];
    [GuardedBy(PerNet)] private static int s_count = s_rows.Count;
    static State() => s_count++;
    [RequiresLock(PerNet)] public static int Count => s_count;
}
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => State.Count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: after a try whose finally gave the lock back, and a second resource of one using
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        RtnlLease lease = net.Lock(context);
        try
        {
            _count++;
        }
        finally
        {
            lease.Dispose();
        }
        _count++; // RTNL101
    }
}

// ==== wrong: a base class's method and a method group of a virtual member
public class Base
{
    [GuardedBy(PerNet)] protected int _count;
    public virtual void Apply() => _count++; // RTNL101
}
public sealed class Derived : Base
{
    public override void Apply() => base.Apply();
}
public sealed class H(Base thing)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Action apply = thing.Apply;
        apply();
        return RtnlResult.Ok;
    }
}

// ==== right: a base class's method under the word
public class Base
{
    [GuardedBy(PerNet)] protected int _count;
    public virtual void Apply() => _count++;
}
public sealed class Derived : Base
{
    public override void Apply() => base.Apply();
}
public sealed class H(Base thing)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Action apply = thing.Apply;
        apply();
        return RtnlResult.Ok;
    }
}
