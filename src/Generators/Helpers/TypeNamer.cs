using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>How generated text names a user's type: from <c>global::</c>, so that nothing in the user's own scope stands in between.</summary>
internal static class TypeNamer
{
    private static readonly SymbolDisplayFormat s_full = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>The name that holds anywhere.</summary>
    public static string Full(ITypeSymbol type) => Escaped(type.ToDisplayParts(s_full));

    /// <summary>The name behind <c>namespace</c>; null in the global namespace.</summary>
    public static string? NamespaceOf(ISymbol symbol) =>
        symbol.ContainingNamespace is { IsGlobalNamespace: false } found ? Escaped(found.ToDisplayParts()) : null;

    /// <summary>The compiler escapes the keywords that are reserved everywhere, and leaves those that are so in some places.</summary>
    private static string Escaped(ImmutableArray<SymbolDisplayPart> parts) => string.Concat(parts.Select(part => part.Kind switch
    {
        SymbolDisplayPartKind.ClassName or SymbolDisplayPartKind.StructName or SymbolDisplayPartKind.RecordClassName or SymbolDisplayPartKind.RecordStructName
            or SymbolDisplayPartKind.InterfaceName or SymbolDisplayPartKind.EnumName or SymbolDisplayPartKind.DelegateName or SymbolDisplayPartKind.NamespaceName
            or SymbolDisplayPartKind.TypeParameterName or SymbolDisplayPartKind.FieldName => Identifiers.Escape(Identifiers.Bare(part.ToString())),
        _ => part.ToString(),
    }));

    /// <summary>Whether code elsewhere in the assembly can name the type.</summary>
    public static bool IsAccessible(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
            return IsAccessible(array.ElementType);
        for (ITypeSymbol? outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer is INamedTypeSymbol { IsFileLocal: true } or ITypeParameterSymbol)
                return false;
            if (!IsAccessible(outer.DeclaredAccessibility))
                return false;
            if (outer is INamedTypeSymbol { TypeArguments: var arguments } && !arguments.All(IsAccessible))
                return false;
        }
        return true;
    }

    /// <summary>Whether a symbol, what it stands in and, of a type, what it is made of all have names: half-typed code leaves some without.</summary>
    public static bool HasName(ISymbol symbol)
    {
        if (symbol is IArrayTypeSymbol array)
            return HasName(array.ElementType);
        if (symbol is IDynamicTypeSymbol)
            return true;
        if (symbol is INamedTypeSymbol { IsTupleType: true } tuple)
            return tuple.TupleElements.All(element => HasName(element.Type));
        for (ISymbol? outer = symbol; outer is not (null or INamespaceSymbol { IsGlobalNamespace: true } or IModuleSymbol or IAssemblySymbol); outer = outer.ContainingSymbol)
        {
            if (!SyntaxFacts.IsValidIdentifier(outer.Name))
                return false;
            if (outer is INamedTypeSymbol type && !(type.TypeParameters.All(parameter => SyntaxFacts.IsValidIdentifier(parameter.Name))
                && type.TypeArguments.All(argument => argument is ITypeParameterSymbol || HasName(argument))))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether code elsewhere in the assembly can name the type by its definition: no type around it is generic either.</summary>
    public static bool CanBeNamed(INamedTypeSymbol definition)
    {
        for (INamedTypeSymbol? type = definition; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType)
                return false;
        }
        return IsAccessible(definition);
    }

    /// <summary>Whether the accessibility reaches the whole assembly.</summary>
    public static bool IsAccessible(Accessibility accessibility) =>
        accessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal or Accessibility.NotApplicable;
}
