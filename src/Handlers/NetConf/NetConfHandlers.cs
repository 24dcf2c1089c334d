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
    public static RtnlResult GetInet(in DoItRequest<NetConfMessage> request) => Get(in request, AF_INET, Errno.ENODEV);

    /// <summary>The same of IPv6 (<c>inet6_netconf_get_devconf</c>).</summary>
    [DoIt(RTM_GETNETCONF, Lock = Unlocked, Family = AF_INET6)]
    public static RtnlResult GetInet6(in DoItRequest<NetConfMessage> request) => Get(in request, AF_INET6, Errno.EINVAL);

    /// <summary>Lists every link's, then those of all and of new ones (<c>inet_netconf_dump_devconf</c>).</summary>
    [DumpIt(RTM_GETNETCONF, Lock = Unlocked, Family = AF_INET)]
    public static IEnumerable<NetConfMessage> DumpInet(DumpItRequest<NetConfMessage> request) => Rows(request, AF_INET);

    /// <summary>The same of IPv6 (<c>inet6_netconf_dump_devconf</c>).</summary>
    [DumpIt(RTM_GETNETCONF, Lock = Unlocked, Family = AF_INET6)]
    public static IEnumerable<NetConfMessage> DumpInet6(DumpItRequest<NetConfMessage> request) => Rows(request, AF_INET6);

    private static RtnlResult Get(in DoItRequest<NetConfMessage> request, ProtocolFamily family, Errno unknown)
    {
        if (request.Message.Index is not { } index)
            return RtnlResult.Error(Errno.EINVAL);
        if (index is not (NetConfMessage.All or NetConfMessage.Default) && !request.Read<LinkTable>().TryFind(index, out _))
            return RtnlResult.Error(unknown);
        return request.Reply(Describe(family, index));
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
