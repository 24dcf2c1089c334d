namespace SmallRtnl;

/// <summary>
/// An attribute's payload as it is: a blob, a nest read later, or a sub-message whose shape a sibling chooses
/// (IFLA_INFO_DATA). Points into the request's buffer; valid until the request completes.
/// </summary>
public readonly struct NetlinkBytes(ReadOnlyMemory<byte> memory) : INetlinkValue<NetlinkBytes>, IEquatable<NetlinkBytes>
{
    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Memory { get; } = memory;

    /// <summary>The payload's bytes.</summary>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => AttributePolicy.Binary();

    /// <inheritdoc/>
    public static bool TryReadPlain(in NetlinkAttributeReader attribute, ProtocolFamily family, out NetlinkBytes value)
    {
        value = new NetlinkBytes(attribute.Value);
        return true;
    }

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out NetlinkBytes value)
    {
        value = new NetlinkBytes(payload);
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type) => writer.PutBytes(type, Span);

    /// <inheritdoc/>
    public bool Equals(NetlinkBytes other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NetlinkBytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(NetlinkBytes left, NetlinkBytes right) => left.Equals(right);

    public static bool operator !=(NetlinkBytes left, NetlinkBytes right) => !left.Equals(right);
}
