using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>What a handler's signature says. Lives while its method is parsed; no pipeline value.</summary>
internal sealed class Signature(HandlerForm form, INamedTypeSymbol message, IParameterSymbol? plan)
{
    public HandlerForm Form { get; } = form;

    public INamedTypeSymbol Message { get; } = message;

    public IParameterSymbol? Plan { get; } = plan;
}

/// <summary>Recognises the signatures that can be called.</summary>
internal static class SignatureParser
{
    public const string DoItForms =
        "RtnlResult M([in] DoItRequest<T> request), or the same with a plan from the resolve method behind the request, or ValueTask<RtnlResult> M(DoItRequest<T> request …)";

    public const string DumpItForms =
        "IEnumerable<T> M(DumpItRequest<T> request), or RtnlResult M(in DumpItRequest<T> request, ref DumpWriter<T> writer)";

    public static Signature? Parse(IMethodSymbol method, bool isDump, string name, Action<Problem> report)
    {
        Signature? signature = isDump ? ParseDump(method) : ParseDoIt(method);
        if (signature is null)
        {
            report(new Problem(DiagnosticIds.RTNL002SignatureCannotBeCalled, name, isDump ? DumpItForms : DoItForms));
            return null;
        }
        if (!TypeNamer.IsAccessible(signature.Message))
        {
            report(new Problem(DiagnosticIds.RTNL006NotAccessibleToGeneratedCode, name, $"'{signature.Message.Name}' is not internal or public"));
            return null;
        }
        return signature;
    }

    /// <summary>T of a runtime type such as DoItRequest&lt;T&gt;, where T is a message.</summary>
    public static INamedTypeSymbol? MessageOf(ITypeSymbol type, string name)
    {
        if (!KnownNames.Is(type, name) || type is not INamedTypeSymbol { TypeArguments: [INamedTypeSymbol { TypeKind: TypeKind.Struct } message] })
            return null;
        bool isMessage = KnownNames.Attribute(message, KnownNames.NetlinkMessageAttribute) is not null
            || message.AllInterfaces.Any(found => KnownNames.Is(found, "INetlinkMessage"));
        return isMessage ? message : null;
    }

    private static Signature? ParseDoIt(IMethodSymbol method)
    {
        if (method.Parameters is not [var request, ..] || method.Parameters.Length > 2 || method.ReturnsByRef || method.ReturnsByRefReadonly)
            return null;
        if (MessageOf(request.Type, "DoItRequest") is not { } message)
            return null;
        IParameterSymbol? plan = method.Parameters.Length == 2 ? method.Parameters[1] : null;
        if (plan is { RefKind: not (RefKind.None or RefKind.In) } or { Type.IsRefLikeType: true })
            return null;
        if (KnownNames.Is(method.ReturnType, "RtnlResult"))
            return request.RefKind is RefKind.None or RefKind.In ? new Signature(HandlerForm.DoIt, message, plan) : null;
        bool isAsync = method.ReturnType is INamedTypeSymbol { Name: "ValueTask", TypeArguments: [var result] } task
            && KnownNames.Is(result, "RtnlResult")
            && task.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks"
            && request.RefKind == RefKind.None
            && (plan is null or { RefKind: RefKind.None });
        return isAsync ? new Signature(HandlerForm.AsyncDoIt, message, plan) : null;
    }

    private static Signature? ParseDump(IMethodSymbol method)
    {
        if (method.Parameters is not [var request, ..] || MessageOf(request.Type, "DumpItRequest") is not { } message)
            return null;
        if (method.Parameters.Length == 1
            && request.RefKind == RefKind.None
            && method.ReturnType is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T, TypeArguments: [var row] }
            && SymbolEqualityComparer.Default.Equals(row, message))
        {
            return new Signature(HandlerForm.EnumerableDump, message, plan: null);
        }
        if (method.Parameters is [{ RefKind: RefKind.In }, { RefKind: RefKind.Ref } writer]
            && KnownNames.Is(method.ReturnType, "RtnlResult")
            && SymbolEqualityComparer.Default.Equals(MessageOf(writer.Type, "DumpWriter"), message))
        {
            return new Signature(HandlerForm.CursorDump, message, plan: null);
        }
        return null;
    }
}
