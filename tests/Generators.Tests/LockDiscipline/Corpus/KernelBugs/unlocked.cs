// ==== wrong: 17. the lock is asked for inside a reader's section (ip tunnels, SRv6)
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Table table = request.Read<Table>();
        using (request.Net.Lock(request.Context)) // RTNL104
            request.Context.Stage(request.Net, table.With(3, "x"));
        return RtnlResult.Ok;
    }
}

// ==== right: 17. the handler asks to be run again under the lock
public sealed class H
{
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult New(in Request request)
    {
        if (request.Read<Table>().Rows.ContainsKey(3))
            return RtnlResult.Error(Errno.EEXIST);
        if (!request.IsLocked)
            return RtnlResult.NeedsLock;
        request.Stage(request.Read<Table>().With(3, "x"));
        return RtnlResult.Ok;
    }
}

// ==== wrong: 18. a size that is computed, and data that change before they are filled in (inet6_rt_notify)
public sealed class H
{
    [GuardedBy(PerNet)] private readonly List<int> _hops = [];
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        int[] filled = new int[_hops.Count]; // RTNL101
        for (int i = 0; i < _hops.Count; i++) // RTNL101
            filled[i] = _hops[i]; // RTNL101
        return filled.Length > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.ENOENT);
    }
}

// ==== right: 18. one immutable version is walked twice
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        ImmutableDictionary<int, string> rows = request.Read<Table>().Rows;
        int[] filled = new int[rows.Count];
        int i = 0;
        foreach (int key in rows.Keys)
            filled[i++] = key;
        return filled.Length > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.ENOENT);
    }
}

// ==== wrong: 26. a declared word that nobody has checked: an UNLOCKED handler that needs the lock for some kinds only (tc filters)
public interface IClassifier { void Change(RtnlContext context, Net net); }
public sealed class Flower : IClassifier { public void Change(RtnlContext context, Net net) { } }
public sealed class U32 : IClassifier
{
    public void Change(RtnlContext context, Net net) => context.Stage(net, context.Read<Table>(net)); // RTNL103 by H.New → U32.Change
}
public sealed class H(IReadOnlyDictionary<int, IClassifier> kinds)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        kinds[request.Message.Index].Change(request.Context, request.Net);
        return RtnlResult.Ok;
    }
}

// ==== right: 26. the kinds that need the lock ask for it
public interface IClassifier { RtnlResult Change(RtnlContext context, Net net); }
public sealed class Flower : IClassifier { public RtnlResult Change(RtnlContext context, Net net) => RtnlResult.Ok; }
public sealed class U32 : IClassifier
{
    public RtnlResult Change(RtnlContext context, Net net)
    {
        if (!context.IsLocked)
            return RtnlResult.NeedsLock;
        context.Stage(net, context.Read<Table>(net));
        return RtnlResult.Ok;
    }
}
public sealed class H(IReadOnlyDictionary<int, IClassifier> kinds)
{
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult New(in Request request) => kinds[request.Message.Index].Change(request.Context, request.Net);
}

// ==== wrong: 26. fib rules skip the lock when somebody holds it already: a parameter that says so
public sealed class Rules(Net net)
{
    [GuardedBy(PerNet)] private int _rules;
    public void Delete(RtnlContext context, bool isHeld)
    {
        if (!isHeld)
        {
            using (net.Lock(context)) // RTNL104
                _rules--;
            return;
        }
        _rules--;
    }
}
public sealed class H(Rules rules)
{
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request) { rules.Delete(request.Context, isHeld: true); return RtnlResult.Ok; }
}

// ==== right: 26. what runs under the lock and what takes it are two members
public sealed class Rules(Net net)
{
    [GuardedBy(PerNet)] private int _rules;
    [RequiresLock(PerNet)] public void Delete() => _rules--;
    [RequiresLock(Unlocked)]
    public void DeleteNow(RtnlContext context)
    {
        using (net.Lock(context))
            Delete();
    }
}
public sealed class H(Rules rules)
{
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request) { rules.Delete(); return RtnlResult.Ok; }
}
