// ==== wrong: 5. the namespace is read before the lock and stale after (unregister_netdevice_notifier_dev_net)
public sealed class Device(Net net) : INetObject { public Net Net => net; [GuardedBy(PerNet)] public int Notifiers; }
public static class Notifiers
{
    [RequiresLock(Unlocked)]
    public static void Unregister(RtnlContext context, Device device)
    {
        using RtnlLease lease = device.Net.Lock(context); // RTNL107
        device.Notifiers--;
    }
}

// ==== right: 5. the device's namespace, looked at again once it is locked
public sealed class Device(Net net) : INetObject { public Net Net => net; [GuardedBy(PerNet)] public int Notifiers; }
public static class Notifiers
{
    [RequiresLock(Unlocked)]
    public static void Unregister(RtnlContext context, RtnlGate gate, Device device)
    {
        using RtnlLease lease = gate.LockNetOf(device, context);
        device.Notifiers--;
    }
}

// ==== wrong: 9. stacked devices whose upper lives in another namespace
public sealed class Device(Net net) : INetObject
{
    public Net Net => net;
    public Device? Upper { get; init; }
}
public sealed record Devices(ImmutableDictionary<int, Device> All);
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        if (request.Read<Devices>().All[request.Message.Index].Upper is { } upper)
            request.Stage(upper.Net, request.Read<Devices>(upper.Net)); // RTNL105
        return RtnlResult.Ok;
    }
}

// ==== right: 9. what happens to the upper device is posted to its namespace
public sealed class Device(Net net) : INetObject
{
    public Net Net => net;
    public Device? Upper { get; init; }
}
public sealed record Devices(ImmutableDictionary<int, Device> All);
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        if (request.Read<Devices>().All[request.Message.Index].Upper is { } upper)
            request.Post(upper.Net, context => context.Stage(upper.Net, context.Read<Devices>(upper.Net)));
        return RtnlResult.Ok;
    }
}
