using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// What a GET may say beside what its attributes' policies ask, and how the rest is refused: one declaration for a message, a family and an
/// operation (<see cref="INetlinkMessage{TSelf}.GetRulesOf"/>), checked in the kernel's order before any handler sees the request. Immutable.
/// </summary>
/// <remarks>
/// A doit's fixed header must be whole whoever asks. Everything else is asked of who checks strictly (NETLINK_GET_STRICT_CHK), or of
/// everybody, or of nobody, where <see cref="Strictness"/> says so: first the header's length, then its fields, then that nothing stands behind it or
/// that the attributes pass their policies, last that each of them means something to this request.
/// </remarks>
public sealed record GetRules
{
    private readonly ImmutableHashSet<ushort> _attributes = [];

    /// <summary>What is said of a fixed header that is cut short; null for the text of <c>nlmsg_parse</c>.</summary>
    public string? ShortHeader { get; init; }

    /// <summary>The checks of the header's fields, in order.</summary>
    public ImmutableArray<HeaderCheck> Header { get; init; } = [];

    /// <summary>Nothing may stand behind the header: what is said where something does; null where attributes may follow.</summary>
    public string? DataBehindHeader { get; init; }

    /// <summary>Whether something stands behind the header is asked before the header's fields.</summary>
    public bool DataFirst { get; init; }

    /// <summary>What is said of an attribute that means nothing to the request; null where every attribute may stand there.</summary>
    public string? UnsupportedAttribute { get; init; }

    /// <summary>The attributes that mean something.</summary>
    public IEnumerable<ushort> Attributes
    {
        get => _attributes;
        init => _attributes = [.. value];
    }

    /// <summary>What the header must say for an attribute to stand there, checked once all attributes have passed their policies.</summary>
    public ImmutableArray<(ushort Attribute, HeaderCheck Check)> HeaderOfAttributes { get; init; } = [];

    /// <summary>Attributes for which the family has no policy, though the message declares one: a payload that it would refuse counts as absent.</summary>
    public ImmutableArray<ushort> Unjudged { get; init; } = [];

    /// <summary>By whose policies addresses are judged; null: the request's own family's.</summary>
    public ProtocolFamily? JudgedAs { get; init; }

    /// <summary>A refusal says where the attribute stands that means nothing (NLMSGERR_ATTR_OFFS).</summary>
    public bool PointsAtAttribute { get; init; }

    /// <summary>Of whom all this is asked.</summary>
    public GetStrictness Strictness { get; init; }

    /// <summary>What stands behind the header is never looked at.</summary>
    public bool IgnoresAttributes { get; init; }

    /// <summary>Attributes that fail their policies are refused without saying why.</summary>
    public bool IsSilent { get; init; }

    /// <summary>What a dump makes of the request of who does not check strictly.</summary>
    public LenientDump LenientDump { get; init; }

    /// <summary>Checks a whole fixed header and that nothing follows where nothing may.</summary>
    internal bool Accepts(ReadOnlySpan<byte> payload, int headerSize, Extack extack)
    {
        bool hasData = DataBehindHeader is not null && payload.Length != NetlinkAlignment.Align(headerSize);
        if (hasData && DataFirst)
            return extack.Fail(Errno.EINVAL, DataBehindHeader);
        foreach (HeaderCheck check in Header)
        {
            if (!check.Passes(payload))
                return extack.Fail(Errno.EINVAL, check.Refusal);
        }
        return !hasData || extack.Fail(Errno.EINVAL, DataBehindHeader);
    }

