using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>Nests that would contain themselves by value, which no struct can.</summary>
internal static class NestCycle
{
    /// <summary>The way from a property back to the type that declares it.</summary>
    /// <returns>The types on it, arrows between; null where there is none.</returns>
    public static string? Find(IPropertySymbol property)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        return PropertyShape.NestOf(property) is { } nest ? Find(nest, property.ContainingType, property.ContainingType.Name, seen) : null;
    }

    private static string? Find(INamedTypeSymbol from, INamedTypeSymbol to, string way, HashSet<ISymbol> seen)
    {
        way += $" → {from.Name}";
        if (SymbolEqualityComparer.Default.Equals(from, to))
            return way;
        if (!seen.Add(from))
            return null;
        foreach (ISymbol member in from.GetMembers())
        {
            if (member is IPropertySymbol property
                && (KnownNames.Attribute(property, KnownNames.NetlinkAttributeAttribute) ?? KnownNames.Attribute(property, KnownNames.NetlinkSubMessageAttribute)) is not null
                && PropertyShape.NestOf(property) is { } nest
                && Find(nest, to, way, seen) is { } cycle)
            {
                return cycle;
            }
        }
        return null;
    }
}
