namespace SmallRtnl.Routes;

/// <summary>What route requests of both families have in common.</summary>
internal static class RouteRequest
{
    /// <summary>Why a route with several next hops is refused, at whichever door it comes.</summary>
    public const string NoMultipath = "A route with several next hops is not served";

    /// <summary>RTA_TABLE, else the header's; 0 means main.</summary>
    public static uint TableOf(in RouteMessage message)
    {
        uint table = message.Table ?? message.Header.Table;
        return table == RouteTableId.Unspecified ? RouteTableId.Main : table;
    }

    /// <summary>What is not served yet is refused: success is never said of what was not done. There are no nexthop objects.</summary>
    public static RtnlResult CheckServed(in RouteMessage message)
    {
        if (message.NexthopId is > 0)
            return RtnlResult.Error(Errno.EINVAL, "Nexthop id does not exist");
        if (message.Multipath is { Span.Length: > 0 })
            return RtnlResult.Error(Errno.EOPNOTSUPP, NoMultipath, RouteAttributeType.RTA_MULTIPATH);
        if (message.Encap is not null || message.EncapType is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP, "Encapsulation is not served", RouteAttributeType.RTA_ENCAP);
        if (message.Via is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP, "A gateway of another family is not served", RouteAttributeType.RTA_VIA);
        return RtnlResult.Ok;
    }

    /// <summary>A nexthop object stands for all that would lead to it.</summary>
    public static RtnlResult CheckNexthopId(in RouteMessage message)
    {
        bool isSpecified = message.Header.Family == ProtocolFamily.AF_INET6
            ? message.NexthopId is not null && (message.Gateway is not null || message.OutputIndex is not null || message.Multipath is not null || message.Encap is not null)
            : message.NexthopId is > 0 && (message.Gateway is { IsAny: false } || message.OutputIndex is not null and not 0 || message.Multipath is not null || message.Encap is not null);
        return isSpecified ? RtnlResult.Error(Errno.EINVAL, "Nexthop specification and nexthop id are mutually exclusive") : RtnlResult.Ok;
    }

    /// <summary>The protocol that a lookup is for: one that has ports, or says what went wrong (<c>rtm_getroute_parse_ip_proto</c>).</summary>
    public static RtnlResult CheckIpProtocol(in RouteMessage message, ProtocolFamily family)
    {
        const byte Icmp = 1, Tcp = 6, Udp = 17, Icmp6 = 58;
        return message.IpProtocol is not { } protocol || protocol is Tcp or Udp || protocol == (family == ProtocolFamily.AF_INET6 ? Icmp6 : Icmp)
            ? RtnlResult.Ok
            : RtnlResult.Error(Errno.EOPNOTSUPP, "Unsupported ip proto");
    }

    /// <summary>What is checked of an IPv6 route before anything else (<c>rtm_to_fib6_config</c>).</summary>
    public static RtnlResult CheckInet6Header(in RouteMessage message)
    {
        if (message.Header.Tos != 0)
            return RtnlResult.Error(Errno.EINVAL, "Invalid dsfield (tos): option not available for IPv6");
        RtnlResult result = CheckNexthopId(in message);
        if (!result.IsOk)
            return result;
        if (message.Via is not null)
            return RtnlResult.Error(Errno.EINVAL, "IPv6 does not support RTA_VIA attribute");
        bool isLonger = (message.Destination is not null && message.Header.DestinationLength > 128) || (message.Source is not null && message.Header.SourceLength > 128);
        return isLonger ? RtnlResult.Error(Errno.EINVAL) : RtnlResult.Ok;
    }

    /// <summary>Which routes a dump is about; only a strict request says (<c>ip_valid_fib_dump_req</c>).</summary>
    /// <returns>False where it names an interface that is not there.</returns>
    public static bool TryReadFilter<TMessage, TShape>(in DumpItRequest<TMessage> request, out RouteFilter filter)
        where TMessage : struct, INetlinkMessage<TMessage>
        where TShape : struct, IRouteShape<TMessage>
    {
        (RtMsg header, uint? table, int? oif) = TShape.Read(request.Message);
        // Nothing here was learned from a router's prefixes, and nothing is cached.
        bool showsNothing = (header.Flags & (RouteFlags.RTM_F_PREFIX | (request.IsStrict ? RouteFlags.RTM_F_CLONED : RouteFlags.None))) != 0;
        filter = new RouteFilter(0, 0, 0, RouteType.RTN_UNSPEC, showsNothing);
        if (!request.IsStrict)
            return true;
        if (oif is { } index && !request.Read<Links.LinkTable>().TryFind(index, out _))
        {
            request.Fail(Errno.ENODEV);
            return false;
        }
        filter = new RouteFilter(table ?? header.Table, oif ?? 0, header.Protocol, header.Type, showsNothing);
        // Every row of a strict dump is marked, its end only where something was chosen by.
        request.SetFiltered(marksEnd: filter != new RouteFilter(0, 0, 0, RouteType.RTN_UNSPEC, false));
        return true;
    }
}

/// <summary>Which routes a dump is about; 0 for all.</summary>
internal readonly record struct RouteFilter(uint Table, int OutputIndex, byte Protocol, RouteType Type, bool ShowsNothing)
{
    public bool Fits(Route route) =>
        (OutputIndex == 0 || route.OutputIndex == OutputIndex)
        && (Protocol == 0 || route.Protocol == Protocol)
        && (Type == RouteType.RTN_UNSPEC || route.Type == Type);
}
