using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SmallRtnl.Generators;

/// <summary>
/// Finds the calls of [RequiresLock] methods that the compiler lets be intercepted. Looks at names first: what no method that asks for a lock
/// is called is not bound. The runtime's own members assert inside and are left alone.
/// </summary>
internal sealed class LockCallFinder(LockProgram program, BodySource bodies, CancellationToken cancellation)
{
    private readonly Dictionary<IMethodSymbol, (LockCallModel Model, List<LockCallPlace> Places)?> _targets = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Whether the compiler has been told that interceptors stand in the generated code's namespace.</summary>
    public static bool IsAllowed(Compilation compilation) =>
        compilation.SyntaxTrees.FirstOrDefault()?.Options is CSharpParseOptions options
        && options.Features.TryGetValue("InterceptorsNamespaces", out string? allowed)
        && allowed.Split(';').Any(space => space.Trim() is "SmallRtnl" or "SmallRtnl.Generated");

    public IReadOnlyList<LockCallModel> Find()
    {
        HashSet<string> wanted = Names();
        if (wanted.Count == 0)
            return [];
        // Of two files with the same text the compiler could not tell which is meant.
        HashSet<SyntaxTree> twins = [.. bodies.Trees().GroupBy(tree => tree.Length).Where(same => same.Count() > 1).SelectMany(same => same)
            .GroupBy(tree => string.Join(",", tree.GetText(cancellation).GetContentHash())).Where(same => same.Count() > 1).SelectMany(same => same)];
        SyntaxNode[] places = [.. bodies.Trees()
            .Where(tree => !twins.Contains(tree))
            .OrderBy(tree => tree.FilePath, StringComparer.Ordinal)
            .SelectMany(tree => tree.GetRoot(cancellation).DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Where(call => NameOf(call) is { } name && wanted.Contains(name))];
        // What the audit has not come by is walked now; most of it has been.
        bodies.WalkAround(places);
        var order = new List<IMethodSymbol>();
        foreach (SyntaxNode place in places)
        {
            if (program.LockCalls!.TryGetValue(place, out IInvocationOperation? call))
                Look(call, (InvocationExpressionSyntax)place, order);
        }
        return [.. order.Select(method => _targets[method]!.Value).Select(found => found.Model with { Places = new EquatableArray<LockCallPlace>(found.Places) })];
    }

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        // What goes to the base goes past the interceptor: no interceptor could call it.
        MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax } => null,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => null,
    };

    private void Look(IInvocationOperation call, InvocationExpressionSyntax syntax, List<IMethodSymbol> order)
    {
        cancellation.ThrowIfCancellationRequested();
        // An extension method is known by its definition, however it is called.
        IMethodSymbol target = (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
        if (!_targets.TryGetValue(target, out (LockCallModel Model, List<LockCallPlace> Places)? found))
        {
            found = Target(target) is { } made ? (made, []) : null;
            _targets.Add(target, found);
            if (found is not null)
                order.Add(target);
        }
        // A constrained call has no receiver that an interceptor could take, and what is a tree of expressions calls nothing itself.
        if (found is not { } known || call.Instance?.Type is ITypeParameterSymbol || IsInExpressionTree(call))
            return;
        if (bodies.ModelOf(syntax.SyntaxTree).GetInterceptableLocation(syntax, cancellation) is not { } location)
            return;
        FileLinePositionSpan place = syntax.GetLocation().GetLineSpan();
        known.Places.Add(new LockCallPlace(location.GetInterceptsLocationAttributeSyntax(), $"{FileNames.Last(place.Path)}, line {place.StartLinePosition.Line + 1}"));
    }

    private static bool IsInExpressionTree(IOperation call)
    {
        for (IOperation? outer = call; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation { Parent: IConversionOperation { Type: { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } } } })
                return true;
        }
        return false;
    }

    private LockCallModel? Target(IMethodSymbol method)
    {
        Contract contract = program.Facts.ContractOf(method);
        if (contract.Requires.IsEmpty || !CanBeIntercepted(method) || LockCallSignature.Of(method, program.Compilation) is not { } signature)
            return null;
        string[] assertions = [.. contract.Requires.Select(atom => Assertion(atom, contract.Net, method, signature)).Where(text => text is not null).Select(text => text!)];
        if (assertions.Length == 0)
            return null;
        return new LockCallModel(
            Identifiers.Unique($"{method.ContainingType.Name}_{method.Name}", _names),
            $"{method.ContainingType.Name}.{method.Name}",
            signature.Text,
            new EquatableArray<string>(assertions),
            signature.Call,
            default);
    }

    private bool CanBeIntercepted(IMethodSymbol method)
    {
        if (method.MethodKind != MethodKind.Ordinary || method.ContainingType is not { IsExtension: false, TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } type)
            return false;
        // A struct that may change itself is passed by reference, which what is no variable has not.
        if (!method.IsStatic && type.IsValueType && !type.IsReadOnly && !method.IsReadOnly)
            return false;
        if (method.ContainingAssembly?.Name == KnownNames.Namespace && program.Facts.KindOf(method) != SymbolFacts.AssemblyKind.Own)
            return false;
        foreach (AttributeData attribute in method.GetAttributes())
        {
            // Whether the call is there at all is judged where it stands; and what must not be called, nothing generated can call.
            if (attribute.AttributeClass?.Name is "ConditionalAttribute" || (attribute.AttributeClass?.Name is "ObsoleteAttribute" && attribute.ConstructorArguments is [_, { Value: true }]))
                return false;
        }
        return program.Compilation.IsSymbolAccessibleWithin(method, program.Compilation.Assembly);
    }

    /// <summary>Null where the lock cannot be named.</summary>
    private static string? Assertion(LockAtom atom, string? net, IMethodSymbol method, LockCallSignature signature)
    {
        if (atom.IsNothing || (atom.Custom is { } type && !TypeNamer.CanBeNamed(type)))
            return null;
        // The owner that is handed over is who must hold it; else whoever runs on the thread.
        IParameterSymbol? owner = method.Parameters.FirstOrDefault(parameter => IsGiven(parameter, "RtnlContext") || IsGiven(parameter, "RequestContext"));
        IParameterSymbol? named = net is null ? null : method.Parameters.FirstOrDefault(parameter => parameter.Name == net && IsGiven(parameter, "Net"));
        string by = owner is null ? "" : signature.NameOf(owner);
        return atom switch
        {
            { Custom: { } custom } => $"Held<{TypeNamer.Full(custom)}>({by})",
            { Word: LockWord.Rtnl } => $"Held({by})",
            _ when named is null => $"AnyNetHeld({by})",
            _ => $"NetHeld({signature.NameOf(named)}{(by.Length == 0 ? "" : ", " + by)})",
        };
    }

    private static bool IsGiven(IParameterSymbol parameter, string type) =>
        parameter.RefKind != RefKind.Out && parameter.Type.NullableAnnotation != NullableAnnotation.Annotated && KnownNames.Is(parameter.Type, type);

    /// <summary>What methods that ask for a lock are called, here and in what is referenced.</summary>
    private HashSet<string> Names()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(program.Compilation.Assembly.GlobalNamespace, names);
        foreach (IAssemblySymbol assembly in program.Compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (assembly.Name != KnownNames.Namespace && program.Facts.KindOf(assembly.GlobalNamespace) == SymbolFacts.AssemblyKind.Knowing)
                Collect(assembly.GlobalNamespace, names);
        }
        return names;
    }

    private static void Collect(INamespaceOrTypeSymbol place, HashSet<string> names)
    {
        foreach (ISymbol member in place.GetMembers())
        {
            if (member is INamespaceSymbol space)
                Collect(space, names);
            else if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && KnownNames.Attribute(method, KnownNames.RequiresLockAttribute) is not null)
                names.Add(method.Name);
            else if (member is INamedTypeSymbol type)
                Collect(type, names);
        }
    }
}
