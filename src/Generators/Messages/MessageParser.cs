using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>From a declared message or nest to its model. The analyzer runs the same code for the problems it reports.</summary>
internal static class MessageParser
{
    /// <summary>Reads a declaration.</summary>
    /// <returns>Null where it has a problem.</returns>
    public static MessageModel? Parse(INamedTypeSymbol type, AttributeData attribute, bool isNest, Action<Problem, ISymbol>? report, CancellationToken cancellation)
    {
        bool good = true;
        void Report(Problem problem, ISymbol place)
        {
            good = false;
            report?.Invoke(problem, place);
        }

        CheckShape(type, Report, cancellation);
        string? header = null;
        string? newType = null;
        if (!isNest)
        {
            header = ParseHeader(type, attribute, Report);
            newType = ParseNewType(type, attribute, Report);
        }
        var attributes = new List<AttributeModel>();
        var byNumber = new Dictionary<int, string>();
        foreach (ISymbol member in type.GetMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            if (member is not IPropertySymbol property || KnownNames.Attribute(property, KnownNames.NetlinkAttributeAttribute) is not { } binding)
                continue;
            if (AttributeParser.Parse(property, binding, Report, cancellation) is not { } model)
                continue;
            if (byNumber.TryGetValue(model.Number, out string? other))
                Report(new Problem(DiagnosticIds.RTNL201AttributeNumberUsedTwice, model.Number.ToString(), other, property.Name), property);
            else
                byNumber.Add(model.Number, property.Name);
            attributes.Add(model);
        }
        new SubMessageParser(type, attributes, Report).Run();
        int maxType = KnownNames.Argument(attribute, "MaxType") as ushort? ?? 0;
        if (maxType != 0 && attributes.Find(found => found.Number > maxType) is { } beyond)
            Report(new Problem(DiagnosticIds.RTNL203BadRange, type.Name, $"'{beyond.Property}' is attribute {beyond.Number}, above MaxType {maxType}"), type);
        CheckNames(type, isNest, maxType > 0, Report);
        // An attribute without its argument, and a type without a name, are the compiler's to report.
        if (!good || (!isNest && newType is null) || !TypeNamer.HasName(type))
            return null;
        var taken = new HashSet<string>(type.MemberNames, StringComparer.Ordinal) { type.Name };
        return new MessageModel(
            Identifiers.Escape(type.Name),
            TypeNamer.NamespaceOf(type),
            new EquatableArray<string>(Containers(type)),
            header,
            newType,
            new EquatableArray<AttributeModel>(attributes),
            HintName: type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat))
        {
            MaxType = maxType,
            Policies = Identifiers.Unique("AttributePolicies", taken),
            Fields = Identifiers.Unique("AttributeFields", taken),
            Fill = Identifiers.Unique("TryFill", taken),
            StrictFrom = KnownNames.Argument(attribute, "StrictFrom") as ushort? ?? 0,
            Validation = KnownNames.Argument(attribute, "Validation") as byte? ?? 0,
            HasLayout = type.GetAttributes().Any(found => found.AttributeClass?.Name == "StructLayoutAttribute"),
        };
    }

    private static void CheckShape(INamedTypeSymbol type, Action<Problem, ISymbol> report, CancellationToken cancellation)
    {
        string? fault = null;
        if (!type.IsRecord || !type.IsReadOnly || type.TypeKind != TypeKind.Struct)
            fault = "it is not a readonly record struct";
        else if (type.IsGenericType || type.IsFileLocal)
            fault = "it is generic or file-local";
        else if (!IsPartial(type, cancellation))
            fault = "it is not partial";
        for (INamedTypeSymbol? outer = type.ContainingType; fault is null && outer is not null; outer = outer.ContainingType)
        {
            if (!IsPartial(outer, cancellation) || outer.IsGenericType)
                fault = $"'{outer.Name}' around it is not partial, or is generic";
        }
        if (fault is not null)
            report(new Problem(DiagnosticIds.RTNL205NotReadonlyPartialRecordStruct, type.Name, fault), type);
    }

    /// <summary>What is generated has names that everybody relies on; whoever has one of them already is told, and not the compiler's view of generated code.</summary>
    private static void CheckNames(INamedTypeSymbol type, bool isNest, bool hasMaxType, Action<Problem, ISymbol> report)
    {
        string[] generated = ["TryParse", "Write", .. isNest ? (string[])[] : ["NewType", "HeaderSize", "Header"], .. hasMaxType ? (string[])["HasUndeclared"] : []];
        if (generated.Contains(type.Name))
            report(new Problem(DiagnosticIds.RTNL205NotReadonlyPartialRecordStruct, type.Name, "a member of that name is generated into it, and no member is called as its type"), type);
        foreach (ISymbol member in type.GetMembers())
        {
            if (generated.Contains(member.Name) && !member.IsImplicitlyDeclared && member is not IMethodSymbol)
                report(new Problem(DiagnosticIds.RTNL202UnsupportedPropertyType, member.Name, "a member of that name is generated"), member);
        }
    }

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellation) is TypeDeclarationSyntax declaration
                && declaration.Modifiers.Any(modifier => modifier.ValueText == "partial"))
            {
                return true;
            }
        }
        return false;
    }

    private static string? ParseHeader(INamedTypeSymbol type, AttributeData attribute, Action<Problem, ISymbol> report)
    {
        if (KnownNames.Argument(attribute, "Header") is not ITypeSymbol header)
        {
            report(new Problem(DiagnosticIds.RTNL204BadHeader, type.Name, "Header is missing"), type);
            return null;
        }
        if (header is not INamedTypeSymbol { TypeKind: TypeKind.Struct, IsUnmanagedType: true, IsUnboundGenericType: false } || !TypeNamer.IsAccessible(header))
        {
            report(new Problem(DiagnosticIds.RTNL204BadHeader, type.Name, $"'{header.Name}' is not an unmanaged struct that generated code can name"), type);
            return null;
        }
        return TypeNamer.Full(header);
    }

    private static string? ParseNewType(INamedTypeSymbol type, AttributeData attribute, Action<Problem, ISymbol> report)
    {
        if (attribute.ConstructorArguments is not [{ Value: ushort number, Type: { } rtmType }])
            return null;
        if (number % 4 != 0 || number == 0)
        {
            report(new Problem(DiagnosticIds.RTNL206NotANewType, type.Name, KnownNames.EnumMember(rtmType, number) ?? number.ToString()), type);
            return null;
        }
        return RtmTypes.Text(rtmType, number);
    }

    private static Stack<string> Containers(INamedTypeSymbol type)
    {
        var containers = new Stack<string>();
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            string keyword = (outer.TypeKind, outer.IsRecord) switch
            {
                (TypeKind.Struct, true) => "record struct",
                (TypeKind.Struct, false) => "struct",
                (TypeKind.Interface, _) => "interface",
                (_, true) => "record",
                _ => "class",
            };
            containers.Push($"partial {keyword} {Identifiers.Escape(outer.Name)}");
        }
        return containers;
    }
}
