// ==== wrong: the shortest of two ways
public static class State { [GuardedBy(Rtnl)] public static int Count; }
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) // RTNL111 by H.New → H.Short writes State.Count
    {
        Long();
        Short();
        return RtnlResult.Ok;
    }
    private static void Long() => Longer();
    private static void Longer() => State.Count--;
    private static void Short() => State.Count++;
}

// ==== right: an Unlocked handler has nothing weaker
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => RtnlResult.Ok;
}

// ==== wrong: what requires the lock, and what cannot be followed
public static class Store { [RequiresLock(PerNet)] public static void Put() { } }
public sealed class H(Func<int> unseen)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Store.Put(); return RtnlResult.Ok; } // RTNL111 by calls Store.Put, which requires PerNet
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) => unseen() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL); // RTNL111 by the delegate 'unseen' may be anything
}

// ==== wrong: a static that nothing guards
public static class State { public static int Count; }
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) { State.Count++; return RtnlResult.Ok; } // RTNL111 by 'State.Count' is written, and every request can reach it
}

// ==== wrong: the namespaces that a resolve method names
public sealed class H
{
    public static RtnlResult Find(in ResolveRequest<Message> request, NetSet nets, out string plan) { plan = ""; return RtnlResult.Ok; }
    [DoIt(PerNet, Resolve = nameof(Find))]
    public RtnlResult New(in Request request, string plan) => RtnlResult.Ok; // RTNL111 by Find names namespaces
}
