namespace SmallRtnl.Generators;

/// <summary>What an attribute is called in generated code and in its documentation.</summary>
internal static class AttributeNames
{
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "message", "nest", "payload", "extack", "header", "attribute", "value", "writer", "start", "strict", "judged", "hasUndeclared",
    };

    /// <summary>The local that holds what was read.</summary>
    public static string Local(string property)
    {
        string camel = Identifiers.Camel(property.TrimStart('@'));
        return s_reserved.Contains(camel) || camel == property ? camel.TrimStart('@') + "Attribute" : camel;
    }

    /// <summary>A second local for the same property.</summary>
    public static string Local(string property, string suffix) => Local(property).TrimStart('@') + suffix;

    /// <summary>The constant, where there is one, and the number.</summary>
    public static string Name(AttributeModel attribute) =>
        attribute.Constant is { } constant ? $"{Xml.Escape(constant)} ({attribute.Number})" : $"Attribute {attribute.Number}";
}
