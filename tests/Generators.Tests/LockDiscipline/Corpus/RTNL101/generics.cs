// ==== wrong: a generic type's field
public sealed class Box<T>
{
    [GuardedBy(PerNet)] private T? _value;
    public void Set(T value) => _value = value; // RTNL101 by H.New → Box.Set → Box._value
}
public sealed class H(Box<string> box)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { box.Set("x"); return RtnlResult.Ok; }
}

// ==== right: a generic type's field under its word
public sealed class Box<T>
{
    [GuardedBy(PerNet)] private T? _value;
    public void Set(T value) => _value = value;
}
public sealed class H(Box<string> box)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { box.Set("x"); return RtnlResult.Ok; }
}

// ==== wrong: a generic method and a constraint
public interface ICounter { void Count(); }
public struct Counter : ICounter
{
    [GuardedBy(PerNet)] public static int Total;
    public void Count() => Total++; // RTNL101
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { Run(new Counter()); return RtnlResult.Ok; }
    private static void Run<T>(T counter) where T : ICounter => counter.Count();
}

// ==== right: a generic method and a constraint under the word
public interface ICounter { void Count(); }
public struct Counter : ICounter
{
    [GuardedBy(PerNet)] public static int Total;
    public void Count() => Total++;
}
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Run(new Counter()); return RtnlResult.Ok; }
    private static void Run<T>(T counter) where T : ICounter => counter.Count();
}

// ==== wrong: a static abstract member
public interface IMaker<TSelf> where TSelf : IMaker<TSelf> { static abstract int Make(); }
public sealed class Maker : IMaker<Maker>
{
    [GuardedBy(Rtnl)] private static int s_next;
    public static int Make() => ++s_next; // RTNL101
}
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => Next<Maker>() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    private static int Next<T>() where T : IMaker<T> => T.Make();
}

// ==== right: a static abstract member under Rtnl
public interface IMaker<TSelf> where TSelf : IMaker<TSelf> { static abstract int Make(); }
public sealed class Maker : IMaker<Maker>
{
    [GuardedBy(Rtnl)] private static int s_next;
    public static int Make() => ++s_next;
}
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) => Next<Maker>() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    private static int Next<T>() where T : IMaker<T> => T.Make();
}
