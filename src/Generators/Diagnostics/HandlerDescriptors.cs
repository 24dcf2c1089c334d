using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>The rules about handlers.</summary>
internal static class HandlerDescriptors
{
    private const string Category = "SmallRtnl.Dispatch";

    public static readonly DiagnosticDescriptor TwoHandlersForOneMessage = new(
        id: DiagnosticIds.RTNL001TwoHandlersForOneMessage,
        title: "Two handlers for one message",
        messageFormat: "'{0}' and '{1}' both handle the {2} of {3} in family {4}; the table has room for one",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL001TwoHandlersForOneMessage),
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor SignatureCannotBeCalled = new(
        id: DiagnosticIds.RTNL002SignatureCannotBeCalled,
        title: "A handler's signature cannot be called",
        messageFormat: "'{0}' cannot be called as a handler; write {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL002SignatureCannotBeCalled));

    public static readonly DiagnosticDescriptor DumpOfWhatIsNoGet = new(
        id: DiagnosticIds.RTNL003DumpOfWhatIsNoGet,
        title: "A dump of a message that is not a GET",
        messageFormat: "'{0}' dumps {1}, but only a GET message can be dumped",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL003DumpOfWhatIsNoGet));

    public static readonly DiagnosticDescriptor MessageTypeCannotBeInferred = new(
        id: DiagnosticIds.RTNL004MessageTypeCannotBeInferred,
        title: "The message type cannot be inferred",
        messageFormat: "The message type of '{0}' cannot be inferred: {1}; name it in the attribute",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL004MessageTypeCannotBeInferred));

    public static readonly DiagnosticDescriptor ResolveNamesNoSuitableMethod = new(
        id: DiagnosticIds.RTNL005ResolveNamesNoSuitableMethod,
        title: "Resolve names no suitable method",
        messageFormat: "Resolve of '{0}': {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL005ResolveNamesNoSuitableMethod));

    public static readonly DiagnosticDescriptor NotAccessibleToGeneratedCode = new(
        id: DiagnosticIds.RTNL006NotAccessibleToGeneratedCode,
        title: "Not accessible to generated code",
        messageFormat: "Generated code cannot use '{0}': {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL006NotAccessibleToGeneratedCode));

    public static readonly DiagnosticDescriptor GivenTwiceAndDifferently = new(
        id: DiagnosticIds.RTNL007GivenTwiceAndDifferently,
        title: "A lock word given twice and differently",
        messageFormat: "The attribute of '{0}' contradicts itself: {1}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL007GivenTwiceAndDifferently));

    /// <summary>Every rule above.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        TwoHandlersForOneMessage,
        SignatureCannotBeCalled,
        DumpOfWhatIsNoGet,
        MessageTypeCannotBeInferred,
        ResolveNamesNoSuitableMethod,
        NotAccessibleToGeneratedCode,
        GivenTwiceAndDifferently,
    ];
}
