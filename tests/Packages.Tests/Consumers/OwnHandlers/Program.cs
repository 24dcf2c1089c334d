using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmallRtnl;
using static SmallRtnl.RtnlLock;
using static SmallRtnl.RtmType;

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddSingleton<LabelCounter>();
builder.Services.AddRtnetlink().AddMyAppHandlers();
using IHost host = builder.Build();
foreach (HandlerInfo handler in host.Services.GetRequiredService<HandlerTable>().Handlers)
    Console.WriteLine($"{handler.Method} {handler.Type} {(handler.IsDump ? "dumpit" : "doit")} {handler.Lock} {handler.Audit?.Verdict}");

RtnlDispatcher dispatcher = host.Services.GetRequiredService<RtnlDispatcher>();
using NetlinkClient client = NetlinkClient.Open(dispatcher, dispatcher.Registry.Initial);
var request = new LabelMessage { Label = new InterfaceName("eth0") };
Console.WriteLine($"new {(await client.RequestAsync(RTM_NEWADDR, NetlinkFlags.None, request)).Errno}");
foreach (LabelMessage row in await client.DumpAsync(RTM_GETADDR, new LabelMessage()))
    Console.WriteLine($"dump {row.Label}");
try
{
#pragma warning disable RTNL102 // The call is to assert, which is the package's targets' and the interceptors' doing.
    host.Services.GetRequiredService<LabelCounter>().Reset();
#pragma warning restore RTNL102
    Console.WriteLine("reset unasserted");
}
catch (RtnlAssertionException)
{
    Console.WriteLine("reset RtnlAssertionException");
}

internal readonly record struct IfAddrMsg(ProtocolFamily Family, byte PrefixLength, byte Flags, byte Scope, uint Index);

[NetlinkMessage(RTM_NEWADDR, Header = typeof(IfAddrMsg))]
internal readonly partial record struct LabelMessage
{
    [NetlinkAttribute(3)]
    public InterfaceName? Label { get; init; }
}

internal sealed class LabelCounter
{
    [GuardedBy(PerNet)]
    public int Labels;

    [RequiresLock(PerNet)]
    public void Reset() => Labels = 0;
}

internal sealed class LabelHandlers(LabelCounter counter)
{
    [DoIt(RTM_NEWADDR, Lock = PerNet)]
    public RtnlResult New(in DoItRequest<LabelMessage> request)
    {
        counter.Labels++;
        return request.Message.Label is null ? RtnlResult.Error(Errno.EINVAL) : RtnlResult.Ok;
    }

    [DumpIt(Unlocked)]
    public IEnumerable<LabelMessage> Dump(DumpItRequest<LabelMessage> request)
    {
        yield return new LabelMessage { Label = new InterfaceName("eth0") };
        yield return new LabelMessage { Label = new InterfaceName("eth1") };
    }
}
