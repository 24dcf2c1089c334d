namespace SmallRtnl.Generators;

/// <summary>How an attribute's payload is read and written.</summary>
internal enum AttributeKind
{
    /// <summary>An integer of 1, 2, 4 or 8 bytes.</summary>
    Integer,

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

/// <summary>A property bound to an attribute. Strings and numbers only: a pipeline value that held a symbol would break caching.</summary>
internal sealed record AttributeModel(string Property, int Number, string? Constant, AttributeKind Kind, string Type, string? Underlying)
{
    /// <summary>The lower bound, where it says more than the type.</summary>
    public string? Min { get; init; }

    /// <summary>The upper bound, where it says more than the type.</summary>
    public string? Max { get; init; }

    public int MinLength { get; init; }

    public int MaxLength { get; init; }

    public bool Reject { get; init; }

    public bool BigEndian { get; init; }

    public bool PlainNest { get; init; }
}

/// <summary>A message or nest declaration. Strings and numbers only: a pipeline value that held a symbol would break caching.</summary>
/// <param name="Name">The type's name.</param>
/// <param name="Namespace">Its namespace; null for the global one.</param>
/// <param name="Containers">The declarations around it, outermost first.</param>
/// <param name="Header">The fixed header's type; null for a nest.</param>
/// <param name="NewType">How generated text names the NEW type; null for a nest.</param>
/// <param name="Attributes">In the order of declaration.</param>
/// <param name="HintName">The generated file's name.</param>
internal sealed record MessageModel(
    string Name,
    string? Namespace,
    EquatableArray<string> Containers,
    string? Header,
    string? NewType,
    EquatableArray<AttributeModel> Attributes,
    string HintName)
{
    public bool IsNest => Header is null;

    /// <summary>Whether the declaration says its layout; else the generated part, which adds a field, must.</summary>
    public bool HasLayout { get; init; }
}
