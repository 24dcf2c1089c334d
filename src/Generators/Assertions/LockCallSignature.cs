using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>A method's signature as an interceptor's, and the call that goes on to it.</summary>
internal sealed class LockCallSignature
{
    private readonly Dictionary<IParameterSymbol, string> _names = new(SymbolEqualityComparer.Default);

    private LockCallSignature(IMethodSymbol method)
    {
        INamedTypeSymbol type = method.ContainingType;
        ITypeParameterSymbol[] generics = [.. Generics(type), .. method.TypeParameters];
        // A parameter of the method may be called as a type parameter of the class, which is the interceptor's own.
        var taken = new HashSet<string>(generics.Select(parameter => parameter.Name), StringComparer.Ordinal);
        string receiver = Identifiers.Unique("self", taken);
        foreach (IParameterSymbol parameter in method.Parameters)
            _names.Add(parameter, Identifiers.Escape(Identifiers.Unique(parameter.Name, taken)));
        var parameters = new List<string>();
        if (!method.IsStatic)
            parameters.Add($"this {(type.IsValueType ? "in " : "")}{TypeNamer.Full(type)} {receiver}");
        for (int i = 0; i < method.Parameters.Length; i++)
        {
            IParameterSymbol parameter = method.Parameters[i];
            string marks = (i == 0 && method.IsExtensionMethod ? "this " : "") + (parameter.ScopedKind == ScopedKind.None || parameter.RefKind == RefKind.Out ? "" : "scoped ") + Mark(parameter.RefKind, isArgument: false);
            parameters.Add($"{marks}{TypeNamer.Full(parameter.Type)} {_names[parameter]}");
        }
        string returned = method.ReturnsVoid ? "void" : (method.RefKind switch { RefKind.Ref => "ref ", RefKind.RefReadOnly => "ref readonly ", _ => "" }) + TypeNamer.Full(method.ReturnType);
        string list = generics.Length == 0 ? "" : $"<{string.Join(", ", generics.Select(parameter => Identifiers.Escape(parameter.Name)))}>";
        Text = $"{returned} {{0}}{list}({string.Join(", ", parameters)}){string.Concat(generics.Select(Constraints))}";
        string on = method.IsStatic ? TypeNamer.Full(type) : receiver;
        string own = method.TypeParameters.IsEmpty ? "" : $"<{string.Join(", ", method.TypeParameters.Select(parameter => Identifiers.Escape(parameter.Name)))}>";
        string arguments = string.Join(", ", method.Parameters.Select(parameter => Mark(parameter.RefKind, isArgument: true) + _names[parameter]));
        Call = $"{(method.ReturnsVoid ? "" : method.RefKind == RefKind.None ? "return " : "return ref ")}{on}.{Identifiers.Escape(method.Name)}{own}({arguments});";
    }

    /// <summary>The signature, with {0} for the name.</summary>
    public string Text { get; }

    /// <summary>The statement that calls the method itself.</summary>
    public string Call { get; }

    /// <summary>Null where generated code cannot name a type in it.</summary>
    public static LockCallSignature? Of(IMethodSymbol method, Compilation compilation)
    {
        INamedTypeSymbol type = method.ContainingType;
        ITypeParameterSymbol[] generics = [.. Generics(type), .. method.TypeParameters];
        // A method's type parameter may hide its type's.
        if (generics.Select(parameter => parameter.Name).Distinct(StringComparer.Ordinal).Count() != generics.Length)
            return null;
        bool canBeNamed = CanBeNamed(type) && (method.ReturnsVoid || CanBeNamed(method.ReturnType)) && method.Parameters.All(parameter => CanBeNamed(parameter.Type))
            && generics.All(parameter => parameter.ConstraintTypes.All(CanBeNamed));
        // What a returned reference may point into is said by attributes that the compiler alone reads.
        bool isUnscoped = method.RefKind != RefKind.None && method.Parameters.Any(parameter => parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "UnscopedRefAttribute"));
        bool hasNames = TypeNamer.HasName(method) && method.Parameters.Concat<ISymbol>(generics).All(found => SyntaxFacts.IsValidIdentifier(found.Name));
        return canBeNamed && hasNames && !isUnscoped && !method.IsVararg ? new LockCallSignature(method) : null;

        bool CanBeNamed(ITypeSymbol type) => type switch
        {
            ITypeParameterSymbol => true,
            IArrayTypeSymbol array => CanBeNamed(array.ElementType),
            IPointerTypeSymbol or IFunctionPointerTypeSymbol or IErrorTypeSymbol => false,
            INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.All(element => CanBeNamed(element.Type)),
            INamedTypeSymbol named => !named.IsFileLocal && TypeNamer.HasName(named.OriginalDefinition) && compilation.IsSymbolAccessibleWithin(named.OriginalDefinition, compilation.Assembly)
                && (named.ContainingType is null || CanBeNamed(named.ContainingType)) && named.TypeArguments.All(CanBeNamed),
            _ => type.TypeKind == TypeKind.Dynamic,
        };
    }

    /// <summary>What the interceptor calls a parameter.</summary>
    public string NameOf(IParameterSymbol parameter) => _names[parameter];

    private static IEnumerable<ITypeParameterSymbol> Generics(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? Generics(outer).Concat(type.TypeParameters) : type.TypeParameters;

    private static string Mark(RefKind kind, bool isArgument) => kind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        RefKind.RefReadOnlyParameter => isArgument ? "in " : "ref readonly ",
        _ => "",
    };

    private static string Constraints(ITypeParameterSymbol parameter)
    {
        var constraints = new List<string>();
        if (parameter.HasUnmanagedTypeConstraint)
            constraints.Add("unmanaged");
        else if (parameter.HasValueTypeConstraint)
            constraints.Add("struct");
        else if (parameter.HasReferenceTypeConstraint)
            constraints.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        else if (parameter.HasNotNullConstraint)
            constraints.Add("notnull");
        constraints.AddRange(parameter.ConstraintTypes.Select(TypeNamer.Full));
        if (parameter.HasConstructorConstraint && !parameter.HasValueTypeConstraint)
            constraints.Add("new()");
        if (parameter.AllowsRefLikeType)
            constraints.Add("allows ref struct");
        return constraints.Count == 0 ? "" : $" where {Identifiers.Escape(parameter.Name)} : {string.Join(", ", constraints)}";
    }
}
