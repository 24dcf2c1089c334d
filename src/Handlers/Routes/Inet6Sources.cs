namespace SmallRtnl.Routes;

/// <summary>RTA_PREFSRC of an IPv6 answer, which the kernel writes twice where both are there, and not at all where none is.</summary>
/// <param name="selected">The source that a packet would get.</param>
/// <param name="configured">The route's own.</param>
internal readonly struct Inet6Sources(InetAddress? selected, InetAddress? configured) : INetlinkValue<Inet6Sources>, IEquatable<Inet6Sources>
{
    private readonly InetAddress? _selected = selected;
    private readonly InetAddress? _configured = configured;

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => InetAddress.PolicyFor(family);

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out Inet6Sources value)
    {
        Errno errno = InetAddress.TryRead(payload, family, out InetAddress address);
        value = new Inet6Sources(address, null);
        return errno;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type)
    {
        _selected?.Write(ref writer, type);
        _configured?.Write(ref writer, type);
    }

    /// <inheritdoc/>
    public bool Equals(Inet6Sources other) => _selected == other._selected && _configured == other._configured;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Inet6Sources other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_selected, _configured);

    public static bool operator ==(Inet6Sources left, Inet6Sources right) => left.Equals(right);

    public static bool operator !=(Inet6Sources left, Inet6Sources right) => !left.Equals(right);
}
