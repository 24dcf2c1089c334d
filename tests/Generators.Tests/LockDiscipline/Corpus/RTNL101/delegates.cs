// ==== wrong: a delegate parameter is followed to where it is called
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Twice(() => _count++); // RTNL101 by H.New → H.Twice → lambda in H.New → H._count
        return RtnlResult.Ok;
    }
    private static void Twice(Action action) { action(); action(); }
}

// ==== right: a delegate parameter called inside a scope of the callee
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net) => Locked(context, net, () => _count++);
    private static void Locked(RtnlContext context, Net net, Action action)
    {
        using RtnlLease lease = net.Lock(context);
        action();
    }
}

// ==== wrong: called by the callee when its scope has ended
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net) => Locked(context, net, () => _count++); // RTNL101
    private static void Locked(RtnlContext context, Net net, Action action)
    {
        using (net.Lock(context)) { }
        action();
    }
}

// ==== wrong: a parameter that the callee stores
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private Action? _stored;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Keep(() => _count++); // RTNL101
        return RtnlResult.Ok;
    }
    [RequiresLock(PerNet)]
    private void Keep(Action action) => _stored = action;
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request) { _stored?.Invoke(); return RtnlResult.Ok; }
}

// ==== right: a delegate type that says under which lock it is called
[RequiresLock(PerNet)]
public delegate void Change(int by);
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [GuardedBy(PerNet)] private Change? _stored;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _stored = by => _count += by;
        return RtnlResult.Ok;
    }
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request) { _stored?.Invoke(3); return RtnlResult.Ok; }
}

// ==== wrong: a method group
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private void Count(int number) => _count += number; // RTNL101 by H.New → H.Count
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        new List<int> { 1 }.ForEach(Count);
        return RtnlResult.Ok;
    }
}

// ==== right: a method group under the word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private void Count(int number) => _count += number;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        new List<int> { 1 }.ForEach(Count);
        return RtnlResult.Ok;
    }
}

// ==== wrong: one of two lambdas
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Action action = request.IsStrict ? () => { } : () => _count++; // RTNL101
        action();
        return RtnlResult.Ok;
    }
}

// ==== wrong: through a parameter that says nothing is held
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Later(() => _count++); // RTNL101
        return RtnlResult.Ok;
    }
    private static void Later([RequiresLock(Unlocked)] Action action) => ThreadPool.QueueUserWorkItem(_ => action());
}

// ==== right: a delegate that is followed through two callees
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Outer(x => _count += x);
        return RtnlResult.Ok;
    }
    private static void Outer(Action<int> action) => Inner(action, 3);
    private static void Inner(Action<int> action, int times)
    {
        for (int i = 0; i < times; i++)
            action(i);
    }
}

// ==== wrong: through two callees, the second of which schedules it
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Outer(x => _count += x); // RTNL101
        return RtnlResult.Ok;
    }
    private static void Outer(Action<int> action) => Inner(action);
    private static void Inner(Action<int> action) => ThreadPool.QueueUserWorkItem(_ => action(3));
}
