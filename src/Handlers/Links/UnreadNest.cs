namespace SmallRtnl.Links;

/// <summary>An <see cref="UnreadAttribute"/> that must have room for attributes (NLA_NESTED).</summary>
internal readonly record struct UnreadNest : INetlinkValue<UnreadNest>
{
    private static readonly AttributePolicy s_policy = AttributePolicy.Nested();

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => s_policy;

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out UnreadNest value)
    {
        value = default;
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type) => writer.PutBytes(type, default);
}