    /// <summary>Checks attributes that have passed their policies.</summary>
    internal bool AcceptsAttributes(in NetlinkPayload payload, int headerSize, Extack extack)
    {
        int start = NetlinkAlignment.Align(headerSize);
        if (UnsupportedAttribute is null || payload.Bytes.Length <= start)
            return true;
        var attribute = new NetlinkAttributeReader(payload.Bytes[start..], payload.Offset + start);
        // The kernel goes through its table, so the lowest number is refused first.
        int lowest = int.MaxValue;
        int offset = 0;
        while (attribute.Read())
        {
            foreach ((ushort type, HeaderCheck check) in HeaderOfAttributes)
            {
                if (attribute.Type == type && !check.Passes(payload.Bytes.Span))
                    return extack.Fail(Errno.EINVAL, check.Refusal);
            }
            if (attribute.Type == 0 || attribute.Type >= lowest || _attributes.Contains(attribute.Type))
                continue;
            lowest = attribute.Type;
            offset = attribute.AttributeOffset;
        }
        return lowest == int.MaxValue || extack.Fail(Errno.EINVAL, UnsupportedAttribute, PointsAtAttribute ? offset : 0);
    }
}

/// <summary>What a fixed header may or must say, bit by bit, and how the rest is refused. Immutable.</summary>
public sealed class HeaderCheck
{
    // The bits to look at, in words; what is left over behind the last whole one.
    private readonly uint[] _words;
    private readonly byte[] _rest;
    private readonly bool _isRequired;

    private HeaderCheck(ReadOnlySpan<byte> bits, bool isRequired, string refusal)
    {
        byte[] mask = bits.ToArray();
        for (int i = 0; i < mask.Length && !isRequired; i++)
            mask[i] = (byte)~mask[i];
        mask[0] = 0;
        _words = MemoryMarshal.Cast<byte, uint>(mask).ToArray();
        _rest = mask[(_words.Length * sizeof(uint))..];
        _isRequired = isRequired;
        Refusal = refusal;
    }

    /// <summary>What a request is told that does not pass.</summary>
    public string Refusal { get; }

    /// <summary>No bits may be set but those of <paramref name="free"/>; the family, the first byte, is always free.</summary>
    /// <typeparam name="T">The fixed header.</typeparam>
    public static HeaderCheck Only<T>(in T free, string refusal)
        where T : unmanaged => new(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in free)), isRequired: false, refusal);

    /// <summary>At least one bit of <paramref name="required"/> must be set.</summary>
    /// <typeparam name="T">The fixed header.</typeparam>
    public static HeaderCheck Any<T>(in T required, string refusal)
        where T : unmanaged => new(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in required)), isRequired: true, refusal);

    internal bool Passes(ReadOnlySpan<byte> header)
    {
        uint set = 0;
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(header);
        for (int i = 0; i < _words.Length; i++)
            set |= words[i] & _words[i];
        for (int i = 0; i < _rest.Length; i++)
            set |= (uint)(header[(_words.Length * sizeof(uint)) + i] & _rest[i]);
        return (set != 0) == _isRequired;
    }
}

/// <summary>Of whom a GET's rules are asked.</summary>
public enum GetStrictness
{
    /// <summary>Of who asks to be checked strictly.</summary>
    AsAsked = 0,

    /// <summary>Of everybody: newer messages never knew leniency.</summary>
    Always = 1,

    /// <summary>Of nobody: older messages know no strictness.</summary>
    Never = 2,
}

/// <summary>What a dump makes of a request that is not checked strictly.</summary>
public enum LenientDump
{
    /// <summary>Attributes are read and judged by their policies; of the header the family is enough.</summary>
    Read = 0,

    /// <summary>Nothing is read but a header that is whole: old clients send anything.</summary>
    Ignored = 1,

    /// <summary>Everything is read, and where it cannot be, the request counts as one that says nothing; the reason travels with NLMSG_DONE.</summary>
    Tolerated = 2,

    /// <summary>The same, and behind a header that is cut short attributes follow the family (<c>struct rtgenmsg</c>).</summary>
    ToleratedBehindFamily = 3,

    /// <summary>The header must be whole.</summary>
    Whole = 4,

    /// <summary>The header must be whole, and nothing behind it is read.</summary>
    WholeAlone = 5,
}
