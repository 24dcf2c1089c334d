// ==== wrong: awaiting under the whole of RTNL, also in a helper
public sealed class H
{
    [DoIt(Rtnl)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await Task.Delay(3); // RTNL106
        await HelpAsync(); // RTNL106
        return RtnlResult.Ok;
    }
    private static async Task HelpAsync() => await Task.Yield(); // RTNL106 by H.New → H.HelpAsync
}

// ==== right: awaiting under a namespace's
public sealed class H
{
    [DoIt(PerNet)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await Task.Delay(3);
        await HelpAsync();
        return RtnlResult.Ok;
    }
    private static async Task HelpAsync() => await Task.Yield();
}

// ==== wrong: blocking the thread with a lock held
public sealed class H
{
    private readonly SemaphoreSlim _semaphore = new(1);
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request)
    {
        Thread.Sleep(3); // RTNL106
        _semaphore.Wait(); // RTNL106
        Task task = Task.CompletedTask;
        task.Wait(); // RTNL106
        task.GetAwaiter().GetResult(); // RTNL106
        GC.KeepAlive(Task.FromResult(3).Result); // RTNL106
        return RtnlResult.Ok;
    }
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request)
    {
        Wait(new ManualResetEventSlim());
        return RtnlResult.Ok;
    }
    private static void Wait(ManualResetEventSlim done) => done.Wait(); // RTNL106 by H.Delete → H.Wait
}

// ==== right: blocking with nothing held
public sealed class H
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net, Task task)
    {
        task.Wait();
        using (net.Lock(context)) { }
        Thread.Sleep(3);
        Task.Run(() => { });
    }
}

// ==== wrong: leaving the owner's flow of control with a lock held
public sealed class H
{
    [DoIt(PerNet)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await Task.Yield();
        await Task.Delay(3).ConfigureAwait(false); // RTNL106
        _ = Task.Run(() => 3); // RTNL106
        return RtnlResult.Ok;
    }
}

// ==== right: leaving it with nothing held, and staying with ConfigureAwait(true)
public sealed class H
{
    [DoIt(PerNet)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await Task.Delay(3).ConfigureAwait(true);
        return RtnlResult.Ok;
    }
    [RequiresLock(Unlocked)]
    public async Task RunAsync() => await Task.Run(() => 3).ConfigureAwait(false);
}

// ==== wrong: a scope taken by hand that lives across an await
public sealed class CacheLock : LockClass;
public sealed class Service(CacheLock cache)
{
    [RequiresLock(Unlocked)]
    public async Task RunAsync(RtnlContext context, Net net)
    {
        using (AsyncRtnlLease lease = await net.LockAsync(context))
            await Task.Yield(); // RTNL106
        using (await cache.LockAsync(context))
            await Task.Yield(); // RTNL106
    }
}

// ==== right: a scope that ends before the await
public sealed class Service
{
    [RequiresLock(Unlocked)]
    public async Task RunAsync(RtnlContext context, Net net)
    {
        using (await net.LockAsync(context).ConfigureAwait(false))
            context.Read<Table>(net);
        await Task.Yield();
    }
}
