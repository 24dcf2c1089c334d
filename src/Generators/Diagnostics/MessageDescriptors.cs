using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>The rules about declared messages.</summary>
internal static class MessageDescriptors
{
    private const string Category = "SmallRtnl.Messages";

    public static readonly DiagnosticDescriptor AttributeNumberUsedTwice = new(
        id: DiagnosticIds.RTNL201AttributeNumberUsedTwice,
        title: "An attribute number used twice",
        messageFormat: "Attribute {0} is both '{1}' and '{2}'",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL201AttributeNumberUsedTwice));

    public static readonly DiagnosticDescriptor UnsupportedPropertyType = new(
        id: DiagnosticIds.RTNL202UnsupportedPropertyType,
        title: "A property that cannot be an attribute",
        messageFormat: "Property '{0}' cannot be an attribute: {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL202UnsupportedPropertyType));

    public static readonly DiagnosticDescriptor BadRange = new(
        id: DiagnosticIds.RTNL203BadRange,
        title: "A policy that cannot be met",
        messageFormat: "The policy of '{0}' is wrong: {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL203BadRange));

    public static readonly DiagnosticDescriptor BadHeader = new(
        id: DiagnosticIds.RTNL204BadHeader,
        title: "A message without a usable fixed header",
        messageFormat: "Message '{0}' has no usable fixed header: {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL204BadHeader));

    public static readonly DiagnosticDescriptor NotReadonlyPartialRecordStruct = new(
        id: DiagnosticIds.RTNL205NotReadonlyPartialRecordStruct,
        title: "A message that is not a readonly partial record struct",
        messageFormat: "'{0}' must be a readonly partial record struct: {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL205NotReadonlyPartialRecordStruct));

    public static readonly DiagnosticDescriptor NotANewType = new(
        id: DiagnosticIds.RTNL206NotANewType,
        title: "A message named by a type that is not a NEW",
        messageFormat: "Message '{0}' must name its object's NEW type, a positive multiple of four; {1} is none",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL206NotANewType));

    public static readonly DiagnosticDescriptor BadSubMessage = new(
        id: DiagnosticIds.RTNL207BadSubMessage,
        title: "A sub-message that cannot be chosen",
        messageFormat: "Sub-message '{0}' cannot be chosen: {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL207BadSubMessage));

    public static readonly DiagnosticDescriptor NestedCycle = new(
        id: DiagnosticIds.RTNL208NestedCycle,
        title: "A nest that contains itself",
        messageFormat: "'{0}' would make a nest contain itself by value: {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL208NestedCycle));

    /// <summary>Every rule above.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        AttributeNumberUsedTwice,
        UnsupportedPropertyType,
        BadRange,
        BadHeader,
        NotReadonlyPartialRecordStruct,
        NotANewType,
        BadSubMessage,
        NestedCycle,
    ];
}
