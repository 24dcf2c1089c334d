// ==== wrong: a constructor that counts in a static
public sealed class Thing
{
    [GuardedBy(Rtnl)] private static int s_count;
    public Thing() => s_count++; // RTNL101 by H.New → new Thing
}
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => new Thing() is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== right: a constructor that counts in a static under Rtnl
public sealed class Thing
{
    [GuardedBy(Rtnl)] private static int s_count;
    public Thing() => s_count++;
}
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) => new Thing() is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== right: what is being made is nobody else's
public sealed class Thing
{
    [GuardedBy(PerNet)] private int _a = 3;
    [GuardedBy(PerNet)] public int B;
    public Thing(int a)
    {
        _a += a;
        this.B = a;
    }
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        var thing = new Thing(4) { B = 5 };
        thing.B = 6;
        return RtnlResult.Ok;
    }
}

// ==== wrong: what has been made and handed out
public sealed class Thing
{
    [GuardedBy(PerNet)] public int B;
}
public sealed class H
{
    [GuardedBy(Rtnl)] private Thing? _thing;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, RtnlGate gate)
    {
        var thing = new Thing();
        using (gate.Lock(context))
            _thing = thing;
        thing.B = 6; // RTNL101
    }
}

// ==== wrong: a field's initialiser
public static class Numbers
{
    [GuardedBy(PerNet)] private static int s_next;
    public static int Next() => s_next++; // RTNL101 by H.New → initialisers of Thing → Numbers.Next
}
public sealed class Thing
{
    public readonly int Number = Numbers.Next();
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) => new Thing().Number > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== right: a field's initialiser under the word
public static class Numbers
{
    [GuardedBy(PerNet)] private static int s_next;
    public static int Next() => s_next++;
}
public sealed class Thing
{
    public readonly int Number = Numbers.Next();
}
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => new Thing().Number > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: the base's constructor
public static class Numbers { [GuardedBy(PerNet)] public static int Next; }
public class Base
{
    protected Base() => Numbers.Next++; // RTNL101
}
public sealed class Derived : Base;
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) => new Derived() is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: a chained constructor with arguments
public static class Numbers { [GuardedBy(PerNet)] public static int Next; }
public sealed class Thing
{
    public Thing() : this(Numbers.Next) { } // RTNL101
    public Thing(int number) => GC.KeepAlive(number);
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) => new Thing() is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: a primary constructor's parameter that members have caught, and an object of the handler's
public sealed class Counter { [GuardedBy(PerNet)] public int Value; }
public sealed class H(Counter counter)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        counter.Value++; // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: a primary constructor's parameter under the word
public sealed class Counter { [GuardedBy(PerNet)] public int Value; }
public sealed class H(Counter counter)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        counter.Value++;
        return RtnlResult.Ok;
    }
}
