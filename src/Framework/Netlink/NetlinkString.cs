using System.Text;

namespace SmallRtnl;

/// <summary>A string of any length, read in place from the request's buffer. Valid until the request completes.</summary>
public readonly struct NetlinkString : INetlinkValue<NetlinkString>, IEquatable<NetlinkString>
{
    private readonly ReadOnlyMemory<byte> _utf8;

    /// <summary>Takes text, for messages that are written.</summary>
    public NetlinkString(string text) => _utf8 = Encoding.UTF8.GetBytes(text);

    /// <summary>Takes bytes up to the first NUL.</summary>
    public NetlinkString(ReadOnlyMemory<byte> utf8)
    {
        int end = utf8.Span.IndexOf((byte)0);
        _utf8 = end < 0 ? utf8 : utf8[..end];
    }

    /// <summary>The bytes without the NUL.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.Span;

    /// <summary>Whether the text is this one.</summary>
    public bool Is(ReadOnlySpan<byte> utf8) => Utf8.SequenceEqual(utf8);

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => AttributePolicy.String();

    /// <inheritdoc/>
    public static bool TryReadPlain(in NetlinkAttributeReader attribute, ProtocolFamily family, out NetlinkString value)
    {
        value = new NetlinkString(attribute.Value);
        return attribute.ValueSpan.Length > 0;
    }

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out NetlinkString value)
    {
        value = new NetlinkString(payload);
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type) => writer.PutString(type, Utf8);

    /// <inheritdoc/>
    public bool Equals(NetlinkString other) => Utf8.SequenceEqual(other.Utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NetlinkString other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Utf8);
        return hash.ToHashCode();
    }

    /// <summary>Decodes the text; allocates.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8);

    public static bool operator ==(NetlinkString left, NetlinkString right) => left.Equals(right);

    public static bool operator !=(NetlinkString left, NetlinkString right) => !left.Equals(right);
}
