namespace SmallRtnl.Links;

/// <summary>An <see cref="UnreadAttribute"/> of at least four bytes (NLA_U32).</summary>
internal readonly record struct UnreadUInt32 : INetlinkValue<UnreadUInt32>
{
    private static readonly AttributePolicy s_policy = AttributePolicy.Integer(sizeof(uint), isSigned: false);

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => s_policy;

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out UnreadUInt32 value)
    {
        value = default;
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type) => writer.PutBytes(type, stackalloc byte[sizeof(uint)]);
}
