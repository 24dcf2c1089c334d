using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Routes;

/// <summary>One route (<c>struct fib_alias</c> with its <c>fib_info</c>, <c>struct fib6_info</c>). Immutable.</summary>
public sealed record Route
{
    private const long Never = long.MaxValue;

    // There are dozens in a namespace: addresses are kept as bits, and the families in a byte each.
    private readonly AddressBits _destination;
    private readonly AddressBits _gateway;
    private readonly AddressBits _source;
    private readonly long _expiresAt = Never;
    private readonly byte _length;
    private readonly byte _family;
    private readonly byte _gatewayFamily;
    private readonly byte _sourceFamily;

    /// <summary>Makes a route whose other properties are given by name.</summary>
    public Route()
    {
    }

    /// <summary>Makes a route that follows from something.</summary>
    [SetsRequiredMembers]
    internal Route(ProtocolFamily family, FibKey destination, uint table, RouteType type)
    {
        _destination = destination.Bits;
        _length = destination.Length;
        _family = (byte)family;
        Table = table;
        Type = type;
        Protocol = RouteProtocol.Kernel;
    }

    /// <summary>Where it leads.</summary>
    public required Prefix Destination
    {
        get => new(_destination.ToAddress(Family), _length);
        init
        {
            _destination = AddressBits.Of(value.Address);
            _family = (byte)value.Address.Family;
            _length = value.Length;
        }
    }

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
    public InetAddress? Gateway
    {
        get => _gateway.ToOptional((ProtocolFamily)_gatewayFamily);
        init
        {
            _gateway = AddressBits.Of(value, out ProtocolFamily family);
            _gatewayFamily = (byte)family;
        }
    }

    /// <summary>The source address to prefer.</summary>
    public InetAddress? PreferredSource
    {
        get => _source.ToOptional((ProtocolFamily)_sourceFamily);
        init
        {
            _source = AddressBits.Of(value, out ProtocolFamily family);
            _sourceFamily = (byte)family;
        }
    }

    /// <summary>The source address to prefer, of the route's family.</summary>
    internal AddressBits PreferredBits
    {
        init
        {
            _source = value;
            _sourceFamily = _family;
        }
    }

    /// <summary>RTNH_F_ONLINK and the like; what follows from the link's state is computed when it is shown.</summary>
    public RouteFlags Flags { get; init; }

    /// <summary>RTA_METRICS as the kernel writes it; null for none.</summary>
    public RouteMetrics? Metrics { get; init; }

    /// <summary>RTA_FLOW; 0 for none.</summary>
    public uint Flow { get; init; }

    /// <summary>RTA_PREF, IPv6 only.</summary>
    public byte Preference { get; init; }

    /// <summary>When it goes by itself, milliseconds of the host's clock; null for never.</summary>
    public long? ExpiresAt
    {
        get => _expiresAt == Never ? null : _expiresAt;
        init => _expiresAt = value ?? Never;
    }

    /// <summary>An IPv6 route by way of the loopback device, which would loop: it looks as any other and leads nowhere (<c>fib6_is_reject</c>).</summary>
    public bool IsDeadEnd { get; init; }

    /// <summary>AF_INET or AF_INET6.</summary>
    public ProtocolFamily Family => (ProtocolFamily)_family;

    /// <summary>Whether packets are refused rather than sent.</summary>
    public bool IsReject => Type is RouteType.RTN_BLACKHOLE or RouteType.RTN_UNREACHABLE or RouteType.RTN_PROHIBIT or RouteType.RTN_THROW
        || (Type is RouteType.RTN_NAT or RouteType.RTN_XRESOLVE && Family == ProtocolFamily.AF_INET);

    /// <summary>Its destination as the table searches for it.</summary>
    internal FibKey Key => new(_destination, _length);

    /// <summary>The destination's length in bits.</summary>
    internal int Length => _length;

    /// <summary>Whether it is to be preferred for an address of the namespace's own.</summary>
    /// <param name="source">The address's bits.</param>
    /// <param name="family">And its family.</param>
    internal bool Prefers(AddressBits source, ProtocolFamily family) => _sourceFamily == (byte)family && _source == source;

    /// <summary>Whether both lead the same way: everything but the destination, the table and tos.</summary>
    public bool HasSameNexthop(Route other) =>
        OutputIndex == other.OutputIndex && _gateway == other._gateway && _gatewayFamily == other._gatewayFamily
        && _source == other._source && _sourceFamily == other._sourceFamily && Flags == other.Flags
        && Protocol == other.Protocol && Scope == other.Scope && Priority == other.Priority && Flow == other.Flow && Equals(Metrics, other.Metrics);
}
