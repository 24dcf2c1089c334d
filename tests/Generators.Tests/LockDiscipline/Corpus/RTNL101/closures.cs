// ==== wrong: a lambda handed to LINQ runs during the call
public sealed class H
{
    [GuardedBy(PerNet)] private int _limit;
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        int[] numbers = [1, 2, 3];
        bool any = numbers.Any(number => number > _limit); // RTNL101 by H.New → lambda in H.New → H._limit
        return any ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== right: a lambda handed to LINQ under the word
public sealed class H
{
    [GuardedBy(PerNet)] private int _limit;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        int[] numbers = [1, 2, 3];
        return numbers.Any(number => number > _limit) ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: a lambda in a field carries no lock
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private Action? _later;
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        _later = () => _count++; // RTNL101
        return RtnlResult.Ok;
    }
    [DoIt(Rtnl)]
    public RtnlResult Delete(in Request request)
    {
        _later?.Invoke();
        return RtnlResult.Ok;
    }
}

// ==== right: a local delegate that is called here
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Action now = () => _count++;
        now();
        return RtnlResult.Ok;
    }
}

// ==== wrong: Task.Run leaves the lock behind
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Start() => Task.Run(() => _count++); // RTNL101
}

// ==== right: work posted to a namespace runs under its lock
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Start(Net net) => net.Post(context => _count++);
}

// ==== wrong: Defer runs when the locks are gone
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        request.Defer(() => _count++); // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: OnCommit runs under the same locks
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        request.Context.OnCommit(context => _count++);
        return RtnlResult.Ok;
    }
}

// ==== wrong: OnCommit under a word that is too weak
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        request.Context.OnCommit(context => _count++); // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== wrong: a lambda in a lambda
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        int[] numbers = [1, 2];
        foreach (int number in numbers.SelectMany(x => numbers.Select(y => { _count = x * y; return _count; }))) // RTNL101
            GC.KeepAlive(number);
        return RtnlResult.Ok;
    }
}

// ==== right: a lambda in a lambda under Rtnl
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        int[] numbers = [1, 2];
        foreach (int number in numbers.SelectMany(x => numbers.Select(y => { _count = x * y; return _count; })))
            GC.KeepAlive(number);
        return RtnlResult.Ok;
    }
}

// ==== wrong: a lambda that is returned
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Func<int> reader = Reader();
        return reader() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
    private Func<int> Reader() => () => _count; // RTNL101
}

// ==== right: what a returned lambda catches is a copy
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Func<int> reader = Reader();
        return reader() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
    private Func<int> Reader()
    {
        int count = _count;
        return () => count;
    }
}
