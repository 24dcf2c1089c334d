namespace SmallRtnl.Routes;

/// <summary>What route requests of both families have in common.</summary>
internal static class RouteRequest
{
    /// <summary>RTA_TABLE, else the header's; 0 means main.</summary>
    public static uint TableOf(in RouteMessage message)
    {
        uint table = message.Table ?? message.Header.Table;
        return table == RouteTableId.Unspecified ? RouteTableId.Main : table;
    }

    /// <summary>What is not served yet is refused: success is never said of what was not done.</summary>
    public static RtnlResult CheckServed(in RouteMessage message)
    {
        if (message.NexthopId is not null)
            return RtnlResult.Error(Errno.EINVAL, "Nexthop id does not exist", RouteAttributeType.RTA_NH_ID);
        if (message.Multipath is { Span.Length: > 0 })
            return RtnlResult.Error(Errno.EOPNOTSUPP, "Multipath routes are not supported", RouteAttributeType.RTA_MULTIPATH);
        if (message.Encap is not null || message.EncapType is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP, "Encapsulation is not supported", RouteAttributeType.RTA_ENCAP);
        if (message.Via is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP, "Gateways of another family are not supported", RouteAttributeType.RTA_VIA);
        return RtnlResult.Ok;
    }

    /// <summary>What is checked of an IPv6 route before anything else (<c>rtm_to_fib6_config</c>).</summary>
    public static RtnlResult CheckInet6Header(in RouteMessage message)
    {
        if (message.Header.Tos != 0)
            return RtnlResult.Error(Errno.EINVAL, "Invalid dsfield (tos): option not available for IPv6");
        return message.Header.DestinationLength > 128 ? RtnlResult.Error(Errno.EINVAL, "Invalid prefix length") : RtnlResult.Ok;
    }

    /// <summary>Which routes a dump is about; only a strict request says (<c>ip_valid_fib_dump_req</c>).</summary>
    /// <returns>False where it names an interface that is not there.</returns>
    public static bool TryReadFilter(in DumpItRequest<RouteMessage> request, out RouteFilter filter)
    {
        RouteMessage message = request.Message;
        RtMsg header = message.Header;
        // Nothing here was learned from a router's prefixes, and nothing is cached.
        bool showsNothing = (header.Flags & (RouteFlags.RTM_F_PREFIX | (request.IsStrict ? RouteFlags.RTM_F_CLONED : RouteFlags.None))) != 0;
        filter = new RouteFilter(0, 0, 0, RouteType.RTN_UNSPEC, showsNothing);
        if (!request.IsStrict)
            return true;
        if (message.OutputIndex is { } oif && !request.Read<Links.LinkTable>().TryFind(oif, out _))
        {
            request.Fail(Errno.ENODEV);
            return false;
        }
        filter = new RouteFilter(message.Table ?? header.Table, message.OutputIndex ?? 0, header.Protocol, header.Type, showsNothing);
        request.SetFiltered();
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
