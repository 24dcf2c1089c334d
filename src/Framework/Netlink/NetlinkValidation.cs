namespace SmallRtnl;

/// <summary>How strictly attributes are checked: the kernel's <c>enum netlink_validation</c> (include/net/netlink.h).</summary>
[Flags]
public enum NetlinkValidation : byte
{
    /// <summary>NL_VALIDATE_LIBERAL: what is unknown is ignored, what is too long is cut.</summary>
    Liberal = 0,

    /// <summary>NL_VALIDATE_TRAILING: bytes that are no attribute are EINVAL.</summary>
    Trailing = 1,

    /// <summary>NL_VALIDATE_MAXTYPE: an attribute of number 0 or above the highest known is EINVAL.</summary>
    MaxType = 2,

    /// <summary>NL_VALIDATE_UNSPEC: a known number without a policy is EINVAL.</summary>
    Unspecified = 4,

    /// <summary>NL_VALIDATE_STRICT_ATTRS: an integer has its own length and no other.</summary>
    StrictAttributes = 8,

    /// <summary>NL_VALIDATE_NESTED: NLA_F_NESTED stands on nests, and only there.</summary>
    Nested = 16,

    /// <summary>NL_VALIDATE_DEPRECATED_STRICT: what NETLINK_GET_STRICT_CHK asks of the older messages.</summary>
    DeprecatedStrict = Trailing | MaxType,

    /// <summary>NL_VALIDATE_STRICT: everything, as newer messages and attributes are checked.</summary>
    Strict = Trailing | MaxType | Unspecified | StrictAttributes | Nested,
}
