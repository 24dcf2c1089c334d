using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>From a method with [DoIt] or [DumpIt] to its model. The analyzer runs the same code for the problems it reports.</summary>
internal static class HandlerParser
{
    /// <summary>Reads a handler.</summary>
    /// <returns>Null where it has a problem.</returns>
    public static HandlerModel? Parse(IMethodSymbol method, AttributeData attribute, bool isDump, Action<Problem>? report)
    {
        bool good = true;
        void Report(Problem problem)
        {
            good = false;
            report?.Invoke(problem);
        }

        string name = $"{method.ContainingType.Name}.{method.Name}";
        CheckPlace(method, name, Report);
        LockWord word = ParseWord(attribute, name, Report);
        if (SignatureParser.Parse(method, isDump, name, Report) is not { } signature)
            return null;
        if (ParseType(method, attribute, isDump, signature.Message, name, Report) is not { } type)
            return null;
        ResolveModel? resolve = null;
        if (!isDump)
            resolve = ResolveParser.Parse(method, attribute, signature, word, name, Report);
        (int family, string familyText) = ParseFamily(attribute);
        // What has no name yet is the compiler's to report.
        if (!good || !TypeNamer.HasName(method) || !TypeNamer.HasName(signature.Message))
            return null;
        return new HandlerModel(
            TypeOf(method.ContainingType),
            Identifiers.Escape(method.Name),
            method.IsStatic,
            signature.Form,
            TypeOf(signature.Message),
            type.Number,
            type.Text,
            family,
            familyText,
            word,
            AttributeText.Of(attribute))
        {
            ClassName = method.ContainingType.Name,
            ClassPath = method.ContainingType.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat),
            Fallback = word == LockWord.Unlocked && KnownNames.Argument(attribute, "Fallback") is int fallback ? (LockWord)fallback : null,
            Resolve = resolve,
            Bulk = KnownNames.Argument(attribute, "Bulk") is true,
            SplitDone = KnownNames.Argument(attribute, "SplitDone") is true,
            Privilege = ParsePrivilege(attribute),
        };
    }

    /// <summary>The model of a user's type.</summary>
    public static TypeModel TypeOf(ITypeSymbol type) => new(
        TypeNamer.Full(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)),
        type is INamedTypeSymbol { ContainingType: null, IsGenericType: false, SpecialType: SpecialType.None, IsTupleType: false } named
            ? named.Name
            : null);

    /// <summary>The message type's number and text; null where it is neither given nor to be inferred.</summary>
    internal static (int Number, string Text)? ParseType(IMethodSymbol method, AttributeData attribute, bool isDump, ITypeSymbol message, string name, Action<Problem> report)
    {
        if (attribute.ConstructorArguments is [{ Type: { Name: "RtmType" } rtmType, Value: ushort given }] && given != 0)
        {
            if (isDump && given % 4 != RtmTypes.Get)
            {
                report(new Problem(DiagnosticIds.RTNL003DumpOfWhatIsNoGet, name, KnownNames.EnumMember(rtmType, given) ?? given.ToString()));
                return null;
            }
            return (given, RtmTypes.Text(rtmType, given));
        }
        if (KnownNames.Attribute(message, KnownNames.NetlinkMessageAttribute) is not { ConstructorArguments: [{ Type: { } type, Value: ushort newType }] } || newType % 4 != 0)
        {
            report(new Problem(DiagnosticIds.RTNL004MessageTypeCannotBeInferred, name, $"'{message.Name}' has no [NetlinkMessage] with a NEW type"));
            return null;
        }
        if ((isDump ? RtmTypes.Get : RtmTypes.OperationOf(method.Name)) is not { } operation)
        {
            report(new Problem(DiagnosticIds.RTNL004MessageTypeCannotBeInferred, name, "the method's name does not begin with New, Delete, Get or Set"));
            return null;
        }
        return (newType + operation, RtmTypes.Text(type, newType + operation));
    }

    private static void CheckPlace(IMethodSymbol method, string name, Action<Problem> report)
    {
        INamedTypeSymbol type = method.ContainingType;
        string? fault = null;
        if (method.IsGenericMethod)
            fault = "the method is generic";
        else if (method.IsAbstract)
            fault = "the method is abstract";
        else if (!TypeNamer.IsAccessible(method.DeclaredAccessibility))
            fault = "the method is not internal or public";
        else if (type.TypeKind != TypeKind.Class)
            fault = $"'{type.Name}' is not a class";
        else if (IsGeneric(type))
            fault = $"'{type.Name}' is generic";
        else if (!TypeNamer.IsAccessible(type))
            fault = $"'{type.Name}' is not internal or public";
        else if (type.IsAbstract && !method.IsStatic)
            fault = $"'{type.Name}' is abstract";
        if (fault is not null)
            report(new Problem(DiagnosticIds.RTNL006NotAccessibleToGeneratedCode, name, fault));
    }

    private static bool IsGeneric(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsGenericType)
                return true;
        }
        return false;
    }

    private static LockWord ParseWord(AttributeData attribute, string name, Action<Problem> report)
    {
        LockWord? positional = attribute.ConstructorArguments is [{ Type.Name: "RtnlLock", Value: int first }] ? (LockWord)first : null;
        LockWord? named = KnownNames.Argument(attribute, "Lock") is int second ? (LockWord)second : null;
        if (positional is not null && named is not null && positional != named)
            report(new Problem(DiagnosticIds.RTNL007GivenTwiceAndDifferently, name, $"the lock word is {positional} and {named}"));
        LockWord word = positional ?? named ?? LockWord.Rtnl;
        if (word > LockWord.Unlocked)
            report(new Problem(DiagnosticIds.RTNL007GivenTwiceAndDifferently, name, $"{word} is no lock word"));
        if (KnownNames.Argument(attribute, "Fallback") is int and not ((int)LockWord.Rtnl or (int)LockWord.PerNet))
            report(new Problem(DiagnosticIds.RTNL007GivenTwiceAndDifferently, name, "what Fallback names is no lock to fall back on"));
        return word;
    }

    private static (int Number, string Text) ParseFamily(AttributeData attribute)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument is { Key: "Family", Value: { Type: { } type, Value: byte number } })
                return (number, KnownNames.EnumMember(type, number) is { } member ? KnownNames.Global + "ProtocolFamily." + member : $"({KnownNames.Global}ProtocolFamily){number}");
        }
        return (0, KnownNames.Global + "ProtocolFamily.PF_UNSPEC");
    }

    private static string? ParsePrivilege(AttributeData attribute)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument is { Key: "Privilege", Value: { Type: { } type, Value: int and not 0 and var number } })
                return KnownNames.EnumMember(type, number);
        }
        return null;
    }
}
