namespace SmallRtnl;

/// <summary>
/// Binds a property of a message or nest to an attribute, with its policy (as <c>struct nla_policy</c>). The property's type says the kind:
/// <c>bool</c> is a flag, a nullable integer or enum its integer, <see cref="NetlinkBitfield32"/> a bitfield, a <c>[NetlinkNest]</c> a nest,
/// <see cref="NetlinkList{T}"/> what repeats, any other unmanaged struct bytes of at least its size.
/// </summary>
/// <param name="type">The attribute's number.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetlinkAttributeAttribute(ushort type) : Attribute
{
    /// <summary>The attribute's number.</summary>
    public ushort Type { get; } = type;

    /// <summary>The smallest value of an integer, any integer constant; a smaller one is ERANGE, "integer out of range".</summary>
    public object? Min { get; set; }

    /// <summary>The largest value of an integer, any integer constant up to <see cref="ulong.MaxValue"/>; a larger one is ERANGE.</summary>
    public object? Max { get; set; }

    /// <summary>
    /// The bits of an unsigned integer that may be set (NLA_POLICY_MASK), another is EINVAL, "reserved bit set"; or the bits of a bitfield
    /// that may be selected. 0: all of an integer.
    /// </summary>
    public ulong Mask { get; set; }

    /// <summary>The longest payload in bytes, of text without its NUL; a longer one is ERANGE. 0: no limit beyond the type's own.</summary>
    public int MaxLength { get; set; }

    /// <summary>The shortest payload in bytes; a shorter one is ERANGE. 0: the type's own.</summary>
    public int MinLength { get; set; }

    /// <summary>A struct's payload has its size and no other (NLA_POLICY_EXACT_LEN).</summary>
    public bool ExactLength { get; set; }

    /// <summary>Text must have its NUL (NLA_NUL_STRING); without one it is EINVAL.</summary>
    public bool NulTerminated { get; set; }

    /// <summary>Text is judged as bytes (NLA_BINARY): it may be empty, and its NUL counts.</summary>
    public bool Binary { get; set; }

    /// <summary>
    /// Text, bytes or a struct have no policy but a shortest length, as the kernel's older attributes (NLA_UNSPEC with a length): a refusal
    /// describes nothing. Together with <see cref="Reject"/>: an attribute of any type that has no policy and is strictly checked, refused as
    /// "Unsupported attribute".
    /// </summary>
    public bool Unspecified { get; set; }

    /// <summary>Bytes are those of a nest that is read later (NLA_NESTED without a nested policy): none, or at least 4.</summary>
    public bool Nested { get; set; }

    /// <summary>A request that carries the attribute is refused with EINVAL (NLA_REJECT); a reply may carry it.</summary>
    public bool Reject { get; set; }

    /// <summary>What a client is told whose attribute is rejected; null for "Attribute failed policy validation".</summary>
    public string? RejectMessage { get; set; }

    /// <summary>Without the attribute a request is refused with EINVAL, and NLMSGERR_ATTR_MISS_TYPE and MISS_NEST say where (NL_REQ_ATTR_CHECK); a reply is read.</summary>
    public bool Required { get; set; }

    /// <summary>The attribute may stand there many times; the property is a <c>NetlinkList&lt;T&gt;</c>, empty where it never does.</summary>
    public bool Repeated { get; set; }

    /// <summary>The payload is a nested array (NLA_NESTED_ARRAY); the property is a <c>NetlinkList&lt;T&gt;?</c> of a nest.</summary>
    public bool NestedArray { get; set; }

    /// <summary>The integer travels in network byte order.</summary>
    public bool BigEndian { get; set; }

    /// <summary>A signed integer's policy is that of an unsigned one, as the kernel has it for indexes: a refusal describes it so.</summary>
    public bool Unsigned { get; set; }

    /// <summary>The <c>ulong</c> or <c>long</c> travels in 4 bytes where it fits, else in 8 (NLA_UINT, NLA_SINT).</summary>
    public bool Variable { get; set; }

    /// <summary>The property by whose value the payload's shape is chosen, see <see cref="NetlinkSubMessageAttribute"/>; the payload itself is <see cref="NetlinkBytes"/>.</summary>
    public string? Selector { get; set; }

    /// <summary>Written without NLA_F_NESTED, as the kernel writes its older nests.</summary>
    public bool PlainNest { get; set; }
}
