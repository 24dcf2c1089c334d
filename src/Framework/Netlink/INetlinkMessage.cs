namespace SmallRtnl;

/// <summary>What the generator implements for a <c>[NetlinkMessage]</c> type.</summary>
/// <typeparam name="TSelf">The message itself.</typeparam>
public interface INetlinkMessage<TSelf>
    where TSelf : struct, INetlinkMessage<TSelf>
{
    /// <summary>The object's NEW type.</summary>
    static abstract RtmType NewType { get; }

    /// <summary>The size of the fixed header behind nlmsghdr, in bytes.</summary>
    static abstract int HeaderSize { get; }

    /// <summary>
    /// What a GET may say, and how the rest is refused; null where only the attributes' policies are asked. Called for each GET that is
    /// checked strictly and for each that is cut short: answer with what is made once.
    /// </summary>
    /// <param name="family">The request's family, as it says it.</param>
    /// <param name="isDump">Whether it asks for a dump.</param>
    static virtual GetRules? GetRulesOf(ProtocolFamily family, bool isDump) => null;

    /// <summary>Whether any of its <see cref="GetRulesOf"/> are asked of everybody, <see cref="GetStrictness.Always"/>.</summary>
    static virtual bool ChecksEveryGet => false;

    /// <summary>Parses and checks the message's policy; allocates nothing. What it returns may point into the payload.</summary>
    /// <returns>False with the reason in <paramref name="extack"/>.</returns>
    static abstract bool TryParse(in NetlinkPayload payload, Extack extack, out TSelf message);

    /// <summary>Writes the fixed header and the attributes that are present, in the order of declaration.</summary>
    void Write(ref NetlinkWriter writer);
}

/// <summary>What the generator implements for a <c>[NetlinkNest]</c> type.</summary>
/// <typeparam name="TSelf">The nest itself.</typeparam>
public interface INetlinkNest<TSelf>
    where TSelf : struct, INetlinkNest<TSelf>
{
    /// <summary>Parses the nest's attributes.</summary>
    /// <returns>False with the reason in <paramref name="extack"/>.</returns>
    static abstract bool TryParse(in NetlinkPayload payload, Extack extack, out TSelf nest);

    /// <summary>Writes the attributes that are present.</summary>
    void Write(ref NetlinkWriter writer);
}

/// <summary>A type that can be an attribute's payload beside the integers: names, addresses, fixed structs, blobs.</summary>
/// <typeparam name="TSelf">The value itself.</typeparam>
public interface INetlinkValue<TSelf>
    where TSelf : struct, INetlinkValue<TSelf>
{
    /// <summary>What is asked of the payload before <see cref="TryRead"/> sees it, unless the attribute says otherwise; by default nothing.</summary>
    static virtual AttributePolicy PolicyFor(ProtocolFamily family) => default;

    /// <summary>
    /// Reads a payload with which nothing is wrong where checking is lenient: by what <see cref="PolicyFor"/> asks and <see cref="TryRead"/>
    /// finds. A shorter way for the common case, which need not exist.
    /// </summary>
    /// <returns>False where the payload must be judged by the policy.</returns>
    static virtual bool TryReadPlain(in NetlinkAttributeReader attribute, ProtocolFamily family, out TSelf value)
    {
        value = default;
        return false;
    }

    /// <summary>Reads the value; the errno says what the policy check found (ERANGE for a wrong length, EINVAL for a wrong form).</summary>
    static abstract Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out TSelf value);

    /// <summary>Writes the value as an attribute.</summary>
    void Write(ref NetlinkWriter writer, ushort type);
}
