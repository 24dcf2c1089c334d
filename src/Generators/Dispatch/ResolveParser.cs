using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>Finds and checks the method that <c>Resolve</c> names.</summary>
internal static class ResolveParser
{
    private const string Forms = "RtnlResult M(in ResolveRequest<T> request, [NetSet nets,] out TPlan plan)";

    public static ResolveModel? Parse(IMethodSymbol handler, AttributeData attribute, Signature signature, LockWord word, string name, Action<Problem> report)
    {
        var resolveName = KnownNames.Argument(attribute, "Resolve") as string;
        if (resolveName is null)
        {
            if (signature.Plan is not null)
                report(new Problem(DiagnosticIds.RTNL002SignatureCannotBeCalled, name, "a plan needs Resolve = nameof(…), the method that makes it; else " + SignatureParser.DoItForms));
            return null;
        }
        if (signature.Plan is null)
        {
            report(new Problem(DiagnosticIds.RTNL002SignatureCannotBeCalled, name, $"what {resolveName} resolves is handed over as a second parameter; " + SignatureParser.DoItForms));
            return null;
        }
        IMethodSymbol? found = null;
        foreach (ISymbol member in handler.ContainingType.GetMembers(resolveName))
        {
            if (member is IMethodSymbol candidate && Fits(candidate, signature))
                found = candidate;
        }
        if (found is null)
        {
            report(new Problem(DiagnosticIds.RTNL005ResolveNamesNoSuitableMethod, name, $"'{resolveName}' is no method {Forms} with T = {signature.Message.Name} and TPlan = {signature.Plan.Type.Name}"));
            return null;
        }
        if (!TypeNamer.IsAccessible(found.DeclaredAccessibility) || !TypeNamer.IsAccessible(signature.Plan.Type))
        {
            report(new Problem(DiagnosticIds.RTNL005ResolveNamesNoSuitableMethod, name, $"'{resolveName}' and its plan must be internal or public"));
            return null;
        }
        bool hasNetSet = found.Parameters.Length == 3;
        if (hasNetSet && word == LockWord.Unlocked)
        {
            report(new Problem(DiagnosticIds.RTNL005ResolveNamesNoSuitableMethod, name, $"'{resolveName}' takes a NetSet, but nothing is locked under Unlocked"));
            return null;
        }
        ITypeSymbol plan = found.Parameters[found.Parameters.Length - 1].Type;
        return new ResolveModel(
            Identifiers.Escape(resolveName),
            found.IsStatic,
            hasNetSet,
            HandlerParser.TypeOf(plan),
            PlanMayBeNull: plan is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated });
    }

    private static bool Fits(IMethodSymbol method, Signature signature)
    {
        if (method.IsGenericMethod || method.IsAbstract || !KnownNames.Is(method.ReturnType, "RtnlResult"))
            return false;
        if (method.Parameters is not [{ RefKind: RefKind.In or RefKind.None } request, .., { RefKind: RefKind.Out } plan])
            return false;
        return SymbolEqualityComparer.Default.Equals(SignatureParser.MessageOf(request.Type, "ResolveRequest"), signature.Message)
            && SymbolEqualityComparer.Default.Equals(plan.Type, signature.Plan!.Type)
            && (method.Parameters.Length == 2
                || (method.Parameters is [_, { RefKind: RefKind.None } nets, _] && KnownNames.Is(nets.Type, "NetSet")));
    }
}
