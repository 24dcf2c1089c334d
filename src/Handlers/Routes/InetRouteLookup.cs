using SmallRtnl.Links;
using static SmallRtnl.Routes.RouteFlags;

namespace SmallRtnl.Routes;

/// <summary>The way an IPv4 packet of the namespace's own would take (<c>ip_route_output_key_hash_rcu</c>).</summary>
internal static class InetRouteLookup
{
    private const uint AllHosts = 0xe000_0001;

    public static RtnlResult TryFind(RouteView view, in RouteMessage message, out InetRouteAnswer answer)
    {
        answer = default;
        InetAddress asked = message.Destination ?? InetAddress.Any(ProtocolFamily.AF_INET);
        InetAddress? source = message.Source is { IsAny: false } named ? named : null;
        var packet = new Packet { Asked = asked, AskedSource = source, Destination = asked, Source = source };
        int oif = message.OutputIndex ?? 0;
        if (source is { } from)
        {
            if (from.IsMulticast || IsBroadcast(from))
                return RtnlResult.Error(Errno.EINVAL);
            int owner = view.OwnerOf(from);
            if (owner == 0)
                return RtnlResult.Error(Errno.ENETUNREACH);
            // A source says which link a group, or everybody, is to be found on.
            if (oif == 0 && (asked.IsMulticast || IsBroadcast(asked)))
                return packet.Leave(view, owner, RouteType.RTN_UNSPEC, null, out answer);
        }
        if (oif != 0)
        {
            if (!view.TryFindLink(oif, out Link? link))
                return RtnlResult.Error(Errno.ENODEV);
            if (!link.IsUp)
                return RtnlResult.Error(Errno.ENETUNREACH);
            if (IsLinkGroup(asked) || IsBroadcast(asked))
            {
                packet.Source ??= view.SelectInet(oif, null, RouteScope.Link);
                return packet.Leave(view, oif, RouteType.RTN_UNSPEC, null, out answer);
            }
            if (asked.IsMulticast)
                packet.Source ??= view.SelectInet(oif, null, RouteScope.Universe);
            else if (asked.IsAny)
                packet.Source ??= view.SelectInet(oif, null, RouteScope.Host);
        }
        if (asked.IsAny)
        {
            packet.Source ??= InetAddress.FromIPv4(0x7f00_0001);
            packet.Destination = packet.Source.Value;
            return packet.Leave(view, view.LoopbackIndex, RouteType.RTN_LOCAL, null, out answer);
        }
        Errno errno = view.LookupInet(asked, oif, RouteScope.Universe, message.Header.Tos, out Route? route);
        if (errno != Errno.None)
        {
            if (oif == 0)
                return RtnlResult.Error(errno);
            // Apparently the tables are wrong: the destination is taken to be on the link.
            packet.Source ??= view.SelectInet(oif, null, RouteScope.Link);
            return packet.Leave(view, oif, RouteType.RTN_UNICAST, null, out answer);
        }
        if (route!.Type == RouteType.RTN_LOCAL)
        {
            packet.Source ??= route.PreferredSource ?? asked;
            return packet.Leave(view, view.LoopbackIndex, RouteType.RTN_LOCAL, route, out answer);
        }
        packet.Source ??= route.PreferredSource ?? view.SelectInet(route.OutputIndex, route.Gateway, route.Scope);
        return packet.Leave(view, route.OutputIndex, route.Type, route, out answer);
    }

    /// <summary>255.255.255.255: everybody on the link.</summary>
    public static bool IsBroadcast(InetAddress address) => address.Value == uint.MaxValue;

    /// <summary>224.0.0.0/24: groups that no router forwards.</summary>
    public static bool IsLinkGroup(InetAddress address) => address.Value >> 8 == AllHosts >> 8;

    /// <summary>Every interface that is up is a member of 224.0.0.1, and of no other group (<c>ip_check_mc_rcu</c>).</summary>
    public static bool IsMember(RouteView view, InetAddress group, int index) =>
        group.Value == AllHosts && view.TryFindLink(index, out Link? link) && link.IsUp;

    /// <summary>A packet on its way out.</summary>
    private struct Packet
    {
        public InetAddress Asked;
        public InetAddress? AskedSource;
        public InetAddress Destination;
        public InetAddress? Source;

        /// <summary>The last step (<c>__mkroute_output</c>).</summary>
        public readonly RtnlResult Leave(RouteView view, int index, RouteType type, Route? route, out InetRouteAnswer answer)
        {
            answer = default;
            bool isLoopback = view.TryFindLink(index, out Link? link) && link.IsLoopback;
            // A packet from 127.0.0.0/8 never leaves.
            if (Source is { IsLoopback: true } && !isLoopback)
                return RtnlResult.Error(Errno.EINVAL);
            RouteFlags flags = isLoopback ? RTCF_LOCAL : None;
            Route? way = route;
            if (IsBroadcast(Destination) || type == RouteType.RTN_BROADCAST)
            {
                type = RouteType.RTN_BROADCAST;
                flags |= RTCF_BROADCAST | RTCF_LOCAL;
                way = null;
            }
            else if (Destination.IsMulticast)
            {
                type = RouteType.RTN_MULTICAST;
                flags |= RTCF_MULTICAST;
                if (IsMember(view, Destination, index))
                    flags |= RTCF_LOCAL;
                else
                    flags &= ~RTCF_LOCAL;
                // The default route serves groups as well, but its gateway does not.
                if (route is { Length: < 4 })
                    way = null;
            }
            answer = new InetRouteAnswer
            {
                Destination = Asked,
                AskedSource = AskedSource,
                Source = AskedSource is null ? Source : null,
                OutputIndex = index,
                Gateway = way?.Gateway,
                Metrics = way?.Metrics,
                Flow = way?.Flow ?? 0,
                Type = type,
                Flags = flags,
                Route = route,
            };
            return RtnlResult.Ok;
        }
    }
}
