namespace SmallRtnl.Generators;

/// <summary>What makes a declared policy senseless: RTNL203's reasons.</summary>
internal static class PolicyFaults
{
    /// <summary>The first fault; null where the policy is good.</summary>
    public static string? Find(int number, PropertyShape shape, PolicyOptions options)
    {
        if (number is 0 or > 0x3fff)
            return number == 0 ? "the attribute's number is 0, which the kernel skips" : "the attribute's number is above 0x3fff";
        return Presence(options) ?? List(shape, options) ?? Range(shape, options) ?? Mask(shape, options) ?? Length(shape, options) ?? Form(shape, options);
    }

    private static string? Presence(PolicyOptions options)
    {
        if (options is { Reject: true, Required: true })
            return "it is both Required and rejected";
        return options.RejectMessage is not null && (options.Unspecified || !options.Reject) ? "RejectMessage is for what is rejected, and not for what is Unspecified" : null;
    }

    private static string? List(PropertyShape shape, PolicyOptions options)
    {
        if (options is { Repeated: true, NestedArray: true })
            return "it is both Repeated and a NestedArray";
        if (!shape.IsList)
            return options.Repeated || options.NestedArray ? "Repeated and NestedArray are for NetlinkList<T>" : null;
        if (options.Selector is not null || options.Variable)
            return "Selector and Variable are not for lists";
        if (options is { Repeated: false, NestedArray: false })
            return "a NetlinkList<T> says how it travels: Repeated or NestedArray";
        if (options.Repeated)
            return shape.IsNullable ? "what is Repeated is not nullable: without the attribute the list is empty" : null;
        if (shape.Kind != AttributeKind.Nest)
            return "the elements of a NestedArray are nests";
        return shape.IsNullable ? null : "a NestedArray is nullable: it may be there and empty";
    }

    private static string? Range(PropertyShape shape, PolicyOptions options)
    {
        if (!options.HasRange)
            return null;
        if (shape.Bounds is not { } bounds)
            return "Min and Max are for integers";
        if ((options.HasMin && options.Min is null) || (options.HasMax && options.Max is null))
            return "Min and Max must be integer constants";
        if (options.Min > options.Max)
            return $"Min {options.Min} is above Max {options.Max}";
        if (options.Min < bounds.Low || options.Min > bounds.High || options.Max < bounds.Low || options.Max > bounds.High)
            return $"Min and Max must lie between {bounds.Low} and {bounds.High}, the range of {shape.Integer.ToDisplayString()}";
        return options.Mask == 0 ? null : "it has both a range and a Mask, and a policy has room for one";
    }

    private static string? Mask(PropertyShape shape, PolicyOptions options)
    {
        if (shape.IsBitfield)
        {
            if (options.Mask == 0)
                return "a bitfield needs a Mask: without one every value is EINVAL";
            return options.Mask > uint.MaxValue ? "the Mask of a bitfield has 32 bits" : null;
        }
        if (options.Mask == 0)
            return null;
        if (shape.Bounds is not { } bounds || shape.IsSigned)
            return "Mask is for unsigned integers and bitfields";
        return options.Mask > bounds.High ? $"the Mask has bits that {shape.Integer.ToDisplayString()} has not" : null;
    }

    private static string? Length(PropertyShape shape, PolicyOptions options)
    {
        if (options.MinLength < 0 || options.MaxLength < 0 || (options.MaxLength > 0 && options.MinLength > options.MaxLength))
            return $"MinLength {options.MinLength} is above MaxLength {options.MaxLength}, or one of them is negative";
        if (options.HasLength && shape.Kind != AttributeKind.Value)
            return "MinLength and MaxLength are for text and bytes";
        if (options.MinLength > 0 && shape.IsText && !options.Binary && !options.Unspecified)
            return "MinLength is not for text, which is never empty, unless it is Binary or Unspecified";
        if (options.ExactLength && (shape.Kind != AttributeKind.Struct || shape.IsBitfield))
            return "ExactLength is for structs";
        return null;
    }

    private static string? Form(PropertyShape shape, PolicyOptions options)
    {
        if (options.BigEndian && (shape.Bounds is null || (shape.IsList && shape.Kind == AttributeKind.Enum)))
            return "BigEndian is for integers";
        if (options.Variable && (shape.Kind != AttributeKind.Integer || shape.Size != 8 || options.BigEndian || options.Mask != 0))
            return "Variable is for ulong and long in host byte order, without a Mask";
        if (options.Unsigned && (!shape.IsSigned || options.HasRange))
            return "Unsigned is for signed integers without a range";
        if ((options.NulTerminated || options.Binary) && !shape.IsText)
            return "NulTerminated and Binary are for text";
        if (options is { NulTerminated: true, Binary: true })
            return "it is both NulTerminated and Binary";
        if (options.Nested && (!shape.IsBytes || options.HasLength || options.Unspecified))
            return "Nested is for NetlinkBytes, and says the length too";
        if (options is { Unspecified: true, Reject: false } && !(shape.IsBytes || shape.IsText || (shape.Kind == AttributeKind.Struct && !shape.IsBitfield)))
            return "Unspecified is for text, bytes and structs";
        if (options.Unspecified && (options.MaxLength != 0 || options.ExactLength))
            return "what is Unspecified has a shortest length and no greatest";
        if (options.Selector is not null && !shape.IsBytes)
            return "Selector is for NetlinkBytes";
        return options.PlainNest && shape.Kind != AttributeKind.Nest && options.Selector is null ? "PlainNest is for nests" : null;
    }
}
