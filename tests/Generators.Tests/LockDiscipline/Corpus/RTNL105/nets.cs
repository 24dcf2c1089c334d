// ==== wrong: another namespace by its id, by name, by an object's peer
public sealed class Device(Net net) : INetObject
{
    public Net Net => net;
    public Device? Peer { get; init; }
}
public sealed record Devices(ImmutableDictionary<int, Device> All);
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        if (request.Read<NsidTable>().Find(3) is { } other)
            request.Stage(other, request.Read<Table>(other)); // RTNL105
        if (request.Net.Registry.Find("x") is not { } named)
            return RtnlResult.Error(Errno.ENOENT);
        request.Context.Stage(named, new Table(ImmutableDictionary<int, string>.Empty)); // RTNL105
        Device device = request.Read<Devices>().All[3];
        if (device.Peer is { } peer)
            Put(request.Context, peer.Net);
        foreach (Net each in request.Net.Registry.All())
            request.Context.Announce(each, 1, RTM_NEWADDR, default(Message)); // RTNL105
        return RtnlResult.Ok;
    }
    private static void Put(RtnlContext context, Net net) => context.Stage(net, context.Read<Table>(net)); // RTNL105 by H.New → H.Put
}

// ==== right: the request's own, posted work, asked for with Holds, and the whole of RTNL
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        request.Stage(request.Net, request.Read<Table>());
        Net own = request.Net;
        request.Context.Stage(own, request.Read<Table>(own));
        if (request.Net.Registry.Find("x") is not { } named)
            return RtnlResult.Error(Errno.ENOENT);
        if (request.Context.Holds(named))
            request.Stage(named, request.Read<Table>(named));
        else
            request.Post(named, later => later.Stage(named, later.Read<Table>(named)));
        return RtnlResult.Ok;
    }
    [DoIt(Rtnl)]
    public RtnlResult Delete(in Request request)
    {
        foreach (Net each in request.Net.Registry.All())
            request.Stage(each, request.Read<Table>(each));
        return RtnlResult.Ok;
    }
}

// ==== wrong: state that hangs on another namespace
public sealed class Counter { [GuardedBy(PerNet)] public int Value; }
public sealed record Counters(ImmutableDictionary<int, Counter> All);
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Net other = request.Net.Registry.Initial;
        request.Read<Counters>(other).All[3].Value++; // RTNL105
        return RtnlResult.Ok;
    }
}

// ==== right: state that hangs on the request's own namespace, and reads of what another publishes
public sealed class Counter { [GuardedBy(PerNet)] public int Value; }
public sealed record Counters(ImmutableDictionary<int, Counter> All);
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        request.Read<Counters>().All[3].Value++;
        return request.Read<Table>(request.Net.Registry.Initial).Rows.Count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: a plan's namespace that its resolve method does not name in a set
public sealed class H
{
    public static RtnlResult Find(in ResolveRequest<Message> request, out Net plan) { plan = request.Net.Registry.Initial; return RtnlResult.Ok; }
    [DoIt(PerNet, Resolve = nameof(Find))]
    public RtnlResult New(in Request request, Net plan)
    {
        request.Stage(plan, request.Read<Table>(plan)); // RTNL105
        return RtnlResult.Ok;
    }
}

// ==== right: a plan's namespace that its resolve method names
public sealed class H
{
    public static RtnlResult Find(in ResolveRequest<Message> request, NetSet nets, out Net plan)
    {
        plan = request.Net.Registry.Initial;
        nets.Add(plan, NetRole.Peer);
        return RtnlResult.Ok;
    }
    [DoIt(PerNet, Resolve = nameof(Find))]
    public RtnlResult New(in Request request, Net plan)
    {
        request.Stage(plan, request.Read<Table>(plan));
        return RtnlResult.Ok;
    }
}
