namespace SmallRtnl.Routes;

/// <summary>One route (<c>struct fib_alias</c> with its <c>fib_info</c>, <c>struct fib6_info</c>). Immutable.</summary>
public sealed record Route
{
    /// <summary>Where it leads.</summary>
    public required Prefix Destination { get; init; }

    /// <summary>The table it is in.</summary>
    public required uint Table { get; init; }

    /// <summary>RTN_*.</summary>
    public required RouteType Type { get; init; }

    /// <summary>RT_SCOPE_*.</summary>
    public byte Scope { get; init; }

    /// <summary>RTPROT_*.</summary>
    public byte Protocol { get; init; }

    /// <summary>The type of service; IPv4 only.</summary>
    public byte Tos { get; init; }

    /// <summary>The metric; the smaller one wins.</summary>
    public uint Priority { get; init; }

    /// <summary>The outgoing interface; 0 for an IPv4 route that goes nowhere.</summary>
    public int OutputIndex { get; init; }

    /// <summary>The next hop; null where the destination is on the link.</summary>
    public InetAddress? Gateway { get; init; }

    /// <summary>The source address to prefer.</summary>
    public InetAddress? PreferredSource { get; init; }

    /// <summary>RTNH_F_ONLINK and the like; what follows from the link's state is computed when it is shown.</summary>
    public RouteFlags Flags { get; init; }

    /// <summary>RTA_METRICS as the kernel writes it; null for none.</summary>
    public RouteMetrics? Metrics { get; init; }

    /// <summary>RTA_FLOW; 0 for none.</summary>
    public uint Flow { get; init; }

    /// <summary>RTA_PREF, IPv6 only.</summary>
    public byte Preference { get; init; }

    /// <summary>When it goes by itself, milliseconds of the host's clock; null for never.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>An IPv6 route by way of the loopback device, which would loop: it looks as any other and leads nowhere (<c>fib6_is_reject</c>).</summary>
    public bool IsDeadEnd { get; init; }

    /// <summary>AF_INET or AF_INET6.</summary>
    public ProtocolFamily Family => Destination.Address.Family;

    /// <summary>Whether packets are refused rather than sent.</summary>
    public bool IsReject => Type is RouteType.RTN_BLACKHOLE or RouteType.RTN_UNREACHABLE or RouteType.RTN_PROHIBIT or RouteType.RTN_THROW;

    /// <summary>Whether both lead the same way: everything but the destination, the table and tos.</summary>
    public bool HasSameNexthop(Route other) =>
        OutputIndex == other.OutputIndex && Gateway == other.Gateway && PreferredSource == other.PreferredSource && Flags == other.Flags
        && Protocol == other.Protocol && Scope == other.Scope && Priority == other.Priority && Flow == other.Flow && Equals(Metrics, other.Metrics);
}
