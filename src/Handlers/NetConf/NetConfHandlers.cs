using SmallRtnl.Links;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.NetConf;

/// <summary>Links' switches as netconf sees them (net/ipv4/devinet.c, net/ipv6/addrconf.c). There are no sysctls to turn any of them on.</summary>
internal static class NetConfHandlers
{
    /// <summary>Answers with one link's, or with those of all or of new ones (<c>inet_netconf_get_devconf</c>).</summary>
    [DoIt(RTM_GETNETCONF, Lock = Unlocked, Family = AF_INET)]
    public static RtnlResult GetInet(in DoItRequest<NetConfGetMessage> request) =>
        TryFind(request.Message.Index, request.Read<LinkTable>(), Errno.ENODEV, out int index) is { IsOk: false } refusal
            ? refusal
            : request.Reply(RTM_NEWNETCONF, Describe(AF_INET, index));

    /// <summary>The same of IPv6 (<c>inet6_netconf_get_devconf</c>).</summary>
    [DoIt(RTM_GETNETCONF, Lock = Unlocked, Family = AF_INET6)]
    public static RtnlResult GetInet6(in DoItRequest<Inet6NetConfGetMessage> request) =>
        TryFind(request.Message.Index, request.Read<LinkTable>(), Errno.EINVAL, out int index) is { IsOk: false } refusal
            ? refusal
            : request.Reply(RTM_NEWNETCONF, Describe(AF_INET6, index));

    /// <summary>Lists every link's, then those of all and of new ones (<c>inet_netconf_dump_devconf</c>).</summary>
    [DumpIt(RTM_GETNETCONF, Lock = Unlocked, Family = AF_INET)]
    public static IEnumerable<NetConfMessage> DumpInet(DumpItRequest<NetConfMessage> request) => Rows(request, AF_INET);

    /// <summary>The same of IPv6 (<c>inet6_netconf_dump_devconf</c>).</summary>
    [DumpIt(RTM_GETNETCONF, Lock = Unlocked, Family = AF_INET6)]
    public static IEnumerable<NetConfMessage> DumpInet6(DumpItRequest<NetConfMessage> request) => Rows(request, AF_INET6);

    private static RtnlResult TryFind(Switch? asked, LinkTable links, Errno unknown, out int index)
    {
        index = asked?.Value ?? 0;
        if (asked is null)
            return RtnlResult.Error(Errno.EINVAL);
        return index is NetConfMessage.All or NetConfMessage.Default || links.TryFind(index, out _) ? RtnlResult.Ok : RtnlResult.Error(unknown);
    }

    private static IEnumerable<NetConfMessage> Rows(DumpItRequest<NetConfMessage> request, ProtocolFamily family)
    {
        foreach (Link link in request.Read<LinkTable>().All)
            yield return Describe(family, link.Index);
        yield return Describe(family, NetConfMessage.All);
        yield return Describe(family, NetConfMessage.Default);
    }

    private static NetConfMessage Describe(ProtocolFamily family, int index)
    {
        var both = new NetConfMessage
        {
            Header = new RtGenMsg(family),
            Index = index,
            Forwarding = 0,
            MulticastForwarding = 0,
            ProxyNeighbours = 0,
            IgnoreRoutesWithLinkDown = 0,
        };
        return family == AF_INET6 ? both : both with { ReversePathFilter = 0, BroadcastForwarding = 0 };
    }
}
