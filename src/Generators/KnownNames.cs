using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>The names of the runtime's types. The generator knows names, not assemblies.</summary>
internal static class KnownNames
{
    public const string Namespace = "SmallRtnl";
    public const string DoItAttribute = "SmallRtnl.DoItAttribute";
    public const string DumpItAttribute = "SmallRtnl.DumpItAttribute";
    public const string PernetSubsystemAttribute = "SmallRtnl.PernetSubsystemAttribute";
    public const string GuardedByAttribute = "SmallRtnl.GuardedByAttribute";
    public const string NetlinkMessageAttribute = "SmallRtnl.NetlinkMessageAttribute";
    public const string NetlinkNestAttribute = "SmallRtnl.NetlinkNestAttribute";
    public const string NetlinkAttributeAttribute = "SmallRtnl.NetlinkAttributeAttribute";
    public const string NetlinkSubMessageAttribute = "SmallRtnl.NetlinkSubMessageAttribute";

    public const string RtnetlinkHandlersAttribute = "SmallRtnl.RtnetlinkHandlersAttribute";

    public const string RequiresLockAttribute = "SmallRtnl.RequiresLockAttribute";

    /// <summary>What stands before a name of the runtime's in generated text: the file's own names are a user's.</summary>
    public const string Global = "global::SmallRtnl.";

    public const string GeneratedCode = "[global::System.CodeDom.Compiler.GeneratedCodeAttribute(\"SmallRtnl.Generators\", \"0.1.0\")]";

    /// <summary>Whether the namespace is the runtime's.</summary>
    public static bool IsFrameworkNamespace(INamespaceSymbol? symbol) =>
        symbol is { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>Whether the type is the runtime's type of that name.</summary>
    public static bool Is(ITypeSymbol? type, string name) =>
        type is not null && type.Name == name && type.ContainingType is null && IsFrameworkNamespace(type.ContainingNamespace);

    /// <summary>The attribute of that full name; null where the symbol has none.</summary>
    public static AttributeData? Attribute(ISymbol symbol, string fullName)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && IsFrameworkNamespace(type.ContainingNamespace) && fullName.EndsWith("." + type.Name, StringComparison.Ordinal))
                return attribute;
        }
        return null;
    }

    /// <summary>The value of a named argument; null where it was not given.</summary>
    public static object? Argument(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
                return argument.Value.Kind is TypedConstantKind.Error or TypedConstantKind.Array ? null : argument.Value.Value;
        }
        return null;
    }

    /// <summary>The member of an enum that has a value; null where none has.</summary>
    /// <remarks>RTM_BASE, RTM_MAX and RTNL_FAMILY_MAX are bounds and name nothing.</remarks>
    public static string? EnumMember(ITypeSymbol type, long value)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IFieldSymbol { HasConstantValue: true } field
                && Convert.ToInt64(field.ConstantValue) == value
                && !field.Name.EndsWith("_BASE", StringComparison.Ordinal)
                && !field.Name.EndsWith("_MAX", StringComparison.Ordinal))
            {
                return field.Name;
            }
        }
        return null;
    }
}
