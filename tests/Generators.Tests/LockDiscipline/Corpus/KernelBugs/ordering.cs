// ==== wrong: 11. two of one class nested by hand
public static class Mover
{
    [RequiresLock(Unlocked)]
    public static void Move(RtnlContext context, Net source, Net target)
    {
        using (source.Lock(context))
        using (target.Lock(context)) // RTNL104
        {
            context.Stage(target, context.Read<Table>(source));
        }
    }
}

// ==== right: 11. a set is locked in its order
public static class Mover
{
    [RequiresLock(Unlocked)]
    public static void Move(RtnlContext context, Net source, Net target)
    {
        using (NetLockSet.Of(source, target).Lock(context))
            context.Stage(target, context.Read<Table>(source));
    }
}

// ==== wrong: 12. a grace period is waited for under the lock whose holders are readers
public static class Srcu { [Excludes(PerNet)] public static void Synchronize() { } }
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request)
    {
        request.Stage(request.Read<Table>());
        Srcu.Synchronize(); // RTNL109
        return RtnlResult.Ok;
    }
}

// ==== right: 12. it is waited for once the locks are gone
public static class Srcu { [Excludes(PerNet)] public static void Synchronize() { } }
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request)
    {
        request.Stage(request.Read<Table>());
        request.Defer(Srcu.Synchronize);
        return RtnlResult.Ok;
    }
}

// ==== wrong: 13. waiting for work that needs the lock (wireguard, iavf)
public sealed class Watchdog(Net net)
{
    private Task _reset = Task.CompletedTask;
    [RequiresLock(PerNet)]
    public void Stop()
    {
        net.FlushAsync().Wait(); // RTNL106, RTNL109
        _reset.Wait(); // RTNL106
    }
}

// ==== right: 13. stopped with nothing held
public sealed class Watchdog(Net net)
{
    private readonly Task _reset = Task.CompletedTask;
    [RequiresLock(Unlocked)]
    public async Task StopAsync()
    {
        await net.FlushAsync();
        await _reset;
    }
}

// ==== wrong: 14. an instance's lock taken twice, the second time in a notifier (dev_disable_lro)
public sealed class DeviceLock : LockClass;
public enum Happening { [LockClass(PerNet)] Change }
public sealed class Device
{
    public DeviceLock Lock { get; } = new();
    public void DisableLro(RtnlContext context)
    {
        using (Lock.Lock(context)) { } // RTNL104 by H.Set
    }
}
public sealed class Bridge : INotifier<Happening, Device>
{
    public NotifierVerdict OnEvent(RtnlContext context, Net net, Happening what, Device device)
    {
        device.DisableLro(context);
        return NotifierVerdict.Continue;
    }
}
public sealed class H(INotifier<Happening, Device> bridge, Device device)
{
    [DoIt(RTM_SETLINK, Lock = PerNet)]
    public RtnlResult Set(in Request request)
    {
        using (device.Lock.Lock(request.Context))
            bridge.OnEvent(request.Context, request.Net, Happening.Change, device);
        return RtnlResult.Ok;
    }
}

// ==== right: 14. the callee that runs inside says so, and takes nothing
public sealed class DeviceLock : LockClass;
public enum Happening { [LockClass(PerNet)] Change }
public sealed class Device
{
    public DeviceLock Lock { get; } = new();
    [RequiresLock(typeof(DeviceLock))] public void DisableLro() => RtnlAssert.Held(Lock);
}
public sealed class H(Device device)
{
    [DoIt(RTM_SETLINK, Lock = PerNet)]
    public RtnlResult Set(in Request request)
    {
        using (device.Lock.Lock(request.Context))
            device.DisableLro();
        return RtnlResult.Ok;
    }
}
