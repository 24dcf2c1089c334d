namespace SmallRtnl.Generators;

/// <summary>A property bound to an attribute. Strings and numbers only: a pipeline value that held a symbol would break caching.</summary>
/// <param name="Property">The property's name.</param>
/// <param name="Number">The attribute's number.</param>
/// <param name="Constant">The number as the user wrote it; null for a literal.</param>
/// <param name="Kind">How the payload is read; of a list, each element's.</param>
/// <param name="Type">The property's type without its question mark; of a list, the element's.</param>
/// <param name="Underlying">An enum's integer.</param>
internal sealed record AttributeModel(string Property, int Number, string? Constant, AttributeKind Kind, string Type, string? Underlying)
{
    /// <summary>The policy as an expression; null where the kind or the value's type says it.</summary>
    public string? Policy { get; init; }

    /// <summary>What is asked of the payload, in words.</summary>
    public string Says { get; init; } = "";

    public ListKind List { get; init; }

    /// <summary>Whether the compiler writes the property's accessors, so that it has a field to be filled.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>The policy by which a request that carries the attribute is refused, as an expression; null where there is none.</summary>
    public string? Refusal { get; init; }

    /// <summary>A request that carries the attribute is refused because it has no policy.</summary>
    public bool Unsupported { get; init; }

    public bool Required { get; init; }

    public bool BigEndian { get; init; }

    public bool PlainNest { get; init; }

    /// <summary>The shapes of a payload that a sibling chooses.</summary>
    public EquatableArray<SubMessageModel> SubMessages { get; init; }

    /// <summary>The selector's property; null for an attribute of one shape.</summary>
    public string? Selector { get; init; }
}

/// <summary>How an attribute's payload is read and written.</summary>
internal enum AttributeKind
{
    /// <summary>An integer of 1, 2, 4 or 8 bytes.</summary>
    Integer,

    /// <summary>An integer of 4 or 8 bytes, as its value needs.</summary>
    Variable,

    /// <summary>An enum, by its integer.</summary>
    Enum,

    /// <summary>Present or not.</summary>
    Flag,

    /// <summary>A type that implements INetlinkValue.</summary>
    Value,

    /// <summary>A [NetlinkNest] type.</summary>
    Nest,

    /// <summary>An unmanaged struct, as it lies in memory.</summary>
    Struct,
}

/// <summary>Whether there are several values, and how they travel.</summary>
internal enum ListKind
{
    None,

    /// <summary>An attribute each.</summary>
    Repeated,

    /// <summary>In one attribute, numbered.</summary>
    NestedArray,
}

/// <summary>One shape of a payload that a sibling chooses.</summary>
/// <param name="Property">The property that holds it.</param>
/// <param name="Type">Its nest.</param>
/// <param name="Condition">What follows the selector's local, which is not null, where the shape is chosen.</param>
/// <param name="Value">The selector's value as the user would write it.</param>
/// <param name="IsAutomatic">Whether the compiler writes the property's accessors.</param>
internal sealed record SubMessageModel(string Property, string Type, string Condition, string Value, bool IsAutomatic);
