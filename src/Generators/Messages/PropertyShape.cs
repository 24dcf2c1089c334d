using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>What a property's type says about its attribute. Lives within one parse: it holds symbols.</summary>
/// <param name="Kind">How the payload, or each element, is read.</param>
/// <param name="Type">The type without its question mark; of a list, the element's.</param>
/// <param name="IsList">Whether it is a NetlinkList.</param>
/// <param name="IsNullable">Whether it has a question mark.</param>
internal sealed record PropertyShape(AttributeKind Kind, ITypeSymbol Type, bool IsList, bool IsNullable)
{
    /// <summary>An enum's integer, else the type itself.</summary>
    public ITypeSymbol Integer => (Type as INamedTypeSymbol)?.EnumUnderlyingType ?? Type;

    /// <summary>The range of an integer or enum; null for anything else.</summary>
    public (decimal Low, decimal High)? Bounds => Kind is AttributeKind.Integer or AttributeKind.Enum ? BoundsOf(Integer) : null;

    /// <summary>An integer's length in bytes.</summary>
    public int Size => Integer.SpecialType switch
    {
        SpecialType.System_Byte or SpecialType.System_SByte => 1,
        SpecialType.System_UInt16 or SpecialType.System_Int16 => 2,
        SpecialType.System_UInt32 or SpecialType.System_Int32 => 4,
        _ => 8,
    };

    public bool IsSigned => Bounds is { Low: < 0 };

    public bool IsText => KnownNames.Is(Type, "NetlinkString") || KnownNames.Is(Type, "InterfaceName");

    public bool IsBytes => KnownNames.Is(Type, "NetlinkBytes");

    public bool IsBitfield => KnownNames.Is(Type, "NetlinkBitfield32");

    /// <summary>Reads a property's type.</summary>
    /// <returns>Null where it can be no attribute.</returns>
    public static PropertyShape? Of(ITypeSymbol declared)
    {
        if (declared.SpecialType == SpecialType.System_Boolean)
            return new PropertyShape(AttributeKind.Flag, declared, IsList: false, IsNullable: false);
        bool isNullable = false;
        if (declared is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var argument] })
            (declared, isNullable) = (argument, true);
        bool isList = false;
        if (KnownNames.Is(declared, "NetlinkList") && declared is INamedTypeSymbol { TypeArguments: [var element] })
            (declared, isList) = (element, true);
        if (!(isNullable || isList) || declared is not INamedTypeSymbol type || KindOf(type) is not { } kind)
            return null;
        return new PropertyShape(kind, type, isList, isNullable);
    }

    /// <summary>The nest that a property holds by value; null where it holds none.</summary>
    public static INamedTypeSymbol? NestOf(IPropertySymbol property) =>
        Of(property.Type) is { Kind: AttributeKind.Nest, IsList: false, Type: INamedTypeSymbol nest } ? nest : null;

    private static AttributeKind? KindOf(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Enum)
            return TypeNamer.IsAccessible(type) ? AttributeKind.Enum : null;
        if (BoundsOf(type) is not null)
            return AttributeKind.Integer;
        if (type.TypeKind != TypeKind.Struct || type.SpecialType != SpecialType.None || !TypeNamer.IsAccessible(type))
            return null;
        if (KnownNames.Attribute(type, KnownNames.NetlinkNestAttribute) is not null || Implements(type, "INetlinkNest"))
            return AttributeKind.Nest;
        if (Implements(type, "INetlinkValue"))
            return AttributeKind.Value;
        return type.IsUnmanagedType ? AttributeKind.Struct : null;
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
}
