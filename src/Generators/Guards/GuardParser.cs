using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>From a guarded property to its model; null for what has no generated half.</summary>
internal static class GuardParser
{
    public static bool IsCandidate(SyntaxNode node) =>
        node is PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null, ExpressionBody: null, AccessorList: { } list, Type: not RefTypeSyntax } property
        && property.Modifiers.Any(SyntaxKind.PartialKeyword)
        && list.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null });

    public static GuardModel? Parse(IPropertySymbol property, PropertyDeclarationSyntax syntax, AttributeData attribute)
    {
        // A half that somebody wrote by hand asserts by hand.
        if (property is { IsPartialDefinition: false } or { PartialImplementationPart: not null } || property.ContainingType.TypeKind == TypeKind.Interface)
            return null;
        if (SymbolFacts.ReadLock(attribute) is not { IsNothing: false } guard)
            return null;
        var types = new List<string>();
        for (SyntaxNode? outer = syntax.Parent; outer is TypeDeclarationSyntax type; outer = outer.Parent)
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
                return null;
            string kind = type is RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: { Length: > 0 } keyword } ? $"record {keyword}" : type.Keyword.ValueText;
            types.Insert(0, $"partial {kind} {type.Identifier.Text}{type.TypeParameterList?.WithoutTrivia()}");
        }
        return new GuardModel(
            TypeNamer.NamespaceOf(property),
            new EquatableArray<string>(types),
            HintName(property),
            $"{string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text))} {TypeNamer.Full(property.Type)} {syntax.Identifier.Text}",
            new EquatableArray<GuardAccessor>(syntax.AccessorList!.Accessors.Select(accessor => Accessor(property, accessor, guard))));
    }

    private static GuardAccessor Accessor(IPropertySymbol property, AccessorDeclarationSyntax syntax, LockAtom guard)
    {
        bool reads = syntax.IsKind(SyntaxKind.GetAccessorDeclaration);
        string keyword = string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text).Concat([syntax.Keyword.Text]));
        // What init sets nobody else can see yet.
        bool asserts = !syntax.IsKind(SyntaxKind.InitAccessorDeclaration);
        return new GuardAccessor(keyword, reads, asserts ? Assertion(property, guard, reads) : null);
    }

    private static string? Assertion(IPropertySymbol property, LockAtom guard, bool reads)
    {
        const string prefix = "global::SmallRtnl.RtnlGuard.";
        if (guard.Custom is { } custom)
            return Find(property, type => Derives(type, custom)) is { } held ? $"{prefix}Lock({held});" : null;
        if (guard.Word == LockWord.Rtnl)
            return reads ? $"{prefix}AnyNet();" : $"{prefix}Whole();";
        return Find(property, type => KnownNames.Is(type, "Net")) is { } net ? $"{prefix}Net({net});" : $"{prefix}AnyNet();";
    }

    /// <summary>The one field or property of a type that the property can reach; null where there is none, or several to choose from.</summary>
    private static string? Find(IPropertySymbol property, Func<ITypeSymbol, bool> isWanted)
    {
        string? found = null;
        foreach (ISymbol member in property.ContainingType.GetMembers())
        {
            ITypeSymbol? type = member switch
            {
                IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
                IPropertySymbol { IsIndexer: false, GetMethod: not null } other when !SymbolEqualityComparer.Default.Equals(other, property) => other.Type,
                _ => null,
            };
            if (type is null || type.NullableAnnotation == NullableAnnotation.Annotated || (property.IsStatic && !member.IsStatic) || !isWanted(type))
                continue;
            if (found is not null)
                return null;
            found = member.IsStatic ? Identifiers.Escape(member.Name) : "this." + Identifiers.Escape(member.Name);
        }
        return found;
    }

    private static bool Derives(ITypeSymbol type, INamedTypeSymbol wanted)
    {
        for (ITypeSymbol? above = type; above is not null; above = above.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(above.OriginalDefinition, wanted))
                return true;
        }
        return false;
    }

    private static string HintName(IPropertySymbol property)
    {
        string name = property.Name;
        for (INamedTypeSymbol? type = property.ContainingType; type is not null; type = type.ContainingType)
            name = $"{type.MetadataName.Replace('`', '_')}.{name}";
        return TypeNamer.NamespaceOf(property) is { } place ? $"{place}.{name}" : name;
    }
}
