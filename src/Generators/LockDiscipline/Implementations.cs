using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>Which methods of the compilation a virtual call may reach. Not thread-safe.</summary>
internal sealed class Implementations(Compilation compilation)
{
    private readonly Dictionary<ISymbol, List<INamedTypeSymbol>> _below = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, Dictionary<ISymbol, List<IMethodSymbol>>> _known = new(SymbolEqualityComparer.Default);
    private Dictionary<ISymbol, IMethodSymbol>? _extensions;
    private List<INamedTypeSymbol>? _types;

    /// <summary>Every type of the compilation.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types
    {
        get
        {
            if (_types is null)
            {
                _types = [];
                Collect(compilation.Assembly.GlobalNamespace);
            }
            return _types;
        }
    }

    /// <summary>The extension block's member that a static method implements; null where it implements none.</summary>
    public IMethodSymbol? ExtensionOf(IMethodSymbol implementation)
    {
        if (_extensions is null)
        {
            _extensions = new Dictionary<ISymbol, IMethodSymbol>(SymbolEqualityComparer.Default);
            foreach (IMethodSymbol member in Types.Where(type => type.IsExtension).SelectMany(type => type.GetMembers()).OfType<IMethodSymbol>())
            {
                if (member.AssociatedExtensionImplementation is { } associated)
                    _extensions[associated.OriginalDefinition] = member;
            }
        }
        return _extensions.TryGetValue(implementation.OriginalDefinition, out IMethodSymbol? found) ? found : null;
    }

    /// <summary>The overrides and implementations of a member, on receivers of a static type.</summary>
    public IEnumerable<IMethodSymbol> Of(IMethodSymbol member, ITypeSymbol on)
    {
        var exact = on as INamedTypeSymbol;
        // A receiver that is an interface derived from the member's own (an ITimer that is disposed) is none of the types that lack it.
        INamedTypeSymbol owner = member.ContainingType.OriginalDefinition;
        INamedTypeSymbol within = owner.TypeKind == TypeKind.Interface && exact is { TypeKind: TypeKind.Interface } ? exact.OriginalDefinition : owner;
        if (!_known.TryGetValue(within, out Dictionary<ISymbol, List<IMethodSymbol>>? known))
            _known.Add(within, known = new Dictionary<ISymbol, List<IMethodSymbol>>(SymbolEqualityComparer.Default));
        if (!known.TryGetValue(member, out List<IMethodSymbol>? all))
            known.Add(member, all = Find(member, within));
        bool anything = exact is null || SymbolEqualityComparer.Default.Equals(exact.OriginalDefinition, within) || exact.TypeKind == TypeKind.Interface;
        foreach (IMethodSymbol method in all)
        {
            if (anything || IsRelated(method.ContainingType, exact!.OriginalDefinition))
                yield return method;
        }
    }

    private static bool IsRelated(INamedTypeSymbol holder, INamedTypeSymbol receiver)
    {
        for (INamedTypeSymbol? type = holder; type is not null; type = type.BaseType?.OriginalDefinition)
        {
            if (SymbolEqualityComparer.Default.Equals(type, receiver))
                return true;
        }
        for (INamedTypeSymbol? type = receiver; type is not null; type = type.BaseType?.OriginalDefinition)
        {
            if (SymbolEqualityComparer.Default.Equals(type, holder.OriginalDefinition))
                return true;
        }
        return false;
    }

    /// <summary>What a member is in the types below another.</summary>
    private List<IMethodSymbol> Find(IMethodSymbol member, INamedTypeSymbol within)
    {
        _ = Types;
        var found = new List<IMethodSymbol>();
        INamedTypeSymbol owner = member.ContainingType.OriginalDefinition;
        if (!_below.TryGetValue(within, out List<INamedTypeSymbol>? below))
            return found;
        foreach (INamedTypeSymbol type in below)
        {
            if (owner.TypeKind == TypeKind.Interface)
            {
                foreach (INamedTypeSymbol face in type.AllInterfaces)
                {
                    if (!SymbolEqualityComparer.Default.Equals(face.OriginalDefinition, owner))
                        continue;
                    ISymbol? constructed = face.GetMembers(member.Name).FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, member));
                    if (constructed is not null && type.FindImplementationForInterfaceMember(constructed) is IMethodSymbol implementation)
                        Add(implementation);
                }
                continue;
            }
            foreach (ISymbol candidate in type.GetMembers(member.Name))
            {
                for (IMethodSymbol? method = candidate as IMethodSymbol; method is not null; method = method.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(method.OverriddenMethod?.OriginalDefinition, member))
                    {
                        Add((IMethodSymbol)candidate);
                        break;
                    }
                }
            }
        }
        return found;

        void Add(IMethodSymbol method)
        {
            var normal = (IMethodSymbol)SymbolFacts.Normal(method);
            if (!found.Contains(normal, SymbolEqualityComparer.Default))
                found.Add(normal);
        }
    }

    private void Collect(INamespaceOrTypeSymbol place)
    {
        foreach (ISymbol member in place.GetMembers())
        {
            if (member is INamespaceSymbol space)
                Collect(space);
            else if (member is INamedTypeSymbol type)
                Add(type);
        }
    }

    private void Add(INamedTypeSymbol type)
    {
        _types!.Add(type);
        if (type.TypeKind is TypeKind.Class or TypeKind.Struct)
        {
            foreach (INamedTypeSymbol face in type.AllInterfaces)
                Note(face.OriginalDefinition, type);
            for (INamedTypeSymbol? above = type.BaseType; above is not null; above = above.BaseType)
                Note(above.OriginalDefinition, type);
        }
        foreach (INamedTypeSymbol nested in type.GetTypeMembers())
            Add(nested);
    }

    private void Note(INamedTypeSymbol above, INamedTypeSymbol type)
    {
        if (!_below.TryGetValue(above, out List<INamedTypeSymbol>? types))
            _below.Add(above, types = []);
        types.Add(type);
    }
}
