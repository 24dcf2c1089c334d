// ==== wrong: 1. a callee drops and retakes a lock that its caller holds under another word (lwtunnel_valid_encap_type)
public sealed class H(NetRegistry registry)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        LoadModule(request.Context);
        request.Stage(request.Read<Table>().With(3, "x"));
        return RtnlResult.Ok;
    }
    private void LoadModule(RtnlContext context)
    {
        using (registry.Gate.Lock(context)) // RTNL104 by H.New → H.LoadModule
            Thread.Sleep(1); // RTNL106
    }
}

// ==== right: 1. slow preparation happens in the resolve phase, before the lock
public sealed class H
{
    public static RtnlResult Load(in ResolveRequest<Message> request, out string plan)
    {
        Thread.Sleep(1);
        plan = "module";
        return RtnlResult.Ok;
    }
    [DoIt(PerNet, Resolve = nameof(Load))]
    public RtnlResult New(in Request request, string plan)
    {
        request.Stage(request.Read<Table>().With(3, plan));
        return RtnlResult.Ok;
    }
}

// ==== wrong: 2. an assertion in a shared callee that a driver's callback reaches without the lock (vlan_for_each)
public delegate void RxMode(RtnlContext context, Net net);
public sealed class Vlans
{
    [GuardedBy(PerNet)] private readonly List<int> _vlans = [];
    public void ForEach(Action<int> action)
    {
        foreach (int vlan in _vlans) // RTNL101
            action(vlan);
    }
}
public sealed class Multicast(Vlans vlans)
{
    private readonly RxMode _setRxMode = (context, net) => vlans.ForEach(static vlan => GC.KeepAlive(vlan));
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        _setRxMode(request.Context, request.Net);
        return RtnlResult.Ok;
    }
}

// ==== right: 2. the callback's type says what its callers hold
[RequiresLock(PerNet)] public delegate void RxMode(RtnlContext context, Net net);
public sealed class Vlans
{
    [GuardedBy(PerNet)] private readonly List<int> _vlans = [];
    public void ForEach(Action<int> action)
    {
        foreach (int vlan in _vlans)
            action(vlan);
    }
}
public sealed class Multicast(Vlans vlans)
{
    private readonly RxMode _setRxMode = (context, net) => vlans.ForEach(static vlan => GC.KeepAlive(vlan));
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _setRxMode(request.Context, request.Net);
        return RtnlResult.Ok;
    }
}

// ==== wrong: 2. bond's MII monitor, a timer, asks a link without the lock
public sealed class Bond
{
    [GuardedBy(PerNet)] private bool _carrier;
    private readonly Timer _monitor;
    public Bond() => _monitor = new Timer(_ => Look());
    private void Look() => _carrier = !_carrier; // RTNL101, RTNL101
}

// ==== right: 2. the monitor posts its work to the namespace
public sealed class Bond
{
    [GuardedBy(PerNet)] private bool _carrier;
    private readonly Timer _monitor;
    public Bond(Net net) => _monitor = new Timer(_ => net.Post(context => Look()));
    private void Look() => _carrier = !_carrier;
}
