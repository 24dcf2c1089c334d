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
        && list.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null, Keyword.IsMissing: false } && !accessor.IsKind(SyntaxKind.UnknownAccessorDeclaration));

    /// <summary>A type's properties, which it guards as a whole; those that say for themselves what guards them come by themselves.</summary>
    public static List<GuardModel> ParseAll(INamedTypeSymbol type, AttributeData attribute, CancellationToken cancellation) => [.. type.GetMembers()
        .OfType<IPropertySymbol>()
        .Where(property => KnownNames.Attribute(property, KnownNames.GuardedByAttribute) is null)
        .Select(property => property.DeclaringSyntaxReferences is [var reference, ..] && reference.GetSyntax(cancellation) is PropertyDeclarationSyntax syntax && IsCandidate(syntax)
            ? Parse(property, syntax, attribute)
            : null)
        .Where(model => model is not null)
        .Select(model => model!)];

    public static GuardModel? Parse(IPropertySymbol property, PropertyDeclarationSyntax syntax, AttributeData attribute)
    {
        // A half that somebody wrote by hand asserts by hand.
        if (property is { IsPartialDefinition: false } or { PartialImplementationPart: not null } || property.ContainingType.TypeKind == TypeKind.Interface)
            return null;
        if (SymbolFacts.ReadLock(attribute) is not { IsNothing: false } guard || property.Type is IPointerTypeSymbol or IFunctionPointerTypeSymbol)
            return null;
        // The half of a file's own type would belong to another type.
        for (INamedTypeSymbol? outer = property.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsFileLocal)
                return null;
        }
        var types = new List<string>();
        for (SyntaxNode? outer = syntax.Parent; outer is TypeDeclarationSyntax type; outer = outer.Parent)
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
                return null;
            string kind = type is RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: { Length: > 0 } keyword } ? $"record {keyword}" : type.Keyword.ValueText;
            types.Insert(0, $"partial {kind} {type.Identifier.Text}{type.TypeParameterList?.WithoutTrivia()}");
        }
        // Half-typed code may stand outside of any type.
        if (types.Count == 0 || !TypeNamer.HasName(property) || !TypeNamer.HasName(property.Type))
            return null;
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
        // What init sets nobody else can see yet; a lock, and what is published by reference, anybody may read.
        bool asserts = reads ? !Mutability.IsReadByAnybody(property.Type) : !syntax.IsKind(SyntaxKind.InitAccessorDeclaration);
        return new GuardAccessor(keyword, reads, asserts ? Assertion(property, guard, net, reads) : null);
    }

    private static string? Assertion(IPropertySymbol property, LockAtom guard, string? net, bool reads)
    {
        if (guard.Custom is { } custom)
        {
            return Find(property, null, type => Derives(type, custom)) is { } held ? $"Held({held})"
                : TypeNamer.CanBeNamed(custom) ? $"Held<{TypeNamer.Full(custom)}>()"
                : null;
        }
        // RTNL is held shared under PerNet: enough to read.
        if (guard.Word == LockWord.Rtnl)
            return reads ? "AnyNetHeld()" : "Held()";
        return Find(property, net, type => KnownNames.Is(type, "Net")) is { } named ? $"NetHeld({named})" : "AnyNetHeld()";
    }

    /// <summary>
    /// The one field, property or parameter of the primary constructor that has a type and that the property can reach, or the one of that name;
    /// null where there is none, or several to choose from. Properties that run code are left out: they may ask for the property in turn.
    /// </summary>
    private static string? Find(IPropertySymbol property, string? name, Func<ITypeSymbol, bool> isWanted)
    {
        string? found = null;
        foreach (ISymbol member in Candidates(property))
        {
            ITypeSymbol type = member switch
            {
                IFieldSymbol field => field.Type,
                IPropertySymbol other => other.Type,
                _ => ((IParameterSymbol)member).Type,
            };
            if (type.NullableAnnotation == NullableAnnotation.Annotated || (property.IsStatic && !member.IsStatic) || !isWanted(type) || (name is not null && member.Name != name))
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

    private static IEnumerable<ISymbol> Candidates(IPropertySymbol property)
    {
        for (INamedTypeSymbol? type = property.ContainingType; type is not null; type = type.BaseType)
        {
            bool isOwn = SymbolEqualityComparer.Default.Equals(type, property.ContainingType);
            foreach (ISymbol member in type.GetMembers())
            {
                if (!isOwn && (member.DeclaredAccessibility is Accessibility.Private or Accessibility.NotApplicable || member.Locations is not [{ IsInSource: true }, ..]))
                    continue;
                if (member is IFieldSymbol { IsImplicitlyDeclared: false } || (member is IPropertySymbol { IsIndexer: false, GetMethod: not null } other && IsPlain(other)))
                    yield return member;
            }
        }
        if (property.IsStatic)
            yield break;
        foreach (IParameterSymbol parameter in PrimaryParameters(property.ContainingType))
            yield return parameter;
    }

    /// <summary>A property that the compiler implements, and that asserts nothing itself.</summary>
    private static bool IsPlain(IPropertySymbol property) =>
        KnownNames.Attribute(property, KnownNames.GuardedByAttribute) is null && SymbolFacts.BackingField(property) is not null;

    /// <summary>
    /// Those that members may catch without a warning: a record's are its properties, and what goes to the base or has made a member is kept there.
    /// </summary>
    private static IEnumerable<IParameterSymbol> PrimaryParameters(INamedTypeSymbol type)
    {
        if (type.IsRecord)
            yield break;
        foreach (IMethodSymbol constructor in type.InstanceConstructors)
        {
            if (constructor.DeclaringSyntaxReferences is not [var reference, ..] || reference.GetSyntax() is not TypeDeclarationSyntax)
                continue;
            var used = new HashSet<string>(type.DeclaringSyntaxReferences
                .Select(part => part.GetSyntax())
                .OfType<TypeDeclarationSyntax>()
                .SelectMany(UsedOnce)
                .SelectMany(node => node.DescendantTokens())
                .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
                .Select(token => token.ValueText), StringComparer.Ordinal);
            foreach (IParameterSymbol parameter in constructor.Parameters)
            {
                if (parameter.RefKind == RefKind.None && !used.Contains(parameter.Name))
                    yield return parameter;
            }
        }
    }

    private static IEnumerable<SyntaxNode> UsedOnce(TypeDeclarationSyntax type) =>
    [
        .. type.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().Select(called => called.ArgumentList) ?? [],
        .. type.Members.SelectMany(BodySource.InstanceInitialisersOf),
    ];

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
