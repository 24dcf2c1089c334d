namespace SmallRtnl.Links;

/// <summary>How large the packets are that a link's software offloads may make (<c>netif_set_gso_max_size</c> and its kin). Bytes, but for segments.</summary>
/// <param name="GsoMaxSegments">IFLA_GSO_MAX_SEGS.</param>
/// <param name="GsoMaxSize">IFLA_GSO_MAX_SIZE.</param>
/// <param name="GsoIpv4MaxSize">IFLA_GSO_IPV4_MAX_SIZE.</param>
/// <param name="GroMaxSize">IFLA_GRO_MAX_SIZE.</param>
/// <param name="GroIpv4MaxSize">IFLA_GRO_IPV4_MAX_SIZE.</param>
public sealed record LinkOffload(uint GsoMaxSegments, uint GsoMaxSize, uint GsoIpv4MaxSize, uint GroMaxSize, uint GroIpv4MaxSize)
{
    /// <summary>What a fresh device has.</summary>
    public static LinkOffload Default { get; } = new(65535, Legacy, Legacy, Legacy, Legacy);

    /// <summary>IFLA_TSO_MAX_SIZE: no kind here has less (TSO_MAX_SIZE). It bounds GSO's sizes, and GRO's are bounded alike.</summary>
    internal const uint TsoMaxSize = 524280;

    /// <summary>IFLA_TSO_MAX_SEGS, the bound of GSO's segments.</summary>
    internal const uint TsoMaxSegments = 65535;

    /// <summary>Up to here the IPv4 sizes follow the general ones (GSO_LEGACY_MAX_SIZE).</summary>
    private const uint Legacy = 65536;

    /// <summary>The same with what a request asks for, in the kernel's order.</summary>
    internal LinkOffload With(in LinkMessage message)
    {
        LinkOffload result = this;
        if (message.GsoMaxSize is { } gso)
            result = result with { GsoMaxSize = gso, GsoIpv4MaxSize = gso <= Legacy ? gso : result.GsoIpv4MaxSize };
        if (message.GsoMaxSegments is { } segments)
            result = result with { GsoMaxSegments = segments };
        if (message.GroMaxSize is { } gro)
            result = result with { GroMaxSize = gro, GroIpv4MaxSize = gro <= Legacy ? gro : result.GroIpv4MaxSize };
        if (message.GsoIpv4MaxSize is { } gsoIpv4)
            result = result with { GsoIpv4MaxSize = gsoIpv4 };
        return message.GroIpv4MaxSize is { } groIpv4 ? result with { GroIpv4MaxSize = groIpv4 } : result;
    }

    /// <summary>What a request asks for is within the bounds (<c>validate_linkmsg</c>).</summary>
    internal static RtnlResult Check(in LinkMessage message)
    {
        string? tooBig = message switch
        {
            { GsoMaxSize: > TsoMaxSize } => "too big gso_max_size",
            { GsoMaxSegments: > TsoMaxSegments } => "too big gso_max_segs",
            { GroMaxSize: > TsoMaxSize } => "too big gro_max_size",
            { GsoIpv4MaxSize: > TsoMaxSize } => "too big gso_ipv4_max_size",
            { GroIpv4MaxSize: > TsoMaxSize } => "too big gro_ipv4_max_size",
            _ => null,
        };
        return tooBig is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL, tooBig);
    }
}
