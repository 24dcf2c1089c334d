using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>
/// The bodies of a compilation that nobody has bound yet: binds and walks them, all of them, or those that handlers reach. What is asked for on
/// demand is what a walk of everything would have given; it costs what the handlers reach, not what the compilation has. Thread-safe, but for
/// the demands, which one thread makes.
/// </summary>
internal sealed class BodySource(LockProgram program, CancellationToken cancellation)
{
    private readonly Compilation _compilation = program.Compilation;
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly ConcurrentDictionary<SyntaxTree, Dictionary<string, List<SyntaxNode>>> _mentions = new();
    private readonly ConcurrentDictionary<SyntaxNode, byte> _walked = new();
    private readonly HashSet<ISymbol> _demanded = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _mentioned = new(SymbolEqualityComparer.Default);

    /// <summary>Walks every body.</summary>
    public void WalkAll() => Parallel.ForEach(Trees(), Options(), tree =>
    {
        foreach (SyntaxNode body in BodiesOf(tree.GetRoot(cancellation)))
            Walk(body);
    });

    /// <summary>Walks what some roots reach, many bodies at once, and leaves itself to the program for what is asked for beyond that.</summary>
    public void WalkFrom(IEnumerable<IMethodSymbol> roots, Implementations implementations)
    {
        program.Bodies = this;
        var reached = new ReachedMembers(program, implementations);
        IReadOnlyList<ISymbol> wanted = [.. roots];
        while (wanted.Count > 0)
        {
            // A type's initialisers are one body, in their order.
            List<SyntaxNode[]> wave = [];
            foreach (ISymbol symbol in wanted)
            {
                if (symbol is IMethodSymbol or INamedTypeSymbol)
                    wave.Add([.. WantedBodies(symbol)]);
                else
                    wave.AddRange(WantedMentions(symbol).Select(body => new[] { body }));
            }
            Parallel.ForEach(wave, Options(), bodies =>
            {
                foreach (SyntaxNode body in bodies)
                    Walk(body);
            });
            wanted = reached.Next();
        }
    }

    /// <summary>Walks the bodies that stand around some places, unless that has been done.</summary>
    public void WalkAround(IEnumerable<SyntaxNode> places)
    {
        HashSet<SyntaxNode> around = [];
        foreach (SyntaxNode place in places)
        {
            // The outermost: lambdas and local functions are walked with what they stand in. A file of statements is around its types as well.
            if ((place.Ancestors().LastOrDefault(node => IsBody(node) && node is not CompilationUnitSyntax) ?? place.Ancestors().LastOrDefault(IsBody)) is { } body)
                around.Add(body);
        }
        Parallel.ForEach(around, Options(), Walk);
    }

    /// <summary>Walks what a member runs, unless that has been done.</summary>
    public void Demand(ISymbol symbol)
    {
        foreach (SyntaxNode body in WantedBodies(symbol))
            Walk(body);
    }

    /// <summary>Walks whatever names a field, property or event: nothing else can write it or assign to it.</summary>
    public void DemandMentions(ISymbol member)
    {
        foreach (SyntaxNode body in WantedMentions(member))
            Walk(body);
    }

    /// <summary>The model that a file's bodies are bound with.</summary>
    public SemanticModel ModelOf(SyntaxTree tree) => _models.GetOrAdd(tree, key => _compilation.GetSemanticModel(key));

    /// <summary>The files that people have written.</summary>
    public IEnumerable<SyntaxTree> Trees() => _compilation.SyntaxTrees.Where(tree => !LockProgram.IsGenerated(tree));

    private ParallelOptions Options() => new() { CancellationToken = cancellation };

    private IEnumerable<SyntaxNode> WantedBodies(ISymbol symbol) => _demanded.Add(symbol) ? BodiesOf(symbol) : [];

    private IEnumerable<SyntaxNode> WantedMentions(ISymbol member)
    {
        // The field behind a property is named by the property.
        ISymbol named = member.OriginalDefinition is IFieldSymbol { AssociatedSymbol: { } associated } ? associated : member.OriginalDefinition;
        if (!_mentioned.Add(named) || program.Facts.KindOf(named) != SymbolFacts.AssemblyKind.Own)
            yield break;
        IEnumerable<SyntaxTree> places = named.DeclaredAccessibility == Accessibility.Private
            ? named.ContainingType.DeclaringSyntaxReferences.Select(part => part.SyntaxTree).Distinct().Where(tree => !LockProgram.IsGenerated(tree))
            : Trees();
        foreach (SyntaxTree tree in places)
        {
            if (_mentions.GetOrAdd(tree, MentionsIn).TryGetValue(named.Name, out List<SyntaxNode>? bodies))
            {
                foreach (SyntaxNode body in bodies)
                    yield return body;
            }
        }
    }

