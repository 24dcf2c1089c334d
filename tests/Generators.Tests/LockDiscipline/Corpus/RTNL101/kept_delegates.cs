// ==== wrong: a lambda kept in a list
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [GuardedBy(PerNet)] private readonly List<Action> _later = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _later.Add(() => _count++); // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: a list whose delegates say what is held
[RequiresLock(PerNet)] public delegate void Change();
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [GuardedBy(PerNet)] private readonly List<Change> _later = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _later.Add(() => _count++);
        foreach (Change change in _later)
            change();
        return RtnlResult.Ok;
    }
}

// ==== wrong: a lambda in an array, a tuple, a generic parameter of one's own
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Action[] all = [() => _count++]; // RTNL101
        (Action First, int Second) pair = (() => _count++, 3); // RTNL101
        Keep<Action>(() => _count++); // RTNL101
        GC.KeepAlive((all, pair));
        return RtnlResult.Ok;
    }
    private static void Keep<T>(T value) => GC.KeepAlive(value);
}

// ==== wrong: a variable that a local function calls before it is assigned
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Action run = () => { };
        void Again() => run();
        run = () => _count++; // RTNL101 by H.New → H.New.Again → lambda in H.New
        Again();
        return RtnlResult.Ok;
    }
}

// ==== right: a variable that is only ever harmless
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Func<int> run = () => 3;
        int Again() => run();
        run = () => _count;
        return Again() > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: the part that is known of a delegate that may be anything
public sealed class H(Action unseen)
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Run(request.IsStrict ? unseen : () => _count++); // RTNL101
        return RtnlResult.Ok;
    }
    private static void Run(Action action) => action();
}
