using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Dispatch;

/// <summary>Names namespaces as a request asks for it.</summary>
internal sealed class RoleHandlers
{
    /// <summary>What is named, in which role.</summary>
    public static readonly AsyncLocal<(Net Net, NetRole Role)[]> Named = new();

    [DoIt(RTM_SETTHING, Lock = RtnlLock.PerNet, Family = ProtocolFamily.AF_MPLS, Resolve = nameof(Find))]
    public RtnlResult Set(in DoItRequest<ThingMessage> request, int plan) => RtnlResult.Ok;

    [DoIt(RTM_GETTHING, Lock = RtnlLock.PerNet, Family = ProtocolFamily.AF_MPLS, Resolve = nameof(Find))]
    public RtnlResult Get(in DoItRequest<ThingMessage> request, int plan) => RtnlResult.Ok;

    [DoIt(RTM_NEWTHING, Lock = RtnlLock.PerNet, Family = ProtocolFamily.AF_MPLS, Resolve = nameof(Look))]
    public RtnlResult New(in DoItRequest<ThingMessage> request, int plan) => RtnlResult.Ok;

    public RtnlResult Find(in ResolveRequest<ThingMessage> request, NetSet nets, out int plan)
    {
        plan = 0;
        foreach ((Net net, NetRole role) in Named.Value!)
            nets.Add(net, role);
        return RtnlResult.Ok;
    }

    public RtnlResult Look(in ResolveRequest<ThingMessage> request, out int plan)
    {
        plan = 0;
        return RtnlResult.Ok;
    }
}

public sealed class NetSetTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly Net _own;
    private readonly Net _mine;
    private readonly Net _foreign;
    private readonly NetlinkClient _client;

    public NetSetTests()
    {
        _own = _host.Create("own");
        _mine = _host.Create("mine");
        _foreign = _host.Create("foreign");
        _client = NetlinkClient.Open(_host.Dispatcher, _own);
        // Root in a user namespace of its own may configure what belongs to that, and nothing else.
        _client.Socket.Capability = net => ReferenceEquals(net, _mine);
    }

    public void Dispose()
    {
        _client.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData(NetRole.Target)]
    [InlineData(NetRole.Link)]
    [InlineData(NetRole.Peer)]
    public async Task The_privilege_is_asked_of_each_namespace_whatever_its_role(NetRole role)
    {
        foreach (RtmType type in (RtmType[])[RTM_SETTHING, RTM_GETTHING])
        {
            Assert.Equal(default, await SetAsync(type));
            Assert.Equal(default, await SetAsync(type, (_own, role)));
            Assert.Equal(default, await SetAsync(type, (_mine, role)));
            Assert.Equal(Errno.EPERM, (await SetAsync(type, (_foreign, role))).Errno);
            Assert.Equal(Errno.EPERM, (await SetAsync(type, (_mine, NetRole.Target), (_foreign, role))).Errno);
        }
    }

    [Fact]
    public async Task Another_namespace_does_not_pass_as_the_sockets()
    {
        Assert.Equal(default, await SetAsync(RTM_SETTHING, (_own, NetRole.Socket)));
        Assert.Equal(Errno.EIO, (await SetAsync(RTM_SETTHING, (_foreign, NetRole.Socket))).Errno);
    }

    [Fact]
    public void The_table_tells_a_resolve_method_from_one_that_names_namespaces()
    {
        HandlerInfo Find(RtmType type) => _host.Dispatcher.Table.Handlers.Single(handler => handler.Type == type && handler.Family == ProtocolFamily.AF_MPLS);
        Assert.Equal((true, true), (Find(RTM_SETTHING).Resolves, Find(RTM_SETTHING).NamesNets));
        Assert.Equal((true, false), (Find(RTM_NEWTHING).Resolves, Find(RTM_NEWTHING).NamesNets));
        Assert.All(_host.Dispatcher.Table.Handlers.Where(handler => handler.Family != ProtocolFamily.AF_MPLS), handler => Assert.False(handler.Resolves || handler.NamesNets));
    }

    private async Task<NetlinkAck> SetAsync(RtmType type, params (Net, NetRole)[] named)
    {
        RoleHandlers.Named.Value = named;
        return await _client.RequestAsync(type, NetlinkFlags.None, new ThingMessage { Header = new ThingHeader(ProtocolFamily.AF_MPLS, 0, 0) }, TestContext.Current.CancellationToken);
    }
}
