using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>A policy as an expression of generated code, and in words.</summary>
internal static class PolicyText
{
    /// <summary>The expression; null where the kind, or the value's own type, says the policy.</summary>
    /// <param name="shape">What the property's type says.</param>
    /// <param name="options">What the attribute says.</param>
    /// <param name="type">How generated code names the type.</param>
    public static string? Expression(PropertyShape shape, PolicyOptions options, string type)
    {
        return shape.Kind switch
        {
            AttributeKind.Integer or AttributeKind.Enum => Integer(shape, options),
            AttributeKind.Struct when shape.IsBitfield => $"global::SmallRtnl.AttributePolicy.Bitfield32({Hex(options.Mask)})",
            AttributeKind.Struct when options is { Unspecified: true, Reject: false } => $"global::SmallRtnl.AttributePolicy.Unspecified(global::System.Runtime.CompilerServices.Unsafe.SizeOf<{type}>())",
            AttributeKind.Struct => $"global::SmallRtnl.AttributePolicy.Binary().{(options.ExactLength ? "Exactly" : "AtLeast")}(global::System.Runtime.CompilerServices.Unsafe.SizeOf<{type}>())",
            AttributeKind.Value => Value(shape, options),
            _ => null,
        };
    }

    /// <summary>The policy of a request that must not carry the attribute; null where it may.</summary>
    public static string? Refusal(PolicyOptions options) => options is { Reject: true, Unspecified: false }
        ? $"global::SmallRtnl.AttributePolicy.Reject({(options.RejectMessage is { } reason ? SymbolDisplay.FormatLiteral(reason, quote: true) : "")})"
        : null;

    /// <summary>What is asked of the payload and what becomes of one that is otherwise, as a clause.</summary>
    public static string Words(PropertyShape shape, PolicyOptions options)
    {
        if (options.Reject)
            return "in a request refused with EINVAL";
        string words = shape.Kind switch
        {
            AttributeKind.Flag => "a flag; with a payload ERANGE",
            AttributeKind.Nest when options.NestedArray => "a nested array",
            AttributeKind.Nest => "a nest",
            AttributeKind.Struct when shape.IsBitfield => $"a bitfield of {Hex(options.Mask)}; with another bit, or one not selected, EINVAL",
            AttributeKind.Struct => $"a struct; {(options.ExactLength ? "of another length" : "if shorter")} ERANGE",
            AttributeKind.Value when options.Selector is { } selector => $"bytes, whose shape {selector} chooses",
            AttributeKind.Value when options.Nested => "the bytes of a nest",
            AttributeKind.Value => Lengths(shape, options),
            _ => IntegerWords(shape, options),
        };
        if (options.Repeated)
            words += "; any number of times";
        return options.Required ? words + "; without it EINVAL" : words;
    }

    private static string Integer(PropertyShape shape, PolicyOptions options)
    {
        string signed = shape.IsSigned && !options.Unsigned ? "true" : "false";
        string policy = options switch
        {
            { Variable: true } => $"global::SmallRtnl.AttributePolicy.VariableInteger(isSigned: {signed})",
            { BigEndian: true } => $"global::SmallRtnl.AttributePolicy.BigEndian({shape.Size}, isSigned: {signed})",
            _ => $"global::SmallRtnl.AttributePolicy.Integer({shape.Size}, isSigned: {signed})",
        };
        if (options.Mask != 0)
            return $"{policy}.Masked({Hex(options.Mask)})";
        return Narrows(shape, options, out decimal low, out decimal high) ? $"{policy}.Between({Literal(low, shape.IsSigned)}, {Literal(high, shape.IsSigned)})" : policy;
    }

    private static string? Value(PropertyShape shape, PolicyOptions options)
    {
        if (options is { Unspecified: true, Reject: false })
            return $"global::SmallRtnl.AttributePolicy.Unspecified({(options.MinLength == 0 ? "" : Text(options.MinLength))})";
        // Every shape that a sibling chooses is a nest.
        if (options.Nested || (options.Selector is not null && !options.HasLength))
            return "global::SmallRtnl.AttributePolicy.Nested()";
        if (shape.IsText && (options.Binary || options.NulTerminated || options.HasLength))
        {
            // A name has its own greatest length.
            string maximum = options.MaxLength == 0 && KnownNames.Is(shape.Type, "InterfaceName") ? "global::SmallRtnl.InterfaceName.Size - 1" : Text(options.MaxLength);
            if (!options.Binary)
                return $"global::SmallRtnl.AttributePolicy.{(options.NulTerminated ? "NulString" : "String")}({maximum})";
        }
        return options switch
        {
            { MinLength: > 0, MaxLength: > 0 } => $"global::SmallRtnl.AttributePolicy.Binary().Between({Text(options.MinLength)}UL, {Text(options.MaxLength)}UL)",
            { MinLength: > 0 } => $"global::SmallRtnl.AttributePolicy.Binary().AtLeast({Text(options.MinLength)})",
            { MaxLength: > 0 } => $"global::SmallRtnl.AttributePolicy.Binary({Text(options.MaxLength)})",
            { Binary: true } => "global::SmallRtnl.AttributePolicy.Binary()",
            _ => null,
        };
    }

    private static string IntegerWords(PropertyShape shape, PolicyOptions options)
    {
        string words = $"{(shape.IsSigned ? "a signed" : "an unsigned")} integer of {(options.Variable ? "4 or 8" : Text(shape.Size))} bytes{(options.BigEndian ? " in network byte order" : "")}";
        if (options.Mask != 0)
            return $"{words} with the bits {Hex(options.Mask)}; with another EINVAL";
        return Narrows(shape, options, out decimal low, out decimal high) ? $"{words} from {Text(low)} to {Text(high)}; outside ERANGE" : words;
    }

    private static string Lengths(PropertyShape shape, PolicyOptions options)
    {
        string what = shape.IsText ? options.NulTerminated ? "text with its NUL" : "text" : shape.IsBytes ? "bytes" : "a value";
        return options switch
        {
            { MinLength: > 0, MaxLength: > 0 } => $"{what}, {Text(options.MinLength)} to {Text(options.MaxLength)} bytes; else ERANGE",
            { MinLength: > 0 } => $"{what}, at least {Text(options.MinLength)} bytes; else ERANGE",
            { MaxLength: > 0 } => $"{what}, at most {Text(options.MaxLength)} bytes; else ERANGE",
            _ => what,
        };
    }

    /// <summary>Whether a range says more than the type does.</summary>
    private static bool Narrows(PropertyShape shape, PolicyOptions options, out decimal low, out decimal high)
    {
        (decimal least, decimal greatest) = shape.Bounds!.Value;
        low = options.Min ?? least;
        high = options.Max ?? greatest;
        return low > least || high < greatest;
    }

    private static string Literal(decimal value, bool isSigned) =>
        isSigned && value == long.MinValue ? "long.MinValue" : Text(value) + (isSigned ? "L" : "UL");

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
