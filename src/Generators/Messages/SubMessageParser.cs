using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>From the properties with [NetlinkSubMessage] to the shapes of the payloads they name.</summary>
internal sealed class SubMessageParser(INamedTypeSymbol type, List<AttributeModel> attributes, Action<Problem, ISymbol> report)
{
    private readonly HashSet<(string Payload, object Value)> _values = [];

    /// <summary>Adds each shape to its payload's model.</summary>
    public void Run()
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IPropertySymbol property && KnownNames.Attribute(property, KnownNames.NetlinkSubMessageAttribute) is { } binding)
                Add(property, binding);
        }
        foreach (AttributeModel payload in attributes)
        {
            if (payload.Selector is not null && payload.SubMessages.Count == 0 && type.GetMembers(Identifiers.Bare(payload.Property)).FirstOrDefault() is { } place)
                Report(place, "it has a Selector, but no property is a [NetlinkSubMessage] of it");
        }
    }

    private void Add(IPropertySymbol property, AttributeData binding)
    {
        if (binding.ConstructorArguments is not [{ Value: string payloadName }, { Kind: not TypedConstantKind.Error and not TypedConstantKind.Array } constant])
            return;
        if (KnownNames.Attribute(property, KnownNames.NetlinkAttributeAttribute) is not null)
            Report(property, "it is an attribute of its own too");
        else if (!AttributeParser.IsInitOnly(property) || PropertyShape.NestOf(property) is not { } nest)
            Report(property, "it is not a nullable [NetlinkNest] with get and init accessors");
        else if (NestCycle.Find(property) is { } cycle)
            report(new Problem(DiagnosticIds.RTNL208NestedCycle, property.Name, cycle), property);
        else if (attributes.FindIndex(found => Identifiers.Bare(found.Property) == payloadName) is not (>= 0 and var at))
            Report(property, $"'{payloadName}' is no attribute of '{type.Name}'");
        else if (attributes[at].Selector is not { } selectorName)
            Report(property, $"'{payloadName}' has no Selector");
        else if (SelectorOf(selectorName) is not { } selector)
            Report(property, $"the Selector '{selectorName}' of '{payloadName}' is no attribute of '{type.Name}' with text, an integer or an enum");
        else if (Condition(selector, constant) is not { } condition)
            Report(property, $"{constant.ToCSharpString()} is no value of the Selector '{selectorName}'");
        else if (!_values.Add((payloadName, constant.Value!)))
            Report(property, $"{constant.ToCSharpString()} chooses another shape of '{payloadName}' already");
        else
            attributes[at] = With(attributes[at], new SubMessageModel(Identifiers.Escape(property.Name), TypeNamer.Full(nest), condition, constant.ToCSharpString(), AttributeParser.IsAutomatic(property, CancellationToken.None)));
    }

    private static AttributeModel With(AttributeModel payload, SubMessageModel shape) =>
        payload with { SubMessages = new EquatableArray<SubMessageModel>([.. payload.SubMessages, shape]) };

    private PropertyShape? SelectorOf(string name) =>
        attributes.Any(found => Identifiers.Bare(found.Property) == name && found.List == ListKind.None)
        && type.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault() is { } property
        && PropertyShape.Of(property.Type) is { } shape
        && (shape.IsText || shape.Bounds is not null)
            ? shape
            : null;

    private static string? Condition(PropertyShape selector, TypedConstant constant)
    {
        if (selector.IsText)
            return constant.Value is string { Length: > 0 } text ? $".Value.Is({SymbolDisplay.FormatLiteral(text, quote: true)}u8)" : null;
        if (constant.Value is null or string or bool or char || constant.Type is null)
            return null;
        // An enum is chosen by its own members, or by numbers.
        if (constant.Kind == TypedConstantKind.Enum && !SymbolEqualityComparer.Default.Equals(constant.Type, selector.Type))
            return null;
        decimal value = Convert.ToDecimal(constant.Value, CultureInfo.InvariantCulture);
        if (selector.Bounds is not { } bounds || value < bounds.Low || value > bounds.High || value != decimal.Truncate(value))
            return null;
        string number = value.ToString(CultureInfo.InvariantCulture);
        return selector.Kind == AttributeKind.Enum ? $" == ({TypeNamer.Full(selector.Type)})({number})" : $" == {number}";
    }

    private void Report(ISymbol place, string fault) =>
        report(new Problem(DiagnosticIds.RTNL207BadSubMessage, place.Name, fault), place);
}
