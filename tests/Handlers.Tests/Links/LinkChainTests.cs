using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Links;

namespace SmallRtnl.Handlers.Tests.Links;

public sealed class LinkChainTests
{
    [Fact]
    public async Task A_listener_of_the_users_own_hears_what_it_missed_and_what_follows()
    {
        var services = new ServiceCollection();
        services.AddRtnetlink().AddSmallRtnlHandlers();
        await using ServiceProvider provider = services.BuildServiceProvider();
        RtnlDispatcher dispatcher = provider.GetRequiredService<RtnlDispatcher>();
        Net net = dispatcher.Registry.Initial;
        var listener = new Listener();
        using (var context = RtnlContext.Create())
        using (dispatcher.Registry.Gate.Lock(context))
            Assert.True(provider.GetRequiredService<LinkSubsystem>().Chain.TryRegister(context, dispatcher.Registry, listener));
        Assert.Equal(["Register lo"], listener.Heard);

        using NetlinkClient client = NetlinkClient.Open(dispatcher, net);
        Assert.True((await client.RequestAsync(RtmType.RTM_NEWLINK, NetlinkFlags.NLM_F_CREATE, new LinkMessage
        {
            Name = new InterfaceName("d0"),
            Info = new LinkInfo { Kind = new NetlinkString("dummy") },
        })).IsOk);
        Assert.True((await client.RequestAsync(RtmType.RTM_NEWLINK, NetlinkFlags.None, new LinkMessage
        {
            Header = new IfInfoMsg(ProtocolFamily.AF_UNSPEC, 0, 0, 0, LinkFlags.IFF_UP, LinkFlags.IFF_UP),
            Name = new InterfaceName("d0"),
        })).IsOk);
        Assert.True((await client.RequestAsync(RtmType.RTM_DELLINK, NetlinkFlags.None, new LinkMessage { Name = new InterfaceName("d0") })).IsOk);
        Assert.Equal(["Register lo", "Register d0", "Up d0", "Down d0", "Unregister d0"], listener.Heard);
    }

    private sealed class Listener : INotifier<LinkEvent, LinkTransition>
    {
        public List<string> Heard { get; } = [];

        public NotifierVerdict OnEvent(RtnlContext context, Net net, LinkEvent what, LinkTransition device)
        {
            RtnlAssert.NetHeld(net, context);
            Heard.Add($"{what} {device.After.Name}");
            return NotifierVerdict.Continue;
        }
    }
}
