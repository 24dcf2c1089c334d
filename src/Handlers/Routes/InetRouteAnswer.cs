using SmallRtnl.Links;
using static SmallRtnl.Routes.RouteFlags;

namespace SmallRtnl.Routes;

/// <summary>What a lookup found, for a packet that leaves or one that came in.</summary>
internal readonly record struct InetRouteAnswer
{
    /// <summary>Where to, as asked.</summary>
    public InetAddress Destination { get; init; }

    /// <summary>RTA_SRC of the request; null for none.</summary>
    public InetAddress? AskedSource { get; init; }

    /// <summary>The source address that a packet would get; null where it has one, or none is found.</summary>
    public InetAddress? Source { get; init; }

    /// <summary>The interface it came in by; 0 for a packet of the namespace's own.</summary>
    public int InputIndex { get; init; }

    /// <summary>The interface it would leave by; the loopback device for what is delivered here.</summary>
    public int OutputIndex { get; init; }

    /// <summary>The next hop, where it is not the destination.</summary>
    public InetAddress? Gateway { get; init; }

    /// <summary>The metrics that apply.</summary>
    public RouteMetrics? Metrics { get; init; }

    /// <summary>RTA_FLOW; 0 for none.</summary>
    public uint Flow { get; init; }

    /// <summary>RTN_*.</summary>
    public RouteType Type { get; init; }

    /// <summary>RTCF_*.</summary>
    public RouteFlags Flags { get; init; }

    /// <summary>The entry that matched; null where none did, or none was looked for.</summary>
    public Route? Route { get; init; }

    /// <summary>The answer as a message (<c>rt_fill_info</c>).</summary>
    public InetRouteAnswerMessage ToMessage(in RouteMessage request)
    {
        uint table = TableOf(in request);
        RouteFlags notify = (request.Header.Flags & RTM_F_NOTIFY) != 0 ? RTM_F_NOTIFY | RTCF_NOTIFY : None;
        return new InetRouteAnswerMessage
        {
            Header = new RtMsg(ProtocolFamily.AF_INET, 32, (byte)(AskedSource is null ? 0 : 32), Route?.Tos ?? 0, (byte)table, 0, 0, Type, Flags | RTM_F_CLONED | notify),
            Table = table,
            Destination = Destination,
            Source = AskedSource,
            OutputIndex = OutputIndex,
            Flow = Flow == 0 ? null : Flow,
            PreferredSource = Source,
            Gateway = Gateway,
            Metrics = Metrics?.Attributes,
            Mark = request.Mark is null or 0 ? null : request.Mark,
            // A packet that came in belongs to nobody, unless the request says so; -1 is nobody too.
            UserId = request.UserId is { } user ? user == uint.MaxValue ? null : user : InputIndex == 0 ? 0 : null,
            InputIndex = InputIndex == 0 ? null : InputIndex,
            CacheInfo = default(RouteCacheInfo),
        };
    }

    /// <summary>The entry that matched (RTM_F_FIB_MATCH), as the answer sees it.</summary>
    public RtnlResult ToEntry(in RouteMessage request, LinkTable links, long now, out RouteMessage message)
    {
        message = default;
        if (Route is null)
            return RtnlResult.Error(Errno.EHOSTUNREACH);
        RouteMessage entry = RouteMessages.From(Route, links, now);
        uint table = TableOf(in request);
        message = entry with { Table = table, Header = entry.Header with { Table = (byte)table, Type = Type } };
        return RtnlResult.Ok;
    }

    /// <summary>Without rules of one's own local and main are one table to the kernel, and it says main; what another one is called it says if asked.</summary>
    private uint TableOf(in RouteMessage request)
    {
        if ((request.Header.Flags & RTM_F_LOOKUP_TABLE) == 0)
            return RouteTableId.Main;
        return Route is null ? 0 : Route.Table == RouteTableId.Default ? RouteTableId.Default : RouteTableId.Main;
    }
}
