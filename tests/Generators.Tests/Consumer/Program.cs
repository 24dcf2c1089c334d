using Microsoft.Extensions.DependencyInjection;
using SmallRtnl;
using static SmallRtnl.RtnlLock;
using static SmallRtnl.RtmType;

var services = new ServiceCollection();
services.AddRtnetlink().AddMyAppHandlers();
using ServiceProvider provider = services.BuildServiceProvider();
foreach (HandlerInfo handler in provider.GetRequiredService<HandlerTable>().Handlers)
    Console.WriteLine($"{handler.Method} {handler.Type} {(handler.IsDump ? "dumpit" : "doit")} {handler.Lock} {handler.Module}");

internal readonly record struct IfAddrMsg(ProtocolFamily Family, byte PrefixLength, byte Flags, byte Scope, uint Index);

[NetlinkMessage(RTM_NEWADDR, Header = typeof(IfAddrMsg))]
internal readonly partial record struct AddressMessage
{
    [NetlinkAttribute(3)]
    public InterfaceName? Label { get; init; }
}

internal sealed class AddressHandlers
{
    [DoIt(RTM_NEWADDR, Lock = PerNet)]
    public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

    [DumpIt(Unlocked)]
    public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];
}
