// ==== wrong: a flush under the lock that its work needs
public sealed class H
{
    [DoIt(PerNet)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await request.Net.FlushAsync(); // RTNL109
        return RtnlResult.Ok;
    }
}

// ==== right: a flush with nothing held
public sealed class Service
{
    [RequiresLock(Unlocked)]
    public async Task RunAsync(RtnlContext context, Net net)
    {
        using (net.Lock(context)) { }
        await net.FlushAsync();
    }
}

// ==== wrong: far down, through an interface and a lambda
public interface IWorker { [Excludes(PerNet)] void Stop(); }
public sealed class H(IWorker worker)
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        new List<int> { 1 }.ForEach(_ => Help());
        return RtnlResult.Ok;
    }
    private void Help() => worker.Stop(); // RTNL109 by H.New → lambda in H.New → H.Help → IWorker.Stop
}

// ==== right: what is deferred runs without
public interface IWorker { [Excludes(PerNet)] void Stop(); }
public sealed class H(IWorker worker)
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        request.Defer(worker.Stop);
        request.Defer(() => worker.Stop());
        return RtnlResult.Ok;
    }
}

// ==== wrong: Rtnl is excluded
public static class Worker { [Excludes(Rtnl)] public static void Wait() { } }
public sealed class H
{
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) { Worker.Wait(); return RtnlResult.Ok; } // RTNL109
}

// ==== right: PerNet is no Rtnl, and an Unlocked handler holds nothing
public static class Worker
{
    [Excludes(Rtnl)] public static void Wait() { }
    [Excludes(PerNet)] public static void WaitLonger() { }
}
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Worker.Wait(); return RtnlResult.Ok; }
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) { Worker.WaitLonger(); return RtnlResult.Ok; }
}

// ==== wrong: a lock of one's own is excluded, on one way only
public sealed class CacheLock : LockClass;
public sealed class H
{
    private readonly CacheLock _lock = new();
    [Excludes(typeof(CacheLock))] private void Drop() { using (_lock.Lock(RtnlContext.Current!)) { } } // RTNL104
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        using (_lock.Lock(request.Context))
            Drop(); // RTNL109
        return RtnlResult.Ok;
    }
}

// ==== right: a lock of one's own has been given back
public sealed class CacheLock : LockClass;
public sealed class H
{
    private readonly CacheLock _lock = new();
    [Excludes(typeof(CacheLock))] private void Drop() { using (_lock.Lock(RtnlContext.Current!)) { } }
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        using (_lock.Lock(request.Context)) { }
        Drop();
        return RtnlResult.Ok;
    }
}

// ==== wrong: in a member that says it is called with the lock
public sealed class Service(NetRegistry registry)
{
    [RequiresLock(PerNet)]
    public void Run() => registry.TryCreate("x", out _); // RTNL109
}
