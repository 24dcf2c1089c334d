// ==== wrong: the other branch of TryLock
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        if (net.TryLock(context, out RtnlLease lease))
        {
            using (lease)
                _count++;
        }
        else
        {
            _count--; // RTNL101
        }
    }
}

// ==== right: TryLock, in its several forms
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        if (!net.TryLock(context, out RtnlLease lease))
            return;
        _count++;
        lease.Dispose();
        bool got = net.TryLock(context, out RtnlLease second);
        if (got)
        {
            _count++;
            second.Dispose();
        }
    }
}

// ==== wrong: after Dispose
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        RtnlLease lease = net.Lock(context);
        _count++;
        lease.Dispose();
        _count++; // RTNL101
    }
}

// ==== right: try and finally
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
    }
}

// ==== wrong: in the catch of a try whose body took and gave back the lock
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        try
        {
            using RtnlLease lease = net.Lock(context);
            _count++;
        }
        catch (InvalidOperationException)
        {
            _count = 0; // RTNL101
        }
    }
}

// ==== right: a try inside the scope
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using RtnlLease lease = net.Lock(context);
        try
        {
            _count++;
        }
        catch (InvalidOperationException) when (_count > 3)
        {
            _count = 0;
        }
        finally
        {
            _count--;
        }
    }
}

// ==== wrong: the lease is disposed in a loop, and the next turn has none
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        RtnlLease lease = net.Lock(context);
        for (int i = 0; i < 3; i++)
        {
            _count++; // RTNL101
            lease.Dispose();
        }
    }
}

// ==== right: each turn takes the lock
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, IEnumerable<Net> nets)
    {
        foreach (Net net in nets)
        {
            using RtnlLease lease = net.Lock(context);
            _count++;
        }
    }
}

// ==== wrong: PerNet by hand does not cover what RTNL guards
public sealed class Service
{
    [GuardedBy(Rtnl)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using RtnlLease lease = net.Lock(context);
        _count++; // RTNL101
    }
}

// ==== right: the gate, a set of namespaces, an object's namespace, and an asynchronous lock
public sealed class Service
{
    [GuardedBy(Rtnl)] private int _count;
    [GuardedBy(PerNet)] private int _other;
    [RequiresLock(Unlocked)]
    public async Task RunAsync(RtnlContext context, Net a, Net b, INetObject device)
    {
        RtnlGate gate = a.Registry.Gate;
        using (gate.Lock(context))
            _count++;
        using (NetLockSet.Of(a, b).Lock(context))
            _other++;
        using (gate.LockNetOf(device, context))
            _other++;
        using (await a.LockAsync(context))
            _other++;
        using (await gate.LockAsync(context).ConfigureAwait(false))
            _count++;
        using AsyncRtnlLease lease = await gate.LockNetOfAsync(device, context);
        _other++;
    }
}

// ==== wrong: on one way only
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net, bool locks)
    {
        RtnlLease lease = default;
        if (locks)
            lease = net.Lock(context);
        _count++; // RTNL101
        lease.Dispose();
    }
}

// ==== right: a helper that returns the lease
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using RtnlLease lease = Enter(context, net);
        _count++;
    }
    private static RtnlLease Enter(RtnlContext context, Net net) => net.Lock(context);
}

// ==== wrong: a helper that returns a weaker lease
public sealed class Service
{
    [GuardedBy(Rtnl)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using RtnlLease lease = Enter(context, net);
        _count++; // RTNL101
    }
    private static RtnlLease Enter(RtnlContext context, Net net)
    {
        RtnlLease lease = net.Lock(context);
        return lease;
    }
}
