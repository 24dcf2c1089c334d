using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>What symbols say of locks, looked up once each. Thread-safe.</summary>
internal sealed class SymbolFacts(Compilation compilation)
{
    private readonly ConcurrentDictionary<ISymbol, Contract> _contracts = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, LockAtom?> _guards = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, AssemblyKind> _assemblies = new(SymbolEqualityComparer.Default);

    /// <summary>Where an assembly stands towards the discipline.</summary>
    public enum AssemblyKind
    {
        /// <summary>It does not know of SmallRtnl, and takes none of its locks.</summary>
        Transparent,

        /// <summary>It does; what it does not say is unknown.</summary>
        Knowing,

        /// <summary>This compilation.</summary>
        Own,
    }

    /// <summary>Whether there is a runtime to be disciplined about.</summary>
    public static bool Applies(Compilation compilation) => compilation.GetTypeByMetadataName("SmallRtnl.RequiresLockAttribute") is not null;

    public AssemblyKind KindOf(ISymbol symbol)
    {
        if (symbol.ContainingAssembly is not { } assembly)
            return AssemblyKind.Transparent;
        if (SymbolEqualityComparer.Default.Equals(assembly, compilation.Assembly))
            return AssemblyKind.Own;
        return _assemblies.GetOrAdd(assembly, static key =>
        {
            var assembly = (IAssemblySymbol)key;
            bool knows = assembly.Name == KnownNames.Namespace
                || assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == KnownNames.Namespace));
            return knows ? AssemblyKind.Knowing : AssemblyKind.Transparent;
        });
    }

    /// <summary>What a method, accessor, delegate type or parameter says, or inherits from what it overrides or implements.</summary>
    public Contract ContractOf(ISymbol symbol)
    {
        symbol = Normal(symbol);
        if (KindOf(symbol) == AssemblyKind.Transparent)
            return Contract.None;
        return _contracts.TryGetValue(symbol, out Contract? known) ? known : _contracts.GetOrAdd(symbol, ReadContract(symbol, depth: 0));
    }

    /// <summary>What guards a field, property or event; null where nothing does.</summary>
    public LockAtom? GuardOf(ISymbol symbol)
    {
        symbol = symbol.OriginalDefinition;
        if (symbol is IFieldSymbol { IsConst: true } || KindOf(symbol) == AssemblyKind.Transparent)
            return null;
        return _guards.GetOrAdd(symbol, static key => ReadGuard(key));
    }

    /// <summary>The guard of a type: all its members are guarded.</summary>
    public LockAtom? GuardOfType(INamedTypeSymbol type) => GuardOf(type);

    /// <summary>The definition that everything known of a method hangs on.</summary>
    public static ISymbol Normal(ISymbol symbol)
    {
        if (symbol is IMethodSymbol method)
        {
            method = method.ReducedFrom ?? method;
            method = method.OriginalDefinition;
            return method.PartialDefinitionPart ?? method;
        }
        if (symbol is IPropertySymbol property)
            return property.OriginalDefinition.PartialDefinitionPart ?? property.OriginalDefinition;
        return symbol.OriginalDefinition;
    }

    /// <summary>The field behind a property that the compiler implements; null where there is none.</summary>
    public static IFieldSymbol? BackingField(IPropertySymbol property)
    {
        foreach (ISymbol member in property.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
                return field;
        }
        return null;
    }

    /// <summary>
    /// Whether a method of this compilation has a body that no walk comes by: in a generated file that is none of ours, or written by a generator that has
    /// not run. What a generator of somebody who does not know of SmallRtnl implements (a logger's message, a regular expression) takes none of its locks.
    /// </summary>
    public bool IsWrittenElsewhere(IMethodSymbol method)
    {
        if (method.MethodKind != MethodKind.Ordinary || method.IsImplicitlyDeclared)
            return false;
        method = (IMethodSymbol)Normal(method);
        if (method.IsPartialDefinition && method.PartialImplementationPart is null)
            return !method.GetAttributes().Any(attribute => attribute.AttributeClass is { } type && KindOf(type) == AssemblyKind.Transparent);
        IMethodSymbol body = method.PartialImplementationPart ?? method;
        return body.DeclaringSyntaxReferences is [var reference, ..] && LockProgram.IsGenerated(reference.SyntaxTree) && !IsOurs(body) && !IsOurs(body.ContainingType);

        static bool IsOurs(ISymbol symbol) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "GeneratedCodeAttribute" && attribute.ConstructorArguments is [{ Value: "SmallRtnl.Generators" }, ..]);
    }

    private Contract ReadContract(ISymbol symbol, int depth)
    {
        var requires = ImmutableArray.CreateBuilder<LockAtom>();
        var excludes = ImmutableArray.CreateBuilder<LockAtom>();
        var acquires = ImmutableArray.CreateBuilder<LockAtom>();
        string? net = null;
        bool nothing = false;
        AttributeData? ignore = null;
        Read(symbol);
        if (symbol is IMethodSymbol { PartialImplementationPart: { } implementation })
            Read(implementation);
        if (symbol is IMethodSymbol { AssociatedSymbol: { } associated })
            Read(associated);
        // A lambda's or local function's words are its own; its surroundings say nothing of when it runs.
        if (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction } or IParameterSymbol)
            return new Contract(requires.ToImmutable(), excludes.ToImmutable(), acquires.ToImmutable(), net, nothing, ignore);
        if (requires.Count == 0 && !nothing && depth < 16)
        {
            foreach (ISymbol above in Above(symbol))
            {
                Contract inherited = KindOf(above) == AssemblyKind.Transparent ? Contract.None : ReadContract(Normal(above), depth + 1);
                requires.AddRange(inherited.Requires.Where(atom => !requires.Contains(atom)));
                excludes.AddRange(inherited.Excludes.Where(atom => !excludes.Contains(atom)));
                acquires.AddRange(inherited.Acquires.Where(atom => !acquires.Contains(atom)));
                net ??= inherited.Net;
            }
        }
        if (requires.Count == 0 && !nothing)
        {
            for (INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType; type is not null && !nothing; type = type.ContainingType)
                nothing = SaysNothing(type);
            nothing = nothing || (symbol.ContainingAssembly is { } assembly && IsOpen(symbol) && SaysNothing(assembly));
        }
        if (requires.Count + excludes.Count + acquires.Count == 0 && !nothing && ignore is null)
            return Contract.None;
        return new Contract(requires.ToImmutable(), excludes.ToImmutable(), acquires.ToImmutable(), net, nothing, ignore);

        void Read(ISymbol from)
        {
            foreach (AttributeData attribute in from.GetAttributes())
            {
                if (attribute.AttributeClass is not { } type || !KnownNames.IsFrameworkNamespace(type.ContainingNamespace))
                    continue;
                if (type.Name == "LockDisciplineIgnoreAttribute")
                    ignore ??= attribute;
                if (type.Name is not ("RequiresLockAttribute" or "ExcludesAttribute" or "AcquiresAttribute") || ReadLock(attribute) is not { } atom)
                    continue;
                if (type.Name == "RequiresLockAttribute" && atom.IsNothing)
                    nothing = true;
                else if (!atom.IsNothing)
                    (type.Name switch { "RequiresLockAttribute" => requires, "ExcludesAttribute" => excludes, _ => acquires }).Add(atom);
                net ??= KnownNames.Argument(attribute, "Net") as string;
            }
        }
    }

    /// <summary>What a member overrides and implements.</summary>
    public static IEnumerable<ISymbol> Above(ISymbol symbol)
    {
        if (symbol is not IMethodSymbol method || method.ContainingType is not { } type)
            yield break;
        if (method.OverriddenMethod is { } overridden)
            yield return overridden;
        if (type.TypeKind == TypeKind.Interface && !method.ExplicitInterfaceImplementations.Any())
            yield break;
        foreach (IMethodSymbol explicitly in method.ExplicitInterfaceImplementations)
            yield return explicitly;
        if (method.DeclaredAccessibility != Accessibility.Public || method.MethodKind is MethodKind.Constructor or MethodKind.StaticConstructor)
            yield break;
        foreach (INamedTypeSymbol face in type.AllInterfaces)
        {
            foreach (ISymbol member in face.GetMembers(method.Name))
            {
                if (member is IMethodSymbol && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member), method))
                    yield return member;
            }
        }
    }

    /// <summary>The lock that an attribute's argument names.</summary>
    public static LockAtom? ReadLock(AttributeData attribute) => attribute.ConstructorArguments is [var argument] ? ReadLock(argument) : null;

    public static LockAtom? ReadLock(TypedConstant argument) => argument switch
    {
        { Kind: TypedConstantKind.Enum, Type.Name: "RtnlLock", Value: int word and >= 0 and <= 2 } => new LockAtom((LockWord)word),
        { Kind: TypedConstantKind.Type, Value: INamedTypeSymbol { TypeKind: TypeKind.Class } type } => new LockAtom(LockWord.Unlocked, type.OriginalDefinition),
        _ => null,
    };

    private static LockAtom? ReadGuard(ISymbol symbol)
    {
        if (Find(symbol) is { } own)
            return own;
        if (symbol is IFieldSymbol { AssociatedSymbol: { } property } && Find(property) is { } ofProperty)
            return ofProperty;
        if (symbol is INamedTypeSymbol)
            return null;
        return symbol.ContainingType is { } type ? Find(type) : null;

        static LockAtom? Find(ISymbol symbol)
        {
            if (KnownNames.Attribute(symbol, "SmallRtnl.GuardedByAttribute") is not { } attribute)
                return null;
            return ReadLock(attribute) is { IsNothing: false } atom ? atom : null;
        }
    }

    private static bool SaysNothing(ISymbol symbol)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (KnownNames.Is(attribute.AttributeClass, "RequiresLockAttribute") && ReadLock(attribute) is { IsNothing: true })
                return true;
        }
        return false;
    }

    /// <summary>Whether other assemblies can reach it: what an assembly promises, it promises to them.</summary>
    public static bool IsOpen(ISymbol symbol)
    {
        for (ISymbol? outer = symbol; outer is not null and not INamespaceSymbol; outer = outer.ContainingSymbol)
        {
            if (outer is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction })
                return false;
            if (outer.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
                return outer is IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false };
        }
        return true;
    }
}
