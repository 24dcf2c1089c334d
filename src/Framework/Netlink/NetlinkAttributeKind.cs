namespace SmallRtnl;

/// <summary>
/// What an attribute is. The values below <see cref="Unspecified"/> are those of <c>enum netlink_attribute_type</c> (linux/netlink.h), by
/// which a refusal describes its policy; the others are described to nobody.
/// </summary>
public enum NetlinkAttributeKind : byte
{
    /// <summary>Nothing is asked here: the value's own type judges its payload.</summary>
    None = 0,

    /// <summary>NLA_FLAG: no payload.</summary>
    Flag = 1,

    /// <summary>NLA_U8.</summary>
    UInt8 = 2,

    /// <summary>NLA_U16.</summary>
    UInt16 = 3,

    /// <summary>NLA_U32.</summary>
    UInt32 = 4,

    /// <summary>NLA_U64.</summary>
    UInt64 = 5,

    /// <summary>NLA_S8.</summary>
    Int8 = 6,

    /// <summary>NLA_S16.</summary>
    Int16 = 7,

    /// <summary>NLA_S32.</summary>
    Int32 = 8,

    /// <summary>NLA_S64.</summary>
    Int64 = 9,

    /// <summary>NLA_BINARY.</summary>
    Binary = 10,

    /// <summary>NLA_STRING: at least one byte; a NUL at the end does not count.</summary>
    String = 11,

    /// <summary>NLA_NUL_STRING: a NUL within the length allowed.</summary>
    NulString = 12,

    /// <summary>NLA_NESTED.</summary>
    Nested = 13,

    /// <summary>NLA_NESTED_ARRAY: attributes whose numbers mean nothing and whose payloads are nests.</summary>
    NestedArray = 14,

    /// <summary>NLA_BITFIELD32.</summary>
    Bitfield32 = 15,

    /// <summary>NLA_SINT: 4 or 8 bytes.</summary>
    VariableInt = 16,

    /// <summary>NLA_UINT: 4 or 8 bytes.</summary>
    VariableUInt = 17,

    /// <summary>NLA_UNSPEC: a shortest length at most; refused where <see cref="NetlinkValidation.Unspecified"/> is asked for.</summary>
    Unspecified = 32,

    /// <summary>NLA_REJECT.</summary>
    Reject = 33,

    /// <summary>Two bytes in network order (NLA_BE16).</summary>
    BigEndian16 = 34,

    /// <summary>Four bytes in network order (NLA_BE32).</summary>
    BigEndian32 = 35,

    /// <summary>Eight bytes in network order; the kernel has no policy for them.</summary>
    BigEndian64 = 36,
}
