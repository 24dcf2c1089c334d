namespace SmallRtnl.Links;

/// <summary>An attribute of which only its presence is kept: what the kernel ignores, or what is refused whatever it says.</summary>
internal readonly record struct UnreadAttribute : INetlinkValue<UnreadAttribute>
{
    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out UnreadAttribute value)
    {
        value = default;
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type) => writer.PutBytes(type, default);
}
