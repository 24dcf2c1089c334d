namespace SmallRtnl.Generators;

/// <summary>What an attribute is called in documentation.</summary>
internal static class AttributeNames
{
    /// <summary>The constant, where there is one, and the number.</summary>
    public static string Name(AttributeModel attribute) =>
        attribute.Constant is { } constant ? $"{Xml.Escape(constant)} ({attribute.Number})" : $"Attribute {attribute.Number}";
}
