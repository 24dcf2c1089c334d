using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>An attribute as text in one canonical form: layout and spelling of the source do not show, so they regenerate nothing.</summary>
internal static class AttributeText
{
    public static string Of(AttributeData attribute)
    {
        string name = attribute.AttributeClass!.Name.Replace("Attribute", "");
        var arguments = new List<string>();
        foreach (TypedConstant argument in attribute.ConstructorArguments)
            arguments.Add(Value(argument));
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
            arguments.Add($"{argument.Key} = {Value(argument.Value)}");
        return arguments.Count == 0 ? $"[{name}]" : $"[{name}({string.Join(", ", arguments)})]";
    }

    private static string Value(TypedConstant constant) => constant switch
    {
        { Kind: TypedConstantKind.Enum, Type: { } type, Value: { } value } => KnownNames.EnumMember(type, Convert.ToInt64(value)) ?? $"({type.Name}){value}",
        { Value: string text } => $"\"{text}\"",
        { Value: bool value } => value ? "true" : "false",
        { Value: { } other } => Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture),
        _ => "null",
    };
}
