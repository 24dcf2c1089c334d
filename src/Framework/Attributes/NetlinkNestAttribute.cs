namespace SmallRtnl;

/// <summary>Declares a nest: a <c>readonly partial record struct</c> of attributes that is the payload of another attribute.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class NetlinkNestAttribute : Attribute
{
    /// <summary>The highest attribute number that exists, declared or not; see <see cref="NetlinkMessageAttribute.MaxType"/>.</summary>
    public ushort MaxType { get; set; }

    /// <summary>From this attribute number on everything is checked strictly, whoever asks; 0: from none.</summary>
    public ushort StrictFrom { get; set; }

    /// <summary>What is checked of every such nest, beside what the message around it is checked for.</summary>
    public NetlinkValidation Validation { get; set; }
}
