// ==== wrong: by the property, through a variable, in a set
public sealed class Device(Net net) : INetObject { public Net Net => net; }
public sealed class Service
{
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Device device, INetObject other, Net net)
    {
        using (device.Net.Lock(context)) { } // RTNL107
        Net current = other.Net;
        using (current.Lock(context)) { } // RTNL107
        using (NetLockSet.Of(net, device.Net).Lock(context)) { } // RTNL107
        if (other.Net.TryLock(context, out RtnlLease lease)) // RTNL107
            lease.Dispose();
    }
}

// ==== right: LockNetOf, and what is no object's property
public sealed class Device(Net net) : INetObject { public Net Net => net; }
public sealed class Holder(Net net) { public Net Net => net; }
public sealed class Service
{
    [RequiresLock(Unlocked)]
    public async Task Run(RtnlContext context, Device device, Holder holder, Net net)
    {
        using (net.Registry.Gate.LockNetOf(device, context)) { }
        using (await net.Registry.Gate.LockNetOfAsync(device, context)) { }
        using (holder.Net.Lock(context)) { }
        using (net.Lock(context)) { }
        GC.KeepAlive(device.Net);
    }
}
