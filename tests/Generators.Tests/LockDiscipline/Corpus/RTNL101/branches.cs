// ==== wrong: a guarded field under a weaker word
public sealed class Handlers
{
    [GuardedBy(PerNet)] private int _count;

    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        _count++; // RTNL101 by Handlers.New → Handlers._count
        return RtnlResult.Ok;
    }
}

// ==== right: a guarded field under its word
public sealed class Handlers
{
    [GuardedBy(PerNet)] private int _count;

    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _count++;
        return RtnlResult.Ok;
    }
}

// ==== wrong: RTNL's state written under PerNet
public sealed class Handlers
{
    [GuardedBy(Rtnl)] private int _count;

    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        int before = _count;
        _count = before + 1; // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: RTNL's state read under PerNet, written under Rtnl
public sealed class Handlers
{
    [GuardedBy(Rtnl)] private int _count;

    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => _count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);

    [DoIt(Rtnl)]
    public RtnlResult Delete(in Request request)
    {
        _count--;
        return RtnlResult.Ok;
    }
}

// ==== wrong: a scope that ends before the access
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;

    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using (net.Lock(context))
            _count++;
        _count--; // RTNL101 by Service.Run → Service._count
    }
}

// ==== right: a scope around the access
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;

    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using (net.Lock(context))
        {
            _count++;
        }
        using RtnlLease lease = net.Lock(context);
        _count--;
    }
}
