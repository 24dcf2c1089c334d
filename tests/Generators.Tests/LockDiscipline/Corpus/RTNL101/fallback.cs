// ==== wrong: touched before asking whether the request is locked
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult Get(in Request request)
    {
        if (_count > 0) // RTNL101
            return RtnlResult.Ok;
        return request.IsLocked ? RtnlResult.Ok : RtnlResult.NeedsLock;
    }
}

// ==== right: an early return
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult Get(in Request request)
    {
        if (!request.IsLocked)
            return RtnlResult.NeedsLock;
        _count++;
        return RtnlResult.Ok;
    }
}

// ==== wrong: the wrong branch
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult Get(in Request request)
    {
        if (request.IsLocked)
            return RtnlResult.Ok;
        _count++; // RTNL101
        return RtnlResult.NeedsLock;
    }
}

// ==== right: and, or, not, patterns, a variable, a switch
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult Get(in Request request)
    {
        bool locked = request.IsLocked;
        if (request.IsLocked && _count > 0)
            _count--;
        if (!request.IsLocked || _count == 0)
            return RtnlResult.NeedsLock;
        if (request.IsLocked is true)
            _count++;
        if (request is { IsLocked: true })
            _count++;
        if (request.IsLocked == false)
            return RtnlResult.NeedsLock;
        if (locked)
            _count++;
        int seen = request.IsLocked ? _count : 0;
        seen += request.IsLocked switch { true => _count, false => 0 };
        switch (request.IsLocked)
        {
            case true:
                _count = seen;
                break;
            case false:
                return RtnlResult.NeedsLock;
        }
        return RtnlResult.Ok;
    }
}

// ==== wrong: the fallback is too weak
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult Get(in Request request)
    {
        if (!request.IsLocked)
            return RtnlResult.NeedsLock;
        _count++; // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: a helper asks for itself
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(Unlocked, Fallback = Rtnl)]
    public RtnlResult Get(in Request request) => TryCount(request.Context) ? RtnlResult.Ok : RtnlResult.NeedsLock;
    private bool TryCount(RtnlContext context)
    {
        if (!context.IsLocked)
            return false;
        _count++;
        return true;
    }
}

// ==== wrong: in a while and in a conditional expression
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult Get(in Request request)
    {
        int seen = request.IsLocked ? 0 : _count; // RTNL101
        return seen > 0 ? RtnlResult.Ok : RtnlResult.NeedsLock;
    }
}
