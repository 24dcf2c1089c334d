using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>What a generated parser reads: the bytes behind a header, where they stand, and how strict to be.</summary>
/// <param name="Bytes">A message's bytes behind nlmsghdr, or a nest's payload. Valid until the request completes.</param>
/// <param name="Offset">Where they begin, counted from nlmsghdr, for extack offsets.</param>
/// <param name="Family">The message's family, on which the length of addresses depends.</param>
/// <param name="Validation">What is refused. A declaration may ask for more, never for less.</param>
public readonly record struct NetlinkPayload(ReadOnlyMemory<byte> Bytes, int Offset, ProtocolFamily Family, NetlinkValidation Validation)
{
    /// <summary>How deep nests may lie in each other (MAX_POLICY_RECURSION_DEPTH).</summary>
    public const int MaxDepth = 10;

    /// <summary>With what a request's own payload may lack, and a nest's says of its place: at once, so that nothing is copied.</summary>
    internal NetlinkPayload(ReadOnlyMemory<byte> bytes, int offset, ProtocolFamily family, NetlinkValidation validation, bool allowShortHeader = false, int depth = 0, bool isReply = false)
        : this(bytes, offset, family, validation)
    {
        AllowShortHeader = allowShortHeader;
        Depth = depth;
        IsReply = isReply;
    }

    /// <summary>
    /// A fixed header of which only the family came is accepted as a zero header without attributes: a GET without strict checking, as
    /// old clients send with <c>struct rtgenmsg</c>.
    /// </summary>
    public bool AllowShortHeader { get; init; }

    /// <summary>How many nests lie around these bytes; 0 for a message.</summary>
    public int Depth { get; init; }

    /// <summary>
    /// The bytes come from a server, not from a client: what a request may not carry is read, what it must carry may be missing, and what a
    /// declaration asks of requests beyond <see cref="Validation"/> is not asked.
    /// </summary>
    public bool IsReply { get; init; }

    /// <summary>Reads a fixed header behind which nothing stands: most questions are no longer.</summary>
    /// <returns>False where anything else is to be read, or too little is there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBare<T>(out T header)
        where T : unmanaged
    {
        if (Bytes.Length == Unsafe.SizeOf<T>())
            return MemoryMarshal.TryRead(Bytes.Span, out header);
        Unsafe.SkipInit(out header);
        return false;
    }

    /// <summary>The same bytes, checked at least so strictly where a client sent them.</summary>
    public NetlinkPayload AtLeast(NetlinkValidation validation) =>
        new(Bytes, Offset, Family, IsReply ? Validation : Validation | validation, AllowShortHeader, Depth, IsReply);

    /// <summary>Whether nothing is asked of an attribute but what its policy says of its length and value.</summary>
    internal bool IsLenient => (Validation & (NetlinkValidation.Unspecified | NetlinkValidation.StrictAttributes | NetlinkValidation.Nested)) == 0;

    /// <summary>Whether any of the checks is asked for.</summary>
    internal bool Asks(NetlinkValidation validation) => (Validation & validation) != 0;

    /// <summary>The payload of an attribute of this one, one level deeper.</summary>
    internal NetlinkPayload Inside(in NetlinkAttributeReader attribute) =>
        new(attribute.Value, attribute.ValueOffset, Family, Validation, depth: Depth + 1, isReply: IsReply);
}
