namespace SmallRtnl.Links;

/// <summary>An <see cref="UnreadAttribute"/> of text with its NUL (NLA_NUL_STRING).</summary>
internal readonly record struct UnreadText : INetlinkValue<UnreadText>
{
    private static readonly AttributePolicy s_policy = AttributePolicy.NulString();

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => s_policy;

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out UnreadText value)
    {
        value = default;
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type) => writer.PutBytes(type, "\0"u8);
}
