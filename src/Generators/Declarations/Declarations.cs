using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>From a symbol and its attribute to its model; null where it has a problem.</summary>
internal delegate T? DeclarationParser<T>(ISymbol symbol, AttributeData attribute, CancellationToken cancellation)
    where T : class;

/// <summary>What was read of declarations.</summary>
internal readonly record struct Declared<T>(EquatableArray<T> Models, EquatableArray<Failure> Failures)
    where T : class, IEquatable<T>;

/// <summary>
/// The declarations of a compilation that carry one of some attributes. <c>ForAttributeWithMetadataName</c> binds each of them afresh in every
/// compilation, that is, with every keystroke; here they are bound again only where something that a model can depend on has changed.
/// </summary>
/// <remarks>
/// Equal to those of an earlier compilation that differs in bodies only, so that the pipeline keeps the earlier ones. Holds its compilation
/// until it has been read, and symbols never. It holds trees, to compare the next ones with.
/// </remarks>
internal sealed class Declarations<T>
    where T : class, IEquatable<T>
{
    private readonly string[] _attributes;
    private readonly DeclarationParser<T> _parse;
    private readonly ImmutableArray<SyntaxTree> _trees;
    private readonly ImmutableArray<MetadataReference> _references;
    private readonly CompilationOptions _options;
    private Compilation? _compilation;
    private Declarations<T>? _previous;
    private Found[]? _found;
    private bool[]? _isUnchanged;
    private Declared<T> _declared;

    private Declarations(Compilation compilation, string[] attributes, DeclarationParser<T> parse)
    {
        _compilation = compilation;
        _attributes = attributes;
        _parse = parse;
        _trees = [.. compilation.SyntaxTrees];
        _references = compilation.ExternalReferences;
        _options = compilation.Options;
    }

    /// <summary>The models of what carries one of the attributes, by file and place.</summary>
    public static IncrementalValueProvider<EquatableArray<T>> Of(
        IncrementalGeneratorInitializationContext context,
        string[] attributes,
        DeclarationParser<T> parse,
        string declarationsStep,
        string modelsStep)
    {
        IncrementalValueProvider<Declared<T>> declared = context.CompilationProvider
            .Select((compilation, _) => new Declarations<T>(compilation, attributes, parse))
            .WithComparer(Comparer.Instance)
            .WithTrackingName(declarationsStep)
            .Select(static (declarations, cancellation) => declarations.Read(cancellation));
        context.RegisterSourceOutput(declared.SelectMany(static (found, _) => found.Failures), static (output, failure) => failure.Report(output));
        return declared
            .Select(static (found, _) => found.Models)
            .WithTrackingName(modelsStep);
    }

    private Declared<T> Read(CancellationToken cancellation)
    {
        lock (_attributes)
        {
            if (_compilation is not { } compilation)
                return _declared;
            var candidates = new Candidates(_attributes, _trees, cancellation);
            var found = new Found[_trees.Length];
            for (int i = 0; i < found.Length; i++)
            {
                found[i] = _isUnchanged is not null && _isUnchanged[i] && _previous?._found is { } known && !known[i].IsScattered
                    ? known[i]
                    : ReadTree(compilation, _trees[i], candidates, cancellation);
            }
            _declared = new Declared<T>(new EquatableArray<T>(found.SelectMany(tree => tree.Models)), new EquatableArray<Failure>(found.SelectMany(tree => tree.Failures).Take(LanguageFloor.IsAbove(_trees.FirstOrDefault()) ? 1 : int.MaxValue)));
            _found = found;
            _previous = null;
            _isUnchanged = null;
            _compilation = null;
            return _declared;
        }
    }

    private Found ReadTree(Compilation compilation, SyntaxTree tree, Candidates candidates, CancellationToken cancellation)
    {
        List<T>? models = null;
        List<Failure>? failures = null;
        HashSet<string>? names = null;
        bool isScattered = false;
        SemanticModel? model = null;
        foreach (MemberDeclarationSyntax node in candidates.In(tree, cancellation))
        {
            model ??= compilation.GetSemanticModel(tree);
            (names ??= new HashSet<string>(StringComparer.Ordinal)).UnionWith(NamesIn(node));
            if (model.GetDeclaredSymbol(node, cancellation) is not { } symbol || !HasName(symbol))
                continue;
            isScattered |= (symbol as INamedTypeSymbol ?? symbol.ContainingType) is { DeclaringSyntaxReferences.Length: > 1 };
            foreach (string name in _attributes)
            {
                if (AttributeOn(symbol, name, node) is not { } attribute)
                    continue;
                if (LanguageFloor.IsAbove(tree))
                    return new Found([], [LanguageFloor.At(symbol, tree)], names, isScattered);
                if (Failure.Of(symbol, () => _parse(symbol, attribute, cancellation), out Failure? failure) is { } parsed)
                    (models ??= []).Add(parsed);
                else if (failure is not null)
                    (failures ??= []).Add(failure);
            }
        }
        return names is null ? Found.Nothing : new Found(models ?? [], failures ?? [], names, isScattered);
    }

    /// <summary>Half-typed code has declarations without a name, and members of a type that the compiler made up to hold them.</summary>
    private static bool HasName(ISymbol symbol)
    {
        for (ISymbol? outer = symbol; outer is IMethodSymbol or INamedTypeSymbol; outer = outer.ContainingType)
        {
            if (!SyntaxFacts.IsValidIdentifier(outer.Name))
                return false;
        }
        return true;
    }

    /// <summary>Every name in the attributes of a declaration and of what it declares.</summary>
    private static IEnumerable<string> NamesIn(MemberDeclarationSyntax node) =>
        from list in node.DescendantNodes(static inner => inner is not (BlockSyntax or ArrowExpressionClauseSyntax)).OfType<AttributeListSyntax>()
        from token in list.DescendantTokens()
        where token.IsKind(SyntaxKind.IdentifierToken)
        select token.ValueText;

    /// <summary>The attribute where it stands on this part of a partial declaration; on another part, that part is read with it.</summary>
    private static AttributeData? AttributeOn(ISymbol symbol, string fullName, SyntaxNode node)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute is { AttributeClass: { } type, ApplicationSyntaxReference: { } place }
                && KnownNames.IsFrameworkNamespace(type.ContainingNamespace)
                && type.ContainingType is null
                && fullName.EndsWith("." + type.Name, StringComparison.Ordinal)
                && place.SyntaxTree == node.SyntaxTree
                && node.Span.Contains(place.Span))
            {
                return attribute;
            }
        }
        return null;
    }

    /// <summary>Whether nothing has changed since an earlier compilation; if something has, which files have not.</summary>
    private bool Follows(Declarations<T> earlier)
    {
        if (!_options.Equals(earlier._options) || !_references.SequenceEqual(earlier._references) || _trees.Length != earlier._trees.Length)
            return false;
        bool[]? isUnchanged = null;
        for (int i = 0; i < _trees.Length; i++)
        {
            switch (TreeComparison.Compare(earlier._trees[i], _trees[i], earlier.IsNamed))
            {
                case TreeDifference.Shared:
                    return false;
                case TreeDifference.Own:
                    isUnchanged ??= [.. Enumerable.Repeat(true, _trees.Length)];
                    isUnchanged[i] = false;
                    break;
                default:
                    break;
            }
        }
        _isUnchanged = isUnchanged;
        _previous = isUnchanged is null ? null : earlier;
        return isUnchanged is null;
    }

    private bool IsNamed(string name) => _found is null || _found.Any(tree => tree.Names.Contains(name));

    /// <summary>What was found in one file.</summary>
    /// <param name="models">The models.</param>
    /// <param name="failures">What could not be read.</param>
    /// <param name="names">The names in its attributes.</param>
    /// <param name="isScattered">Whether a type is declared in other files too, whose own parts its models read.</param>
    private sealed class Found(IReadOnlyList<T> models, IReadOnlyList<Failure> failures, HashSet<string> names, bool isScattered)
    {
        public static readonly Found Nothing = new([], [], [], isScattered: false);

        public IReadOnlyList<T> Models { get; } = models;

        public IReadOnlyList<Failure> Failures { get; } = failures;

        public HashSet<string> Names { get; } = names;

        public bool IsScattered { get; } = isScattered;
    }

    /// <summary>The driver compares each value with the one before, the only moment at which the two meet.</summary>
    private sealed class Comparer : IEqualityComparer<Declarations<T>>
    {
        public static readonly Comparer Instance = new();

        public bool Equals(Declarations<T> earlier, Declarations<T> later) => ReferenceEquals(earlier, later) || later.Follows(earlier);

        public int GetHashCode(Declarations<T> declarations) => declarations._trees.Length;
    }
}
