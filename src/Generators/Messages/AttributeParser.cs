using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>From a property with [NetlinkAttribute] to its model.</summary>
internal static class AttributeParser
{
    public static AttributeModel? Parse(INamespaceSymbol place, IPropertySymbol property, AttributeData binding, Action<Problem, ISymbol> report, CancellationToken cancellation)
    {
        if (binding.ConstructorArguments is not [{ Value: ushort number }])
            return null;
        if (property.IsStatic || property.IsIndexer || property.SetMethod is not { IsInitOnly: true })
        {
            report(new Problem(DiagnosticIds.RTNL202UnsupportedPropertyType, property.Name, "it is not an instance property with get and init accessors"), property);
            return null;
        }
        if (KindOf(property.Type, out ITypeSymbol type) is not { } kind)
        {
            report(new Problem(
                DiagnosticIds.RTNL202UnsupportedPropertyType,
                property.Name,
                "its type must be bool, or nullable: an integer, an enum, an INetlinkValue, a [NetlinkNest] or an unmanaged struct"), property);
            return null;
        }
        ITypeSymbol? underlying = (type as INamedTypeSymbol)?.EnumUnderlyingType;
        var model = new AttributeModel(
            Identifiers.Escape(property.Name),
            number,
            ConstantOf(binding, cancellation),
            kind,
            TypeNamer.In(place, type),
            underlying is null ? null : TypeNamer.Full(underlying))
        {
            MinLength = KnownNames.Argument(binding, "MinLength") as int? ?? 0,
            MaxLength = KnownNames.Argument(binding, "MaxLength") as int? ?? 0,
            Reject = KnownNames.Argument(binding, "Reject") is true,
            BigEndian = KnownNames.Argument(binding, "BigEndian") is true,
            PlainNest = KnownNames.Argument(binding, "PlainNest") is true,
        };
        return WithRange(model, underlying ?? type, binding, property, report);
    }

    private static AttributeModel WithRange(AttributeModel model, ITypeSymbol integer, AttributeData binding, IPropertySymbol property, Action<Problem, ISymbol> report)
    {
        var min = KnownNames.Argument(binding, "Min") as long?;
        var max = KnownNames.Argument(binding, "Max") as long?;
        string? fault = model.Number > 0x3fff ? "the attribute's number is above 0x3fff" : null;
        (decimal Low, decimal High)? bounds = model.Kind is AttributeKind.Integer or AttributeKind.Enum ? BoundsOf(integer) : null;
        if (fault is null && (min ?? max) is not null && bounds is null)
            fault = "Min and Max are for integers";
        else if (min > max)
            fault = $"Min {min} is above Max {max}";
        else if (bounds is { } range && (min < range.Low || min > range.High || max < range.Low || max > range.High))
            fault = $"Min and Max must lie between {range.Low} and {range.High}, the range of {integer.ToDisplayString()}";
        else if (model.MinLength < 0 || model.MaxLength < 0 || (model.MaxLength > 0 && model.MinLength > model.MaxLength))
            fault = $"MinLength {model.MinLength} is above MaxLength {model.MaxLength}, or one of them is negative";
        else if (model.BigEndian && bounds is null)
            fault = "BigEndian is for integers";
        if (fault is not null)
        {
            report(new Problem(DiagnosticIds.RTNL203BadRange, property.Name, fault), property);
            return model;
        }
        return model with
        {
            Min = min > bounds?.Low ? min.ToString() : null,
            Max = max < bounds?.High ? max.ToString() : null,
        };
    }

    private static AttributeKind? KindOf(ITypeSymbol declared, out ITypeSymbol type)
    {
        type = declared;
        if (declared.SpecialType == SpecialType.System_Boolean)
            return AttributeKind.Flag;
        if (declared is not INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [INamedTypeSymbol argument] })
            return null;
        type = argument;
        if (argument.TypeKind == TypeKind.Enum)
            return TypeNamer.IsAccessible(argument) ? AttributeKind.Enum : null;
        if (BoundsOf(argument) is not null)
            return AttributeKind.Integer;
        if (argument.TypeKind != TypeKind.Struct || argument.SpecialType != SpecialType.None || !TypeNamer.IsAccessible(argument))
            return null;
        if (KnownNames.Attribute(argument, KnownNames.NetlinkNestAttribute) is not null || Implements(argument, "INetlinkNest"))
            return AttributeKind.Nest;
        if (Implements(argument, "INetlinkValue"))
            return AttributeKind.Value;
        return argument.IsUnmanagedType ? AttributeKind.Struct : null;
    }

    private static bool Implements(INamedTypeSymbol type, string name) =>
        type.AllInterfaces.Any(found => KnownNames.Is(found, name)
            && found.TypeArguments is [var self] && SymbolEqualityComparer.Default.Equals(self, type));

    private static (decimal Low, decimal High)? BoundsOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Byte => (byte.MinValue, byte.MaxValue),
        SpecialType.System_SByte => (sbyte.MinValue, sbyte.MaxValue),
        SpecialType.System_UInt16 => (ushort.MinValue, ushort.MaxValue),
        SpecialType.System_Int16 => (short.MinValue, short.MaxValue),
        SpecialType.System_UInt32 => (uint.MinValue, uint.MaxValue),
        SpecialType.System_Int32 => (int.MinValue, int.MaxValue),
        SpecialType.System_UInt64 => (ulong.MinValue, ulong.MaxValue),
        SpecialType.System_Int64 => (long.MinValue, long.MaxValue),
        _ => null,
    };

    /// <summary>The constant's name as the user wrote it, for a remark beside the number.</summary>
    private static string? ConstantOf(AttributeData binding, CancellationToken cancellation) =>
        binding.ApplicationSyntaxReference?.GetSyntax(cancellation) is AttributeSyntax { ArgumentList.Arguments: [{ Expression: var expression }, ..] }
            ? expression switch
            {
                IdentifierNameSyntax name => name.Identifier.ValueText,
                MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
                _ => null,
            }
            : null;
}
