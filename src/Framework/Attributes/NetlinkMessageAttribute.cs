namespace SmallRtnl;

/// <summary>
/// Declares a message: a <c>readonly partial record struct</c> for which the generator writes parser, policy check and serialiser.
/// </summary>
/// <param name="newType">The object's NEW type; DEL, GET and SET follow from it, as in rtnetlink.</param>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class NetlinkMessageAttribute(RtmType newType) : Attribute
{
    /// <summary>The object's NEW message type.</summary>
    public RtmType NewType { get; } = newType;

    /// <summary>The fixed header behind nlmsghdr: an unmanaged struct whose first byte is the family.</summary>
    public Type? Header { get; set; }
}

/// <summary>Declares a nest: a <c>readonly partial record struct</c> of attributes that is the payload of another attribute.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class NetlinkNestAttribute : Attribute
{
}

/// <summary>Binds a property of a message or nest to an attribute, with its policy (as <c>struct nla_policy</c>).</summary>
/// <param name="type">The attribute's number.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetlinkAttributeAttribute(ushort type) : Attribute
{
    /// <summary>The attribute's number.</summary>
    public ushort Type { get; } = type;

    /// <summary>The smallest value of an integer; a smaller one is ERANGE.</summary>
    public long Min { get; set; }

    /// <summary>The largest value of an integer; a larger one is ERANGE.</summary>
    public long Max { get; set; }

    /// <summary>The longest payload in bytes; a longer one is ERANGE. 0: no limit beyond the type's own.</summary>
    public int MaxLength { get; set; }

    /// <summary>The shortest payload in bytes; a shorter one is ERANGE. 0: the type's own.</summary>
    public int MinLength { get; set; }

    /// <summary>A request that carries the attribute is refused with EINVAL (NLA_REJECT).</summary>
    public bool Reject { get; set; }

    /// <summary>The integer travels in network byte order.</summary>
    public bool BigEndian { get; set; }

    /// <summary>Written without NLA_F_NESTED, as the kernel writes its older nests.</summary>
    public bool PlainNest { get; set; }
}
