// ==== wrong: Rtnl where PerNet would do
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) // RTNL110
    {
        request.Stage(request.Read<Table>().With(3, "x"));
        return RtnlResult.Ok;
    }
}

// ==== wrong: Rtnl where nothing is needed
public sealed class H
{
    [DoIt]
    public RtnlResult Get(in Request request) => request.Reply(default(Message)); // RTNL110
}

// ==== right: every handler stands at its weakest word
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) { _count++; return RtnlResult.Ok; }
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request) { request.Stage(request.Read<Table>()); return RtnlResult.Ok; }
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => RtnlResult.Ok;
}

// ==== wrong: PerNet where a snapshot would do, in a dump
public sealed class H
{
    [DumpIt(PerNet)]
    public IEnumerable<Message> Dump(DumpRequest request) // RTNL110
    {
        foreach (KeyValuePair<int, string> row in request.Read<Table>().Rows)
            yield return default;
    }
}

// ==== right: an unfollowed call is no reason to weaken
public sealed class H(Func<int> unseen)
{
    [DoIt(Rtnl)]
    public RtnlResult Get(in Request request) => unseen() > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== right: a static that every request writes, and nothing guards
public static class State { public static int Count; }
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) { State.Count++; return RtnlResult.Ok; }
}

// ==== wrong: the second run's word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked, Fallback = Rtnl)]
    public RtnlResult New(in Request request) // RTNL110
    {
        if (!request.IsLocked)
            return RtnlResult.NeedsLock;
        _count++;
        return RtnlResult.Ok;
    }
}

// ==== right: a resolve method that names namespaces
public sealed class H
{
    public static RtnlResult Find(in ResolveRequest<Message> request, NetSet nets, out string plan) { plan = ""; return RtnlResult.Ok; }
    [DoIt(PerNet, Resolve = nameof(Find))]
    public RtnlResult New(in Request request, string plan) => RtnlResult.Ok;
}
