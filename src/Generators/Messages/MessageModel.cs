namespace SmallRtnl.Generators;

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

    /// <summary>The highest number that exists; 0: what is not declared is unknown.</summary>
    public int MaxType { get; init; }

    /// <summary>From which number on everything is checked strictly; 0: from none.</summary>
    public int StrictFrom { get; init; }

    /// <summary>What the class with the policies is called, of those names that the type has not taken.</summary>
    public string Policies { get; init; } = "AttributePolicies";

    /// <summary>What the class with the ways to the fields is called.</summary>
    public string Fields { get; init; } = "AttributeFields";

    /// <summary>What the method that fills the fields is called.</summary>
    public string Fill { get; init; } = "TryFill";

    /// <summary>What is checked whoever asks, a number of NetlinkValidation.</summary>
    public int Validation { get; init; }
}
