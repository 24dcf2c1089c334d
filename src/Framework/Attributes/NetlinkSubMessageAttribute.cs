namespace SmallRtnl;

/// <summary>
/// One shape of a payload that a sibling chooses, as IFLA_INFO_KIND chooses IFLA_INFO_DATA's. Stands on a nullable property whose type is the
/// shape, a <c>[NetlinkNest]</c>. Where the selector has the value, the payload is read into this property and the property of the raw bytes
/// stays null; where it has none that is declared, the raw bytes are kept. Which of the two attributes comes first does not matter.
/// </summary>
/// <param name="payload">The property of the raw bytes: a <c>NetlinkBytes?</c> with a <see cref="NetlinkAttributeAttribute.Selector"/>.</param>
/// <param name="value">The selector's value: a string for text, else an integer or enum constant.</param>
/// <remarks>To be written, a message sets the selector to the same value and leaves the raw bytes null.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetlinkSubMessageAttribute(string payload, object value) : Attribute
{
    /// <summary>The property of the raw bytes.</summary>
    public string Payload { get; } = payload;

    /// <summary>The selector's value.</summary>
    public object Value { get; } = value;
}
