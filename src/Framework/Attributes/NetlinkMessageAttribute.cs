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

    /// <summary>
    /// The highest attribute number that exists, declared or not. What is above it is "Unknown attribute type" to strict checking; what is
    /// below it and not declared is noted in the generated <c>HasUndeclared</c>, or "Unsupported attribute" where policies are asked for.
    /// 0: whatever is not declared is unknown.
    /// </summary>
    public ushort MaxType { get; set; }

    /// <summary>From this attribute number on everything is checked strictly, whoever asks (<c>strict_start_type</c>); 0: from none.</summary>
    public ushort StrictFrom { get; set; }

    /// <summary>What is checked of every request, beside what the socket asks for.</summary>
    public NetlinkValidation Validation { get; set; }
}
