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

    /// <summary>Checks a lookup's header, where the socket is strict (<c>inet_rtm_valid_getroute_req</c> and its IPv6 twin).</summary>
    public static RtnlResult CheckGet(in RouteMessage message, StrictRouteGet strict)
    {
        RtMsg header = message.Header;
        if (header.Table != 0 || header.Protocol != 0 || header.Scope != 0 || header.Type != RouteType.RTN_UNSPEC)
            return RtnlResult.Error(Errno.EINVAL, strict.InvalidValues);
        if ((header.Flags & ~strict.Flags) != 0)
            return RtnlResult.Error(Errno.EINVAL, strict.InvalidFlags);
        bool whole = (message.Destination is null || header.DestinationLength == 0 || header.DestinationLength == strict.Bits)
            && (message.Source is null || header.SourceLength == 0 || header.SourceLength == strict.Bits);
        return whole ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL, strict.InvalidLength);
    }

    /// <summary>What is checked of an IPv6 route before anything else (<c>rtm_to_fib6_config</c>).</summary>
    public static RtnlResult CheckInet6Header(in RouteMessage message)
    {
        if (message.Header.Tos != 0)
            return RtnlResult.Error(Errno.EINVAL, "Invalid dsfield (tos): option not available for IPv6");
        return message.Header.DestinationLength > 128 ? RtnlResult.Error(Errno.EINVAL, "Invalid prefix length") : RtnlResult.Ok;
    }

    /// <summary>Checks a dump's header and attributes, where the socket is strict, and says which routes it is about (<c>ip_valid_fib_dump_req</c>).</summary>
    public static bool TryReadFilter(in DumpItRequest<RouteMessage> request, out RouteFilter filter)
    {
        filter = default;
        RouteMessage message = request.Message;
        RtMsg header = message.Header;
        if (!request.IsStrict)
        {
            // Before strict checking a client could only ask for the route cache, which has nothing to show.
            filter = new RouteFilter(0, 0, 0, RouteType.RTN_UNSPEC, (header.Flags & RouteFlags.RTM_F_CLONED) != 0);
            return true;
        }
        if (header.DestinationLength != 0 || header.SourceLength != 0 || header.Tos != 0 || header.Scope != 0)
            return Refuse(in request, Errno.EINVAL, "Invalid values in header for FIB dump request");
        if ((header.Flags & ~(RouteFlags.RTM_F_CLONED | RouteFlags.RTNH_F_OFFLOAD | RouteFlags.RTNH_F_TRAP)) != 0)
            return Refuse(in request, Errno.EINVAL, "Invalid flags for FIB dump request");
        if (message with { Header = default, Table = null, OutputIndex = null } != default)
            return Refuse(in request, Errno.EINVAL, "Unsupported attribute in FIB dump request");
        if (message.OutputIndex is { } oif && !request.Read<Links.LinkTable>().TryFind(oif, out _))
            return Refuse(in request, Errno.ENODEV, null);
        filter = new RouteFilter(message.Table ?? 0, message.OutputIndex ?? 0, header.Protocol, header.Type, (header.Flags & RouteFlags.RTM_F_CLONED) != 0);
        request.SetFiltered();
        return true;
    }

    private static bool Refuse(in DumpItRequest<RouteMessage> request, Errno errno, string? text)
    {
        request.Fail(errno, text);
        return false;
    }
}

/// <summary>What a family lets a strict lookup say, and how it refuses the rest.</summary>
internal sealed record StrictRouteGet(RouteFlags Flags, int Bits, string InvalidValues, string InvalidFlags, string InvalidLength);

/// <summary>Which routes a dump is about; 0 for all.</summary>
internal readonly record struct RouteFilter(uint Table, int OutputIndex, byte Protocol, RouteType Type, bool OnlyCloned)
{
    public bool Fits(Route route) =>
        (OutputIndex == 0 || route.OutputIndex == OutputIndex)
        && (Protocol == 0 || route.Protocol == Protocol)
        && (Type == RouteType.RTN_UNSPEC || route.Type == Type);
}
