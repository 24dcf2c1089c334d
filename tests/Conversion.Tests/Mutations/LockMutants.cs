using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SmallRtnl.Generators;

namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>Finds every lock-bearing line of an assembly's sources, each with what removes or neutralises it.</summary>
internal static class LockMutants
{
    private static readonly HashSet<string> s_annotations =
        new(StringComparer.Ordinal) { "RequiresLock", "GuardedBy", "Excludes", "Acquires", "LockClass", "LockOrder", "LockDisciplineIgnore" };

    private static readonly HashSet<string> s_arguments = new(StringComparer.Ordinal) { "Lock", "Resolve", "Fallback" };

    private static readonly HashSet<string> s_words = new(StringComparer.Ordinal) { "Rtnl", "PerNet", "Unlocked" };

    /// <summary>Names of the lock API. Wherever one is used a mutant must cover it.</summary>
    private static readonly HashSet<string> s_api = new(StringComparer.Ordinal)
    {
        "RequiresLock", "GuardedBy", "Excludes", "Acquires", "LockClass", "LockOrder", "LockDisciplineIgnore", "Rcu", "AtomicRcu", "RtnlAssert", "NetLockSet", "RtnlGate",
        "LockNetOf", "LockAsync", "TryLock", "TryLockAsync", "ReadSnapshot", "ForEachNet", "NeedsLock", "IsLocked", "Holds", "Watch", "Post", "Defer", "Volatile", "Interlocked",
    };

    /// <summary>The mutants in the order of the sources.</summary>
    public static IReadOnlyList<LockMutant> Of(HandlerAssembly assembly)
    {
        // Handlers hardly bind without their messages.
        CSharpGeneratorDriver.Create([new MessageGenerator().AsSourceGenerator(), new GuardGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)assembly.Compilation.SyntaxTrees[0].Options)
            .RunGeneratorsAndUpdateCompilation(assembly.Compilation, out Compilation whole, out _);
        var mutants = new List<LockMutant>();
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (SyntaxTree tree in Sources(assembly))
        {
            SemanticModel model = whole.GetSemanticModel(tree);
            foreach (LockMutant mutant in tree.GetRoot().DescendantNodes().SelectMany(node => Of(node, model)))
            {
                int same = keys[mutant.Key] = keys.GetValueOrDefault(mutant.Key) + 1;
                mutants.Add(same == 1 ? mutant : mutant with { Key = $"{mutant.Key} ({same})" });
            }
        }
        return mutants;
    }

