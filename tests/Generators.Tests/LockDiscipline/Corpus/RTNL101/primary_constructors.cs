// ==== wrong: what a primary constructor hands to its base touches guarded state
public static class State { [GuardedBy(PerNet)] public static int Count; }
public class Base(int count) { public int Count => count; }
public sealed class Derived() : Base(State.Count++); // RTNL101
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) => new Derived().Count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== right: the same under the lock
public static class State { [GuardedBy(PerNet)] public static int Count; }
public class Base(int count) { public int Count => count; }
public sealed class Derived() : Base(State.Count++);
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => new Derived().Count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: a base's constructor that a primary constructor calls touches guarded state
public static class State { [GuardedBy(PerNet)] public static int Count; }
public class Base { public Base(int by) => State.Count += by; // RTNL101
}
public sealed class Derived(int by) : Base(by);
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) => new Derived(1) is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== right: a base's constructor that touches nothing
public class Base { public Base(int by) => By = by; public int By { get; } }
public sealed class Derived(int by) : Base(by);
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) => new Derived(1).By > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}
