namespace SmallRtnl.Generators;

/// <summary>What a message's properties are called while they are read and written. No two locals share a name, and none hides a property.</summary>
internal sealed class AttributeLocals
{
    public const string Occurrences = nameof(Occurrences);
    public const string Captured = nameof(Captured);

    private static readonly string[] s_reserved =
        ["message", "nest", "payload", "extack", "header", "attribute", "value", "writer", "start", "strict", "judged", "hasUndeclared", "_"];

    private readonly Dictionary<string, string> _locals = new(StringComparer.Ordinal);

    public AttributeLocals(MessageModel model)
    {
        string[] properties = [.. model.Attributes.SelectMany(attribute => (IEnumerable<string>)[attribute.Property, .. attribute.SubMessages.Select(shape => shape.Property)]).Select(Identifiers.Bare).Distinct()];
        var taken = new HashSet<string>(s_reserved.Concat(properties), StringComparer.Ordinal);
        foreach (string property in properties)
        {
            string camel = Identifiers.Bare(Identifiers.Camel(property));
            _locals[property] = Identifiers.Escape(Identifiers.Unique(taken.Contains(camel) ? camel + "Attribute" : camel, taken));
        }
        // Behind all that are named after a property, so that these are called as they would be alone.
        foreach (AttributeModel attribute in model.Attributes)
        {
            foreach (string suffix in (string[])[Occurrences, Captured])
                _locals[Key(attribute.Property, suffix)] = Identifiers.Unique(Identifiers.Bare(Of(attribute.Property)) + suffix, taken);
        }
    }

    /// <summary>The local that holds what was read.</summary>
    public string Of(string property) => _locals[Identifiers.Bare(property)];

    /// <summary>A second local for the same property.</summary>
    public string Of(string property, string suffix) => _locals[Key(property, suffix)];

    private static string Key(string property, string suffix) => Identifiers.Bare(property) + " " + suffix;
}
