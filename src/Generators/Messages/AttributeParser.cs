using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>From a property with [NetlinkAttribute] to its model.</summary>
internal static class AttributeParser
{
    public static AttributeModel? Parse(IPropertySymbol property, AttributeData binding, Action<Problem, ISymbol> report, CancellationToken cancellation)
    {
        if (binding.ConstructorArguments is not [{ Value: ushort number }])
            return null;
        if (!IsInitOnly(property))
        {
            report(new Problem(DiagnosticIds.RTNL202UnsupportedPropertyType, property.Name, "it is not an instance property with get and init accessors"), property);
            return null;
        }
        if (PropertyShape.Of(property.Type) is not { } shape)
        {
            report(new Problem(
                DiagnosticIds.RTNL202UnsupportedPropertyType,
                property.Name,
                "its type must be bool, or nullable: an integer, an enum, an INetlinkValue, a [NetlinkNest] or an unmanaged struct; or a NetlinkList of one"), property);
            return null;
        }
        if (shape is { Kind: AttributeKind.Nest, IsList: false } && NestCycle.Find(property) is { } cycle)
        {
            report(new Problem(DiagnosticIds.RTNL208NestedCycle, property.Name, cycle), property);
            return null;
        }
        var options = new PolicyOptions(binding);
        if (PolicyFaults.Find(number, shape, options) is { } fault)
        {
            report(new Problem(DiagnosticIds.RTNL203BadRange, property.Name, fault), property);
            return null;
        }
        string type = TypeNamer.Full(shape.Type);
        return new AttributeModel(
            Identifiers.Escape(property.Name),
            number,
            ConstantOf(binding, cancellation),
            options.Variable ? AttributeKind.Variable : shape.Kind,
            type,
            shape.Kind == AttributeKind.Enum ? TypeNamer.Full(shape.Integer) : null)
        {
            Policy = PolicyText.Expression(shape, options, type),
            Says = PolicyText.Words(shape, options),
            List = options.Repeated ? ListKind.Repeated : options.NestedArray ? ListKind.NestedArray : ListKind.None,
            IsAutomatic = IsAutomatic(property, cancellation),
            Refusal = PolicyText.Refusal(options),
            Unsupported = options is { Reject: true, Unspecified: true },
            Required = options.Required,
            BigEndian = options.BigEndian,
            PlainNest = options.PlainNest,
            Selector = options.Selector,
        };
    }

    /// <summary>Whether generated code can set the property in an initialiser.</summary>
    public static bool IsInitOnly(IPropertySymbol property) =>
        property is { IsStatic: false, IsIndexer: false, SetMethod.IsInitOnly: true };

    /// <summary>Whether the compiler writes both accessors.</summary>
    public static bool IsAutomatic(IPropertySymbol property, CancellationToken cancellation) =>
        property.DeclaringSyntaxReferences is [var declared] && declared.GetSyntax(cancellation) switch
        {
            ParameterSyntax => true,
            PropertyDeclarationSyntax { ExpressionBody: null, AccessorList.Accessors: var accessors } syntax =>
                !syntax.Modifiers.Any(SyntaxKind.PartialKeyword) && accessors.All(accessor => accessor is { Body: null, ExpressionBody: null }),
            _ => false,
        };

    /// <summary>The constant's name as the user wrote it, for a remark beside the number.</summary>
    private static string? ConstantOf(AttributeData binding, CancellationToken cancellation) =>
        binding.ApplicationSyntaxReference?.GetSyntax(cancellation) is AttributeSyntax { ArgumentList.Arguments: [{ Expression: var expression }, ..] }
            ? expression switch
            {
                IdentifierNameSyntax name => name.Identifier.ValueText,
                MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
                _ => null,
            }
            : null;
}
