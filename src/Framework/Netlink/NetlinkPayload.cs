namespace SmallRtnl;

/// <summary>What a generated parser reads: the bytes behind a header, where they stand, and how strict to be.</summary>
/// <param name="Bytes">A message's bytes behind nlmsghdr, or a nest's payload. Valid until the request completes.</param>
/// <param name="Offset">Where they begin, counted from nlmsghdr, for extack offsets.</param>
/// <param name="Family">The message's family, on which the length of addresses depends.</param>
/// <param name="Strict">Strict checking (NETLINK_GET_STRICT_CHK on a GET): unknown attributes and leftovers are EINVAL.</param>
public readonly record struct NetlinkPayload(ReadOnlyMemory<byte> Bytes, int Offset, ProtocolFamily Family, bool Strict)
{
    /// <summary>
    /// A fixed header of which only the family came is accepted as a zero header without attributes: a GET without strict checking, as
    /// old clients send with <c>struct rtgenmsg</c>.
    /// </summary>
    public bool AllowShortHeader { get; init; }
}