    /// <summary>The names in a file, with the bodies that they stand in.</summary>
    private Dictionary<string, List<SyntaxNode>> MentionsIn(SyntaxTree tree)
    {
        var mentions = new Dictionary<string, List<SyntaxNode>>(StringComparer.Ordinal);
        foreach (SyntaxNode body in BodiesOf(tree.GetRoot(cancellation)))
        {
            // An initialiser's own name stands before it.
            if (body is EqualsValueClauseSyntax { Parent: { } declarator })
                Note(declarator is PropertyDeclarationSyntax property ? property.Identifier : ((VariableDeclaratorSyntax)declarator).Identifier, body);
            // An accessor may say 'field'.
            if (body.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } around && body is AccessorDeclarationSyntax or ArrowExpressionClauseSyntax)
                Note(around.Identifier, body);
            foreach (SyntaxToken token in body.DescendantTokens())
            {
                if (token.IsKind(SyntaxKind.IdentifierToken))
                    Note(token, body);
            }
        }
        return mentions;

        void Note(SyntaxToken name, SyntaxNode body)
        {
            if (!mentions.TryGetValue(name.ValueText, out List<SyntaxNode>? bodies))
                mentions.Add(name.ValueText, bodies = []);
            if (bodies.Count == 0 || bodies[bodies.Count - 1] != body)
                bodies.Add(body);
        }
    }

    /// <summary>What runs when a member does; of a type, its instances' initialisers.</summary>
    private IEnumerable<SyntaxNode> BodiesOf(ISymbol symbol)
    {
        foreach (SyntaxReference reference in symbol.DeclaringSyntaxReferences)
        {
            if (LockProgram.IsGenerated(reference.SyntaxTree))
                continue;
            SyntaxNode declaration = reference.GetSyntax(cancellation);
            if (symbol is not INamedTypeSymbol)
            {
                if (IsBody(declaration))
                    yield return declaration;
                else if (declaration is TypeDeclarationSyntax { BaseList.Types: [PrimaryConstructorBaseTypeSyntax called, ..] })
                    yield return called;
            }
            else if (declaration is TypeDeclarationSyntax type)
            {
                foreach (SyntaxNode initialiser in type.Members.SelectMany(InstanceInitialisersOf))
                    yield return initialiser;
            }
        }
        if (symbol is IMethodSymbol { PartialImplementationPart: { } part })
        {
            foreach (SyntaxNode body in BodiesOf(part))
                yield return body;
        }
    }

    /// <summary>What runs in a member's declaration when an instance is made.</summary>
    public static IEnumerable<SyntaxNode> InstanceInitialisersOf(MemberDeclarationSyntax member)
    {
        if (member.Modifiers.Any(SyntaxKind.StaticKeyword) || member.Modifiers.Any(SyntaxKind.ConstKeyword))
            return [];
        return member switch
        {
            PropertyDeclarationSyntax { Initializer: { } initialiser } => [initialiser],
            BaseFieldDeclarationSyntax fields => fields.Declaration.Variables.Where(variable => variable.Initializer is not null).Select(variable => variable.Initializer!),
            _ => [],
        };
    }

    private static IEnumerable<SyntaxNode> BodiesOf(SyntaxNode root) => root
        .DescendantNodesAndSelf(static node => node is not (BlockSyntax or ArrowExpressionClauseSyntax or AttributeListSyntax or EqualsValueClauseSyntax))
        .Where(IsBody);

    private static bool IsBody(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax { Body: not null } or BaseMethodDeclarationSyntax { ExpressionBody: not null } => true,
        AccessorDeclarationSyntax { Body: not null } or AccessorDeclarationSyntax { ExpressionBody: not null } => true,
        ArrowExpressionClauseSyntax { Parent: PropertyDeclarationSyntax or IndexerDeclarationSyntax } => true,
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } } => true,
        CompilationUnitSyntax unit => unit.Members.Any(member => member is GlobalStatementSyntax),
        // What a primary constructor hands to its base.
        PrimaryConstructorBaseTypeSyntax => true,
        _ => false,
    };

    private void Walk(SyntaxNode body)
    {
        if (!_walked.TryAdd(body, 0))
            return;
        SemanticModel model = ModelOf(body.SyntaxTree);
        ISymbol? owner = body switch
        {
            ArrowExpressionClauseSyntax arrow => (model.GetDeclaredSymbol(arrow.Parent!, cancellation) as IPropertySymbol)?.GetMethod,
            EqualsValueClauseSyntax initializer => model.GetDeclaredSymbol(initializer.Parent!, cancellation),
            PrimaryConstructorBaseTypeSyntax { Parent.Parent: TypeDeclarationSyntax type } => (model.GetDeclaredSymbol(type, cancellation) as INamedTypeSymbol)?.InstanceConstructors
                .FirstOrDefault(constructor => constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) == type)),
            _ => model.GetDeclaredSymbol(body, cancellation),
        };
        if (owner is not null && model.GetOperation(body, cancellation) is { } operation)
            BodyWalker.Walk(program, owner, [operation], cancellation);
    }
}
