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

    /// <summary>A type's properties, which it guards as a whole; those that say for themselves what guards them come by themselves.</summary>
    public static EquatableArray<GuardModel> ParseAll(INamedTypeSymbol type, AttributeData attribute, CancellationToken cancellation) => new(type.GetMembers()
        .OfType<IPropertySymbol>()
        .Where(property => KnownNames.Attribute(property, KnownNames.GuardedByAttribute) is null)
        .Select(property => property.DeclaringSyntaxReferences is [var reference, ..] && reference.GetSyntax(cancellation) is PropertyDeclarationSyntax syntax && IsCandidate(syntax)
            ? Parse(property, syntax, attribute)
            : null)
        .Where(model => model is not null)
        .Select(model => model!));

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
            new EquatableArray<GuardAccessor>(syntax.AccessorList!.Accessors.Select(accessor => Accessor(property, accessor, guard, KnownNames.Argument(attribute, "Net") as string))));
    }

    private static GuardAccessor Accessor(IPropertySymbol property, AccessorDeclarationSyntax syntax, LockAtom guard, string? net)
    {
        bool reads = syntax.IsKind(SyntaxKind.GetAccessorDeclaration);
        string keyword = string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text).Concat([syntax.Keyword.Text]));
        // What init sets nobody else can see yet.
        bool asserts = !syntax.IsKind(SyntaxKind.InitAccessorDeclaration);
        return new GuardAccessor(keyword, reads, asserts ? Assertion(property, guard, net, reads) : null);
    }

    private static string Assertion(IPropertySymbol property, LockAtom guard, string? net, bool reads)
    {
        if (guard.Custom is { } custom)
            return Find(property, null, type => Derives(type, custom)) is { } held ? $"Held({held})" : $"Held<{TypeNamer.Full(custom)}>()";
        // RTNL is held shared under PerNet: enough to read.
        if (guard.Word == LockWord.Rtnl)
            return reads ? "AnyNetHeld()" : "Held()";
        return Find(property, net, type => KnownNames.Is(type, "Net")) is { } named ? $"NetHeld({named})" : "AnyNetHeld()";
    }

    /// <summary>
    /// The one field, property or parameter of the primary constructor that has a type and that the property can reach, or the one of that name;
    /// null where there is none, or several to choose from.
    /// </summary>
    private static string? Find(IPropertySymbol property, string? name, Func<ITypeSymbol, bool> isWanted)
    {
        string? found = null;
        foreach (ISymbol member in property.ContainingType.GetMembers().Concat(property.IsStatic ? [] : PrimaryParameters(property.ContainingType)))
        {
            ITypeSymbol? type = member switch
            {
                IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
                IPropertySymbol { IsIndexer: false, GetMethod: not null } other when !SymbolEqualityComparer.Default.Equals(other, property) => other.Type,
                IParameterSymbol parameter => parameter.Type,
                _ => null,
            };
            if (type is null || type.NullableAnnotation == NullableAnnotation.Annotated || (property.IsStatic && !member.IsStatic) || !isWanted(type) || (name is not null && member.Name != name))
                continue;
            // A parameter that a member has been made from is the same once more.
            if (found is not null && member is IParameterSymbol)
                continue;
            if (found is not null)
                return null;
            found = member.IsStatic || member is IParameterSymbol ? Identifiers.Escape(member.Name) : "this." + Identifiers.Escape(member.Name);
        }
        return found;
    }

    /// <summary>Those that members may catch: a record's are its properties.</summary>
    private static IEnumerable<IParameterSymbol> PrimaryParameters(INamedTypeSymbol type) => type.IsRecord
        ? []
        : type.InstanceConstructors
            .Where(constructor => constructor.DeclaringSyntaxReferences is [var reference, ..] && reference.GetSyntax() is TypeDeclarationSyntax)
            .SelectMany(constructor => constructor.Parameters)
            .Where(parameter => parameter.RefKind == RefKind.None);

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
