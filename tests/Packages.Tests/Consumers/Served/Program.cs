using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmallRtnl;
using SmallRtnl.Links;
using static SmallRtnl.RtmType;

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddRtnetlink().AddSmallRtnlHandlers().AddServedHandlers();
using IHost host = builder.Build();
RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
using NetlinkClient client = NetlinkClient.Open(dispatcher, dispatcher.Registry.Initial);
(NetlinkAck ack, LinkMessage link) = await client.GetAsync(RTM_GETLINK, new LinkMessage { Name = new InterfaceName("lo") });
Console.WriteLine($"get {ack.Errno} {link.Name} {link.Header.Index}");
var dummy = new LinkMessage { Name = new InterfaceName("dummy0"), Info = new LinkInfo { Kind = new NetlinkString("dummy") } };
Console.WriteLine($"new {(await client.RequestAsync(RTM_NEWLINK, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, dummy)).Errno}");
foreach (LinkMessage row in await client.DumpAsync(RTM_GETLINK, new LinkMessage()))
    Console.WriteLine($"dump {row.Name}");
(ack, _) = await client.GetAsync(RTM_GETRULE, new RuleMessage());
Console.WriteLine($"own {ack.Errno}");

internal readonly record struct RuleHeader(ProtocolFamily Family, byte Pad1, byte Pad2, byte Pad3);

[NetlinkMessage(RTM_NEWRULE, Header = typeof(RuleHeader))]
internal readonly partial record struct RuleMessage;

internal sealed class RuleHandlers
{
    [DoIt(RtnlLock.Unlocked)]
    public RtnlResult Get(in DoItRequest<RuleMessage> request) => RtnlResult.Error(Errno.ENOENT);
}