    /// <summary>Uses of the lock API that no mutant covers, so that no line is forgotten.</summary>
    public static IEnumerable<string> Uncovered(HandlerAssembly assembly, IReadOnlyList<LockMutant> mutants)
    {
        ILookup<SyntaxTree, LockMutant> byTree = mutants.ToLookup(mutant => mutant.Tree);
        foreach (SyntaxTree tree in Sources(assembly))
        {
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                // A method of one's own that is called so, and what a lock class derives from.
                bool isAnother = name.Parent is InvocationExpressionSyntax or BaseTypeSyntax;
                if (s_api.Contains(name.Identifier.Text) && !isAnother && !byTree[tree].Any(mutant => mutant.Span.Contains(name.Span)))
                    yield return $"{tree.GetLineSpan(name.Span)}: {name}";
            }
        }
    }

    private static IEnumerable<SyntaxTree> Sources(HandlerAssembly assembly) => assembly.Compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0);

    private static IEnumerable<LockMutant> Of(SyntaxNode node, SemanticModel model)
    {
        switch (node)
        {
            case AttributeSyntax attribute when s_annotations.Contains(attribute.Name.ToString()):
                yield return Annotation(attribute, model);
                break;
            case AttributeArgumentSyntax { Parent.Parent: AttributeSyntax { Name: var name } } argument when name.ToString() is "DoIt" or "DumpIt" && ArgumentName(argument) is { } set:
                yield return Mutant(argument, $"`{set} =`", WithoutOneOf(argument, ((AttributeArgumentListSyntax)argument.Parent!).Arguments), argument.ToString());
                break;
            case LockStatementSyntax taken:
                yield return Mutant(taken, "`lock`", new TextChange(taken.Span, taken.Statement.ToString()), $"lock ({taken.Expression})");
                break;
            case UsingStatementSyntax { Expression: InvocationExpressionSyntax call } scope when TakesALock(call, model):
                yield return Mutant(scope, "lock scope", new TextChange(scope.Span, scope.Statement.ToString()), $"using ({call})");
                break;
            case IfStatementSyntax { Else: null } asked when asked.Condition.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => name.Identifier.Text == "IsLocked"):
                yield return Mutant(asked, "`IsLocked`", new TextChange(asked.Span, "{ }"), asked.ToString());
                break;
            case InvocationExpressionSyntax call when Called(call, model) is { } method:
                if (OfCall(call, method, model) is { } mutant)
                    yield return mutant;
                break;
        }
    }

    private static string? ArgumentName(AttributeArgumentSyntax argument) => argument switch
    {
        { NameEquals.Name.Identifier.Text: var name } => s_arguments.Contains(name) ? name : null,
        // [DumpIt(Unlocked)]
        { Expression: var word } => s_words.Contains(word.ToString().Split('.')[^1]) ? "Lock" : null,
    };

    private static LockMutant Annotation(AttributeSyntax attribute, SemanticModel model)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        TextChange change = list.Attributes.Count == 1 ? new TextChange(list.Span, "") : WithoutOneOf(attribute, list.Attributes);
        string target = list.Target is { } named ? $"{named} " : "";
        return Mutant(attribute, $"`[{target}{attribute.Name}]`", change, $"[{target}{attribute}]") with
        {
            IsAnnotation = true,
            Annotated = attribute.Name.ToString() == "RequiresLock" && list.Parent is BaseMethodDeclarationSyntax method ? model.GetDeclaredSymbol(method) : null,
        };
    }

    private static LockMutant? OfCall(InvocationExpressionSyntax call, IMethodSymbol method, SemanticModel model)
    {
        string type = method.ContainingType.Name;
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        switch (type, method.Name)
        {
            case ("NetSet", "Add"):
                return Mutant(call, "`nets.Add`", Removed(call), call.ToString());
            case ("ResolveRequest", "Watch"):
                return Mutant(call, "`request.Watch`", Removed(call), call.ToString());
            case ("RtnlAssert", _):
                return Mutant(call, "`RtnlAssert`", Removed(call), call.ToString());
            case (_, "Post") when arguments[^1].Expression is LambdaExpressionSyntax lambda:
                return Mutant(call, "`Post`", AtOnce(call, lambda, ContextOf(call, type)), Head(call));
            case (_, "Defer") when arguments[^1].Expression is LambdaExpressionSyntax lambda:
                return Mutant(call, "`Defer`", AtOnce(call, lambda, null), Head(call));
            case ("RtnlContext", "Holds"):
                return Mutant(call, "`Holds`", new TextChange(call.Span, "true"), call.ToString());
            case ("Volatile", "Read"):
                return Mutant(call, "`Volatile`", new TextChange(call.Span, Plain(arguments[0])), call.ToString());
            case ("Volatile", "Write"):
                return Mutant(call, "`Volatile`", new TextChange(call.Span, $"{Plain(arguments[0])} = {arguments[1]}"), call.ToString());
            case ("Interlocked", "CompareExchange"):
                return Mutant(call, "`Interlocked`", new TextChange(call.Span, $"({Plain(arguments[0])} = {arguments[1]})"), call.ToString());
            default:
                // using var scope = gate.Lock(context);
                return TakesALock(call, model) && call.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { UsingKeyword.RawKind: not 0 } declared
                    ? Mutant(declared, "lock scope", new TextChange(declared.Span, "{ }"), declared.ToString())
                    : null;
        }
    }

    private static IMethodSymbol? Called(InvocationExpressionSyntax call, SemanticModel model)
    {
        SymbolInfo found = model.GetSymbolInfo(call);
        return (found.Symbol ?? found.CandidateSymbols.FirstOrDefault()) as IMethodSymbol;
    }

    private static bool TakesALock(InvocationExpressionSyntax call, SemanticModel model) =>
        Called(call, model)?.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "AcquiresAttribute") == true;

    private static string Plain(ArgumentSyntax argument) => argument.Expression.ToString();

    private static string Head(InvocationExpressionSyntax call)
    {
        string text = call.ToString();
        int end = text.IndexOf("=>", StringComparison.Ordinal);
        return $"{text[..end]}=> …)";
    }

    private static string ContextOf(InvocationExpressionSyntax call, string type)
    {
        string receiver = ((MemberAccessExpressionSyntax)call.Expression).Expression.ToString();
        return type switch
        {
            "RtnlContext" => receiver,
            "Net" => "RtnlContext.Create()",
            _ => $"{receiver}.Context",
        };
    }

    private static TextChange Removed(InvocationExpressionSyntax call) => new(((ExpressionStatementSyntax)call.Parent!).Span, "{ }");

    /// <summary>What was handed over is done on the spot.</summary>
    private static TextChange AtOnce(InvocationExpressionSyntax call, LambdaExpressionSyntax lambda, string? context)
    {
        string body = lambda.Body is BlockSyntax block ? block.Statements.ToFullString() : $"{lambda.Body};";
        string parameter = lambda is SimpleLambdaExpressionSyntax { Parameter.Identifier.Text: var name } ? $"RtnlContext {name} = {context};" : "";
        string inline = $"{{ {parameter} {body} }}";
        return call.Parent is ArrowExpressionClauseSyntax { Parent: BaseMethodDeclarationSyntax } arrow
            ? new TextChange(TextSpan.FromBounds(arrow.SpanStart, arrow.GetLastToken().GetNextToken().Span.End), inline)
            : new TextChange(((ExpressionStatementSyntax)call.Parent!).Span, inline);
    }

    private static TextChange WithoutOneOf<T>(T node, SeparatedSyntaxList<T> list)
        where T : SyntaxNode
    {
        int at = list.IndexOf(node);
        if (at > 0)
            return new TextChange(TextSpan.FromBounds(list[at - 1].Span.End, node.Span.End), "");
        return list.Count > 1 ? new TextChange(TextSpan.FromBounds(node.SpanStart, list[1].SpanStart), "") : new TextChange(node.Span, "");
    }

    private static LockMutant Mutant(SyntaxNode node, string kind, TextChange change, string line)
    {
        string member = node.FirstAncestorOrSelf<MemberDeclarationSyntax>(found => found is not BaseNamespaceDeclarationSyntax) switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            MethodDeclarationSyntax method => $"{Type(method)}.{method.Identifier}",
            ConstructorDeclarationSyntax constructor => $"{Type(constructor)}.{constructor.Identifier}",
            PropertyDeclarationSyntax property => $"{Type(property)}.{property.Identifier}",
            FieldDeclarationSyntax field => $"{Type(field)}.{field.Declaration.Variables[0].Identifier}",
            EnumMemberDeclarationSyntax value => $"{Type(value)}.{value.Identifier}",
            _ => "assembly",
        };
        string file = node.SyntaxTree.FilePath[(HandlerAssembly.RepositoryRoot.Length + 1)..];
        return new LockMutant($"{file}: {member}: {string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}", kind, node.SyntaxTree, node.Span, change);

        static string Type(SyntaxNode member) => member.Parent!.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()!.Identifier.Text;
    }
}
